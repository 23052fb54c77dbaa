import ProgramModel

extension Function {
    /// The graph as text, for tests and for people. One line an instruction, expressions written out in C's manner.
    public func dump() -> String {
        var lines: [String] = []
        let list = parameters.map { "\(self[$0].type.dump()) \(self[$0].name)" }.joined(separator: ", ")
        lines.append("\(returnType.dump()) \(reference.name)(\(list)\(isVariadic ? ", ..." : ""))")
        for (index, block) in blocks.enumerated() {
            lines.append("b\(index):")
            for instruction in block.instructions { lines.append("  " + text(instruction.kind)) }
            lines.append("  " + text(block.terminator.kind))
        }
        for (kind, count) in unsupported.sorted(by: { $0.key < $1.key }) { lines.append("unsupported \(kind): \(count)") }
        return lines.joined(separator: "\n")
    }

    private func text(_ kind: InstructionKind) -> String {
        switch kind {
        case .assign(let place, let value): return "\(text(place)) = \(text(value))"
        case .copy(let to, let from): return "copy \(text(to)) <- \(text(from))"
        case .zero(let place): return "zero \(text(place))"
        case .declare(let local): return "declare \(name(local)): \(self[local].type.dump())"
        case .call(let call):
            let arguments = call.arguments.map { argument in
                switch argument {
                case .scalar(let value): text(value)
                case .aggregate(let place): "copy of \(text(place))"
                }
            }
            let callee: String
            switch call.callee {
            case .direct(let function): callee = function.name + (function.unit == nil ? "" : "@")
            case .indirect(let pointer, _): callee = "(*\(text(pointer)))"
            }
            let result = call.result.map { "\(text($0)) = " } ?? ""
            return "\(result)call \(callee)(\(arguments.joined(separator: ", ")))\(call.isNoReturn ? " noreturn" : "")"
        case .assembly(let outputs, let inputs, let clobbersMemory):
            let out = outputs.map(text).joined(separator: ", ")
            return "asm out(\(out)) in(\(inputs.map(text).joined(separator: ", ")))\(clobbersMemory ? " memory" : "")"
        case .unsupported(let kind): return "unsupported \(kind)"
        }
    }

    private func text(_ kind: TerminatorKind) -> String {
        switch kind {
        case .jump(let target): return "jump b\(target.index)"
        case .branch(let condition, let whenTrue, let whenFalse):
            return "if \(text(condition)) b\(whenTrue.index) else b\(whenFalse.index)"
        case .switching(let value, let cases, let fallback):
            let list = cases.map { one in
                let bounds = one.low == one.high ? text(bits: one.low) : "\(text(bits: one.low))...\(text(bits: one.high))"
                return "\(bounds)\(one.label.map { " \($0)" } ?? ""): b\(one.target.index)"
            }
            return "switch \(text(value)) {\((list + ["default: b\(fallback.index)"]).joined(separator: ", "))}"
        case .returnScalar(let value): return "return \(text(value))"
        case .returnAggregate(let place): return "return copy of \(text(place))"
        case .returnVoid: return "return"
        case .anyOf(let targets): return "any of \(targets.map { "b\($0.index)" }.joined(separator: ", "))"
        case .unreachable: return "unreachable"
        }
    }

    private func text(bits: UInt64) -> String { "\(Int64(bitPattern: bits))" }

    private func name(_ local: LocalID) -> String {
        let name = self[local].name
        let isShadowing = locals.prefix(local.index).contains { $0.name == name }
        return isShadowing ? "\(name)'\(local.index)" : name
    }

    private func text(_ place: Place) -> String {
        var result: String
        switch place.base {
        case .local(let local): result = name(local)
        case .global(let global): result = "\(global.name)\(global.unit == nil ? "" : "@")"
        case .dereference(let pointer): result = "(*\(text(pointer)))"
        case .string: result = "<string>"
        }
        for projection in place.path {
            switch projection {
            case .field(_, let name, let offset, let width):
                result += ".\(name.isEmpty ? "_" : name)\(width.map { ":\(offset)+\($0)" } ?? "")"
            case .element(let index, _, _): result += "[\(text(index))]"
            }
        }
        return result
    }

    private func text(_ id: ExpressionID) -> String {
        let expression = self[id]
        switch expression.kind {
        case .constant(let bits): return expression.type.isPointer ? "ptr(\(text(bits: bits)))" : text(bits: bits)
        case .load(let place): return text(place)
        case .volatileLoad(let place): return "volatile \(text(place))"
        case .addressOf(let place): return "&\(text(place))"
        case .functionAddress(let function): return "&\(function.name)\(function.unit == nil ? "" : "@")"
        case .unary(let op, let a): return "\(op == .negate ? "-" : "~")\(text(a))"
        case .binary(let op, let a, let b):
            return "(\(text(a)) \(op.symbol) \(text(b)))\(expression.type.integerType.map { ".\($0.short)" } ?? "")"
        case .compare(let op, let a, let b): return "(\(text(a)) \(op.symbol) \(text(b)))"
        case .pointerAdd(let pointer, let index, let size, let isSubtraction):
            return "(\(text(pointer)) \(isSubtraction ? "-" : "+") \(text(index)) x \(size))"
        case .pointerDifference(let a, let b, let size): return "(\(text(a)) - \(text(b)) / \(size))"
        case .logicalNot(let a): return "!\(text(a))"
        case .logicalAnd(let a, let b): return "(\(text(a)) && \(text(b)))"
        case .logicalOr(let a, let b): return "(\(text(a)) || \(text(b)))"
        case .convert(let a, let isExplicit):
            return "\(isExplicit ? "cast" : "conv")<\(expression.type.dump())>(\(text(a)))"
        case .anyValue(let reason): return "any<\(expression.type.dump())>(\(reason))"
        case .unsupported(let kind): return "unsupported(\(kind))"
        }
    }
}

extension BinaryOperator {
    fileprivate var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .remainder: "%"
        case .and: "&"
        case .or: "|"
        case .xor: "^"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        }
    }
}

extension ComparisonOperator {
    fileprivate var symbol: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}

extension IntType {
    fileprivate var short: String { isBool ? "bool" : "\(isSigned ? "i" : "u")\(width)" }
}

extension CType {
    /// `i32`, `u8*`, `struct foo[4]`.
    public func dump() -> String {
        switch self {
        case .void: "void"
        case .integer(let type): type.short
        case .pointer(let to, _): "\(to.dump())*"
        case .record(let name): "\(name)"
        case .array(let of, let count): "\(of.dump())[\(count.map { "\($0)" } ?? "")]"
        case .function(let returns, let parameters, let isVariadic):
            "\(returns.dump())(\((parameters.map { $0.dump() } + (isVariadic ? ["..."] : [])).joined(separator: ", ")))"
        case .opaque(let name, _): "opaque \(name)"
        }
    }
}
