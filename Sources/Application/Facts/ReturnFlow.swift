import ProgramModel

/// What a function's result can be made of, without regard to the order of its statements: an over-approximation that
/// costs one walk, for questions that the analysis of values does not answer.
struct ReturnFlow {
    /// Locals whose value can become a part of the result.
    private(set) var locals: Set<LocalID> = []
    /// Expressions that can be a part of the result, each with those it consists of.
    private(set) var expressions: Set<ExpressionID> = []
    /// Calls whose result can be a part of the result.
    private(set) var calls: [(call: Call, location: SourceLocation)] = []

    init(_ function: Function) {
        for block in function.blocks {
            if case .returnScalar(let value) = block.terminator.kind { add(value, function) }
        }
        var known = -1
        while known != locals.count {
            known = locals.count
            for instruction in function.blocks.flatMap(\.instructions) {
                if case .assign(let place, let value) = instruction.kind, let local = place.local, locals.contains(local) {
                    add(value, function)
                }
            }
        }
        calls = function.blocks.flatMap(\.instructions).compactMap { instruction in
            guard case .call(let call) = instruction.kind, let local = call.result?.local, locals.contains(local) else {
                return nil
            }
            return (call, instruction.location)
        }
    }

    private mutating func add(_ id: ExpressionID, _ function: Function) {
        guard expressions.insert(id).inserted else { return }
        switch function[id].kind {
        case .load(let place): if let local = place.local { locals.insert(local) }
        case .unary(_, let a), .convert(let a, _): add(a, function)
        case .binary(_, let a, let b):
            add(a, function)
            add(b, function)
        default: break
        }
    }
}

extension Place {
    /// The local variable that the place is, or is a part of.
    var local: LocalID? { if case .local(let local) = base { local } else { nil } }
}

extension CType {
    var integer: IntType? { if case .integer(let type) = self { type } else { nil } }
}
