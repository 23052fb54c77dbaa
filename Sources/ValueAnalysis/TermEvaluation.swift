import IntegerDomain
import ProgramModel

// Ranges of terms, and what a condition says of the symbols in them: HC4 (Benhamou et al. 1999) on hash-consed terms.

extension TermTable {
    /// The values that a term can have in a state.
    func range(_ id: TermID, in state: State) -> IntValue {
        let entry = self[id]
        if case .constant(let value) = entry.node { return .constant(value, entry.format) }
        let plain = evaluated(entry, in: state)
        return state.relations.isEmpty ? plain : related(id, plain, in: state)
    }

    private func evaluated(_ entry: Entry, in state: State) -> IntValue {
        switch entry.node {
        case .symbol(let symbol): return state.ranges[symbol] ?? .top(entry.format)
        case .constant(let value): return .constant(value, entry.format)
        case .unary(let op, let a): return .apply(op, range(a, in: state))
        case .binary(let op, let a, let b): return binary(op, a, b, in: state)
        case .compare(let op, let a, let b): return compare(op, a, b, in: state)
        case .not(let a):
            let operand = range(a, in: state)
            return .compare(.eq, operand, .constant(0, operand.format)).inRange(of: entry.format)
        case .and(let a, let b):
            let (x, y) = (range(a, in: state).toBool(), range(b, in: state).toBool())
            return IntValue.apply(.and, x, y).converted(to: entry.format)
        case .or(let a, let b):
            let (x, y) = (range(a, in: state).toBool(), range(b, in: state).toBool())
            return IntValue.apply(.or, x, y).converted(to: entry.format)
        case .convert(let a): return range(a, in: state).converted(to: entry.format)
        case .toBool(let a): return range(a, in: state).toBool()
        }
    }

    private func binary(_ op: BinaryOp, _ a: TermID, _ b: TermID, in state: State) -> IntValue {
        let (x, y) = (range(a, in: state), range(b, in: state))
        let plain = IntValue.apply(op, x, y)
        guard !state.relations.isEmpty else { return plain }
        if op == .sub { return plain.meet(difference(a, b, x, y, in: state) ?? .top(plain.format)) }
        guard let low = x.min, let least = y.min, low >= 0, least >= 0,
            let most = limit(op, a, b, in: state) ?? (op == .shl ? nil : limit(op, b, a, in: state)), most <= plain.format.max
        else { return plain }
        let bounded = plain.meet(.range(op == .add ? low + least : 0, most, plain.format))
        return bounded.isBottom ? plain : bounded
    }

    /// The most that `a op b` can be, neither negative, where `b` was compared with what is left beside `a`: `b <= c - a`,
    /// `b <= c / a` or `a <= c >> b`. Where that did not wrap, `a op b` does not.
    private func limit(_ op: BinaryOp, _ a: TermID, _ b: TermID, in state: State) -> Int128? {
        // By ranges alone: what is left may be computed from the sum itself.
        let plain = State(ranges: state.ranges)
        func number(_ term: TermID) -> TermID { withoutConversions(term, in: plain) }
        let compared = number(op == .shl ? a : b)
        let beside = number(op == .shl ? b : a)
        for relation in state.relations where relation.op == .le || relation.op == .lt {
            guard case .binary(let inverse, let whole, let part) = self[number(relation.right)].node,
                number(relation.left) == compared, number(part) == beside
            else { continue }
            switch (op, inverse) {
            case (.add, .sub), (.mul, .div), (.shl, .shr): break
            default: continue
            }
            let (c, x) = (range(whole, in: plain), range(part, in: plain))
            guard let most = c.max, let least = c.min, let high = x.max, least >= 0 else { continue }
            if op == .mul || high <= (op == .add ? least : Int128(c.format.width - 1)) { return most }
        }
        return nil
    }

    /// A term without the conversions around it that do not change its value.
    private func withoutConversions(_ term: TermID, in state: State) -> TermID {
        var result = term
        while case .convert(let inner) = self[result].node, range(inner, in: state).fits(self[result].format) { result = inner }
        return result
    }

