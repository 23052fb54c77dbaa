import IntegerDomain
import ProgramModel

extension TermTable {
    /// `(x + c) + d` is `x + (c + d)`: sums with constants stay one step from what they count from.
    func binary(_ op: BinaryOp, _ a: TermID, _ b: TermID, _ format: IntFormat) -> TermID? {
        if case .constant(let right) = self[b].node {
            switch op {
            case .add, .sub:
                let step = op == .add ? right : -right
                if step == 0 { return a }
                if case .constant(let left) = self[a].node { return folded(left + step, format) }
                if case .binary(.add, let base, let inner) = self[a].node, case .constant(let first) = self[inner].node {
                    guard let sum = folded(first + step, format) else { return nil }
                    if case .constant(0) = self[sum].node { return base }
                    return make(.binary(.add, base, sum), format)
                }
                guard let amount = folded(step, format) else { return nil }
                return make(.binary(.add, a, amount), format)
            default: break
            }
        }
        if op == .sub, a == b { return constant(0, format) }
        if let rest = cancelled(op, a, b) { return rest }
        return make(.binary(op, a, b), format)
    }

    /// `a + (b - a)`, `(a + b) - b` and the like, in modular arithmetic.
    private func cancelled(_ op: BinaryOp, _ a: TermID, _ b: TermID) -> TermID? {
        switch (op, self[a].node, self[b].node) {
        case (.add, _, .binary(.sub, let x, let y)) where y == a: return x
        case (.add, .binary(.sub, let x, let y), _) where y == b: return x
        case (.sub, .binary(.add, let x, let y), _): return x == b ? y : y == b ? x : nil
        case (.sub, _, .binary(.sub, let x, let y)) where x == a: return y
        default: return nil
        }
    }

    private func folded(_ value: Int128, _ format: IntFormat) -> TermID? {
        IntValue.constant(value, format).constantValue.map { constant($0, format) }
    }
}
