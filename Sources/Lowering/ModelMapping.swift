import ProgramModel

// Walks over the operands and targets of program nodes, used to renumber them.

extension Place {
    func mapOperands(_ transform: (ExpressionID) -> ExpressionID) -> Place {
        var copy = self
        if case .dereference(let pointer) = base { copy.base = .dereference(transform(pointer)) }
        copy.path = path.map { projection in
            guard case .element(let index, let size, let count) = projection else { return projection }
            return .element(index: transform(index), elementSize: size, count: count)
        }
        return copy
    }
}

extension ExpressionKind {
    func mapOperands(_ transform: (ExpressionID) -> ExpressionID) -> ExpressionKind {
        switch self {
        case .constant, .functionAddress, .anyValue, .unsupported: self
        case .load(let place): .load(place.mapOperands(transform))
        case .volatileLoad(let place): .volatileLoad(place.mapOperands(transform))
        case .addressOf(let place): .addressOf(place.mapOperands(transform))
        case .unary(let op, let a): .unary(op, transform(a))
        case .binary(let op, let a, let b): .binary(op, transform(a), transform(b))
        case .compare(let op, let a, let b): .compare(op, transform(a), transform(b))
        case .pointerAdd(let pointer, let index, let size, let isSubtraction):
            .pointerAdd(
                pointer: transform(pointer), index: transform(index), elementSize: size, isSubtraction: isSubtraction)
        case .pointerDifference(let a, let b, let size): .pointerDifference(transform(a), transform(b), elementSize: size)
        case .logicalNot(let a): .logicalNot(transform(a))
        case .logicalAnd(let a, let b): .logicalAnd(transform(a), transform(b))
        case .logicalOr(let a, let b): .logicalOr(transform(a), transform(b))
        case .convert(let a, let isExplicit): .convert(transform(a), isExplicit: isExplicit)
        }
    }
}

extension Argument {
    func mapOperands(_ transform: (ExpressionID) -> ExpressionID) -> Argument {
        switch self {
        case .scalar(let value): .scalar(transform(value))
        case .aggregate(let place): .aggregate(place.mapOperands(transform))
        }
    }
}

extension InstructionKind {
    func mapOperands(_ transform: (ExpressionID) -> ExpressionID) -> InstructionKind {
        switch self {
        case .assign(let place, let value): return .assign(place.mapOperands(transform), transform(value))
        case .copy(let to, let from): return .copy(to: to.mapOperands(transform), from: from.mapOperands(transform))
        case .zero(let place): return .zero(place.mapOperands(transform))
        case .declare, .unsupported: return self
        case .call(var call):
            if case .indirect(let pointer, let type) = call.callee {
                call.callee = .indirect(transform(pointer), type: type)
            }
            call.arguments = call.arguments.map { $0.mapOperands(transform) }
            call.result = call.result?.mapOperands(transform)
            return .call(call)
        case .assembly(let outputs, let inputs, let clobbersMemory):
            return .assembly(
                outputs: outputs.map { $0.mapOperands(transform) }, inputs: inputs.map(transform),
                clobbersMemory: clobbersMemory)
        }
    }
}

extension TerminatorKind {
    func mapOperands(_ transform: (ExpressionID) -> ExpressionID) -> TerminatorKind {
        switch self {
        case .jump, .returnVoid, .anyOf, .unreachable: self
        case .branch(let condition, let whenTrue, let whenFalse):
            .branch(transform(condition), whenTrue: whenTrue, whenFalse: whenFalse)
        case .switching(let value, let cases, let fallback): .switching(transform(value), cases: cases, default: fallback)
        case .returnScalar(let value): .returnScalar(transform(value))
        case .returnAggregate(let place): .returnAggregate(place.mapOperands(transform))
        }
    }

    func mapTargets(_ transform: (BlockID) -> BlockID) -> TerminatorKind {
        switch self {
        case .jump(let target): return .jump(transform(target))
        case .branch(let condition, let whenTrue, let whenFalse):
            return .branch(condition, whenTrue: transform(whenTrue), whenFalse: transform(whenFalse))
        case .switching(let value, let cases, let fallback):
            let cases = cases.map { one in
                var copy = one
                copy.target = transform(one.target)
                return copy
            }
            return .switching(value, cases: cases, default: transform(fallback))
        case .anyOf(let targets): return .anyOf(targets.map(transform))
        case .returnScalar, .returnAggregate, .returnVoid, .unreachable: return self
        }
    }
}