    /// `a - b` where `b <= a` is known does not wrap below zero.
    private func difference(_ a: TermID, _ b: TermID, _ x: IntValue, _ y: IntValue, in state: State) -> IntValue? {
        // A signed difference can be too large for its type, and then it is negative.
        guard let highest = x.max, let lowest = y.min, highest - lowest <= x.format.max else { return nil }
        let isLess = knows(.lt, b, a, in: state)
        if isLess || knows(.le, b, a, in: state) {
            return .range(isLess ? 1 : 0, Swift.max(highest - lowest, 0), x.format)
        }
        return nil
    }

    /// Whether a relation says so, directly.
    func knows(_ op: CompareOp, _ a: TermID, _ b: TermID, in state: State) -> Bool {
        state.relations.contains { relation in
            guard relation.left == a, relation.right == b else {
                return (relation.op == .eq || relation.op == .ne) && relation.op == op && relation.left == b
                    && relation.right == a
            }
            return relation.op == op || (op == .le && (relation.op == .lt || relation.op == .eq))
        }
    }

    private func compare(_ op: CompareOp, _ a: TermID, _ b: TermID, in state: State) -> IntValue {
        if a == b {
            return .constant(op == .eq || op == .le || op == .ge ? 1 : 0, .s32)
        }
        let plain = IntValue.compare(op, range(a, in: state), range(b, in: state))
        guard plain.constantValue == nil, !state.relations.isEmpty else { return plain }
        if entails(op, a, b, in: state) { return .constant(1, .s32) }
        if entails(op.negated, a, b, in: state) { return .constant(0, .s32) }
        return plain
    }

    private func entails(_ op: CompareOp, _ a: TermID, _ b: TermID, in state: State) -> Bool {
        switch op {
        case .lt: return knows(.lt, a, b, in: state) || knows(.le, a, b, in: state) && knows(.ne, a, b, in: state)
        case .le, .eq: return knows(op, a, b, in: state)
        case .ne: return knows(.ne, a, b, in: state) || knows(.lt, a, b, in: state) || knows(.lt, b, a, in: state)
        case .gt: return knows(.lt, b, a, in: state)
        case .ge: return knows(.le, b, a, in: state)
        }
    }

    /// Bounds of `plain` by the terms that it is compared with.
    private func related(_ id: TermID, _ plain: IntValue, in state: State) -> IntValue {
        var result = plain
        for relation in state.relations {
            if relation.left == id {
                let other = evaluated(self[relation.right], in: State(ranges: state.ranges))
                result = IntValue.refine(relation.op, result, other, holds: true).0
            } else if relation.right == id {
                let other = evaluated(self[relation.left], in: State(ranges: state.ranges))
                result = IntValue.refine(relation.op, other, result, holds: true).1
            }
        }
        return result
    }

    /// `a <= b` by ranges, relations, or one step of arithmetic.
    func provesAtMost(_ a: TermID, _ b: TermID, in state: State) -> Bool {
        if a == b { return true }
        guard self[a].format == self[b].format else { return false }
        let (x, y) = (range(a, in: state), range(b, in: state))
        if let high = x.max, let low = y.min, high <= low { return true }
        if knows(.le, a, b, in: state) { return true }
        switch self[a].node {
        // `a = x + 1` with `x < b`: the sum does not wrap because `b` is above `x`.
        case .binary(.add, let base, let step)
        where range(step, in: state).constantValue == 1 && entails(.lt, base, b, in: state):
            return true
        // `a = x + m` with `m <= b - x`, which does not wrap as `x <= b`.
        case .binary(.add, let base, let step):
            return [(base, step), (step, base)].contains { isRest($1, of: b, beside: $0, in: state) }
        // `a = x - m` with `0 <= m <= x`.
        case .binary(.sub, let base, let step):
            guard let least = range(step, in: state).min, least >= 0 else { return false }
            return knows(.le, step, base, in: state) && knows(.le, base, b, in: state)
        default: return false
        }
    }

