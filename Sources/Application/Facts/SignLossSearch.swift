import ProgramModel
import Rules

/// Looks for error numbers that lose their sign: a negative `int` becomes unsigned, and that is widened.
///
/// The search follows no paths, so what it finds is a suspicion; whether such a value is really returned is for the
/// analysis of values to say.
struct SignLossSearch {
    private let program: any ProgramSource
    private var bodies: [FunctionReference: Function?] = [:]
    /// Deeper chains of calls than this are not followed.
    private static let depth = 6

    init(program: any ProgramSource) { self.program = program }

    /// The places in a function and its callees where the result can lose the sign of an error.
    mutating func losses(in reference: FunctionReference) -> [SignLoss] {
        var seen: Set<FunctionReference> = []
        return Array(Set(losses(in: reference, depth: 0, seen: &seen))).sorted()
    }

    private mutating func losses(
        in reference: FunctionReference, depth: Int, seen: inout Set<FunctionReference>
    ) -> [SignLoss] {
        guard depth < Self.depth, seen.insert(reference).inserted, let function = body(reference) else { return [] }
        guard let result = function.returnType.integer, result.width > 32 else { return [] }
        let flow = ReturnFlow(function)
        var losses: [SignLoss] = []
        for id in flow.expressions {
            guard case .convert(let operand, _) = function[id].kind, let to = function[id].type.integer, to.width > 32,
                let from = function[operand].type.integer, from.width == 32, !from.isSigned
            else { continue }
            var visited: Set<ExpressionID> = []
            if canBeError(operand, function, depth: depth, visited: &visited) {
                losses.append(SignLoss(location: function[id].location, function: function.reference.name))
            }
        }
        for (call, _) in flow.calls {
            if case .direct(let callee) = call.callee { losses += self.losses(in: callee, depth: depth + 1, seen: &seen) }
        }
        return losses
    }

    private mutating func body(_ reference: FunctionReference) -> Function? {
        if let known = bodies[reference] { return known }
        var found: Function?
        if case .found(let function) = program.body(of: reference) { found = function }
        bodies[reference] = .some(found)
        return found
    }

    /// Whether the value's low 32 bits can be those of -4095 to -1.
    private mutating func canBeError(
        _ id: ExpressionID, _ function: Function, depth: Int, visited: inout Set<ExpressionID>
    ) -> Bool {
        guard visited.insert(id).inserted, let type = function[id].type.integer, type.width >= 32 else { return false }
        switch function[id].kind {
        case .constant(let bits):
            let low = Int32(truncatingIfNeeded: Int64(bitPattern: bits))
            return (-4095 ... -1).contains(low) && (type.width == 32 || Int64(bitPattern: bits) < 0)
        case .convert(let operand, _): return canBeError(operand, function, depth: depth, visited: &visited)
        case .unary(.negate, let operand):
            if case .constant(let bits) = function[operand].kind { return (1...4095).contains(bits) }
            return false
        case .load(let place):
            guard let local = place.local, place.path.isEmpty else { return false }
            for instruction in function.blocks.flatMap(\.instructions) {
                switch instruction.kind {
                case .assign(let target, let value) where target.local == local && target.path.isEmpty:
                    if canBeError(value, function, depth: depth, visited: &visited) { return true }
                case .call(let call) where call.result?.local == local:
                    if case .direct(let callee) = call.callee, canReturnError(callee, depth: depth + 1) { return true }
                default: break
                }
            }
            return false
        default: return false
        }
    }

    private mutating func canReturnError(_ reference: FunctionReference, depth: Int) -> Bool {
        guard depth < Self.depth, let function = body(reference) else { return false }
        for block in function.blocks {
            guard case .returnScalar(let value) = block.terminator.kind else { continue }
            var visited: Set<ExpressionID> = []
            if canBeError(value, function, depth: depth, visited: &visited) { return true }
        }
        return false
    }
}