    /// Whether `step` is at most `whole - base`, and that a number of its own.
    private func isRest(_ step: TermID, of whole: TermID, beside base: TermID, in state: State) -> Bool {
        guard let least = range(base, in: state).min, least >= 0, knows(.le, base, whole, in: state) else { return false }
        return state.relations.contains { relation in
            guard relation.op == .le || relation.op == .lt, relation.left == step else { return false }
            if case .binary(.sub, whole, base) = self[relation.right].node { return true }
            return false
        }
    }
}

extension IntValue {
    fileprivate func inRange(of format: IntFormat) -> IntValue { self.format == format ? self : converted(to: format) }
}

// MARK: - Refinement

extension TermTable {
    /// Restricts a term to `allowed`; false if it cannot be.
    func refine(_ id: TermID, to allowed: IntValue, in state: inout State) -> Bool {
        let entry = self[id]
        let plain = evaluated(entry, in: state)
        let old = state.relations.isEmpty ? plain : related(id, plain, in: state)
        let new = old.meet(allowed)
        if new.isBottom { return false }
        if case .symbol(let symbol) = entry.node {
            if !new.isTop { state.ranges[symbol] = new }
            return true
        }
        // What only a relation says of it is not yet said of its operands.
        if new == plain, !entry.node.isTruth { return true }
        switch entry.node {
        case .constant: return true
        case .symbol(let symbol):
            state.ranges[symbol] = new
            return true
        case .unary(let op, let a): return refine(a, to: .refine(op, range(a, in: state), result: new), in: &state)
        case .binary(let op, let a, let b):
            let (x, y) = IntValue.refine(op, range(a, in: state), range(b, in: state), result: new)
            guard refine(a, to: x, in: &state), refine(b, to: y, in: &state) else { return false }
            keepBound(of: id, new, in: &state)
            return true
        case .convert(let a):
            return refine(a, to: range(a, in: state).refiningConversion(result: new), in: &state)
        case .toBool(let a):
            return refine(a, to: range(a, in: state).refiningToBool(result: new), in: &state)
                && assumeTruth(of: a, like: new, in: &state)
        case .compare, .not, .and, .or:
            guard let truth = new.constantValue else { return true }
            return assume(id, truth != 0, in: &state)
        }
    }

    /// A bound that no range of an operand can carry (`a - b < 0` of unknown `a` and `b`, `x * 24 <= K` where it may have
    /// wrapped) stays as a relation of the whole.
    private func keepBound(of id: TermID, _ allowed: IntValue, in state: inout State) {
        let now = range(id, in: state)
        guard let low = allowed.min, let high = allowed.max, let least = now.min, let most = now.max else { return }
        if high < most { add(Relation(.le, id, constant(high, allowed.format)), to: &state) }
        if low > least { add(Relation(.le, constant(low, allowed.format), id), to: &state) }
    }

    /// Whether a term is a condition: 1 where it holds, else 0.
    func isCondition(_ id: TermID) -> Bool {
        if case .convert(let inner) = self[id].node { return isCondition(inner) }
        return self[id].node.isTruth
    }

    private func assumeTruth(of id: TermID, like value: IntValue, in state: inout State) -> Bool {
        guard let truth = value.constantValue else { return true }
        return assume(id, truth != 0, in: &state)
    }

    /// Restricts a state to those where a term is, or is not, zero; false if there are none.
    func assume(_ id: TermID, _ holds: Bool, in state: inout State) -> Bool {
        let entry = self[id]
        switch entry.node {
        case .compare(let op, let a, let b): return assume(op, a, b, holds: holds, in: &state)
        case .not(let a): return assume(a, !holds, in: &state)
        case .toBool(let a): return assume(a, holds, in: &state)
        case .convert(let a) where self[a].format.width <= entry.format.width: return assume(a, holds, in: &state)
        case .and(let a, let b):
            return holds ? both(a, b, true, in: &state) : either(a, b, false, in: &state)
        case .or(let a, let b):
            return holds ? either(a, b, true, in: &state) : both(a, b, false, in: &state)
        default:
            let old = range(id, in: state)
            let allowed = holds ? old.excluding(0) : old.clamped(low: 0, high: 0)
            guard refine(id, to: allowed, in: &state) else { return false }
            return state.relations.contains { $0.op == .eq && ($0.left == id || $0.right == id) } ? propagate(in: &state) : true
        }
    }

    private func both(_ a: TermID, _ b: TermID, _ truth: Bool, in state: inout State) -> Bool {
        assume(a, truth, in: &state) && assume(b, truth, in: &state)
    }

    /// At least one of two terms has this truth value.
    private func either(_ a: TermID, _ b: TermID, _ truth: Bool, in state: inout State) -> Bool {
        var first = state
        let isFirst = assume(a, truth, in: &first)
        var second = state
        let isSecond = assume(a, !truth, in: &second) && assume(b, truth, in: &second)
        switch (isFirst, isSecond) {
        case (false, false): return false
        case (true, false): state = first
        case (false, true): state = second
        case (true, true):
            for symbol in Set(self[a].symbols + self[b].symbols) {
                guard let x = first.ranges[symbol], let y = second.ranges[symbol] else { continue }
                state.ranges[symbol] = x.join(y)
            }
        }
        return true
    }

    private func assume(_ op: CompareOp, _ a: TermID, _ b: TermID, holds: Bool, in state: inout State) -> Bool {
        if a == b { return (op == .eq || op == .le || op == .ge) == holds }
        let known = compare(op, a, b, in: state).constantValue
        if let known, (known != 0) != holds { return false }
        let (x, y) = IntValue.refine(op, range(a, in: state), range(b, in: state), holds: holds)
        guard !x.isBottom, !y.isBottom, refine(a, to: x, in: &state), refine(b, to: y, in: &state) else { return false }
        guard known == nil, isWorthKeeping(a, b) else { return propagate(in: &state) }
        add(Relation(holds ? op : op.negated, a, b), to: &state)
        return propagate(in: &state)
    }

    /// A bound of a symbol is in its range; that of a sum of symbols is nowhere else.
    private func isWorthKeeping(_ a: TermID, _ b: TermID) -> Bool {
        let (x, y) = (self[a].symbols.count, self[b].symbols.count)
        return x > 0 && y > 0 || x > 1 || y > 1
    }

    /// What a new bound means for the terms that are related to it: once there and once back, which is enough for chains.
    private func propagate(in state: inout State) -> Bool {
        guard state.relations.count > 1 || state.relations.first?.op == .eq else { return true }
        for relation in state.relations + state.relations.reversed() {
            let (x, y) = (range(relation.left, in: state), range(relation.right, in: state))
            let (left, right) = IntValue.refine(relation.op, x, y, holds: true)
            guard !left.isBottom, !right.isBottom else { return false }
            for (term, old, new) in [(relation.left, x, left), (relation.right, y, right)] where isArithmetic(term) {
                // An equal term's range is bounded by the relation already, its operands are not.
                if new != old || isSymbol(term) || relation.op == .eq, !refine(term, to: new, in: &state) { return false }
            }
        }
        return true
    }

    /// Whether there are no conditions in a term: refining one of those would come back here.
    private func isArithmetic(_ id: TermID) -> Bool {
        switch self[id].node {
        case .symbol, .constant: true
        case .unary(_, let a), .convert(let a): isArithmetic(a)
        case .binary(_, let a, let b): isArithmetic(a) && isArithmetic(b)
        case .compare, .not, .and, .or, .toBool: false
        }
    }

    private func isSymbol(_ id: TermID) -> Bool { if case .symbol = self[id].node { true } else { false } }

    func add(_ relation: Relation, to state: inout State) {
        guard !state.relations.contains(relation) else { return }
        state.relations.append(relation)
        state.relations.sort()
        if state.relations.count > State.maximumRelations {
            state.relations.removeFirst(state.relations.count - State.maximumRelations)
        }
    }
}

extension Relation {
    init(_ op: CompareOp, _ a: TermID, _ b: TermID) {
        switch op {
        case .lt, .le, .eq, .ne: self.init(op: op, left: a, right: b)
        case .gt: self.init(op: .lt, left: b, right: a)
        case .ge: self.init(op: .le, left: b, right: a)
        }
    }
}

extension TermNode {
    /// A truth value can say more than its range: a relation.
    fileprivate var isTruth: Bool {
        switch self {
        case .compare, .not, .and, .or, .toBool: true
        default: false
        }
    }
}
