extension IntValue {
    /// The possible outcomes of a comparison, 1 for true, as a C `int`.
    public static func compare(_ op: CompareOp, _ a: IntValue, _ b: IntValue) -> IntValue {
        let b = b.inFormat(of: a)
        guard !a.isBottom, !b.isBottom else { return .bottom(.s32) }
        let (canHold, canFail): (Bool, Bool)
        switch op {
        case .eq, .ne:
            let canEqual = !a.isDisjoint(from: b)
            let canDiffer = a.constantKey == nil || a != b
            (canHold, canFail) = op == .eq ? (canEqual, canDiffer) : (canDiffer, canEqual)
        case .lt, .ge:
            let canBeLess = a.spans.first.low < b.spans.last.high
            let canReach = a.spans.last.high >= b.spans.first.low
            (canHold, canFail) = op == .lt ? (canBeLess, canReach) : (canReach, canBeLess)
        case .gt, .le:
            let canExceed = a.spans.last.high > b.spans.first.low
            let canStay = a.spans.first.low <= b.spans.last.high
            (canHold, canFail) = op == .gt ? (canExceed, canStay) : (canStay, canExceed)
        }
        return outcome(canHold: canHold, canFail: canFail)
    }

    /// The truth values 0 and 1, which are next to each other, so their canonical form is known.
    private static func outcome(canHold: Bool, canFail: Bool) -> IntValue {
        let zero = IntFormat.s32.bias
        let span = Span(low: canFail ? zero : zero + 1, high: canHold ? zero + 1 : zero)
        let known = canHold && canFail ? KnownBits(value: 0, mask: 1) : KnownBits(value: canHold ? 1 : 0, mask: 0)
        return IntValue(canonical: SpanList(span), known: known, format: .s32)
    }

    /// The operand values with which the comparison can hold (or, with `holds` false, fail).
    public static func refine(_ op: CompareOp, _ a: IntValue, _ b: IntValue, holds: Bool) -> (IntValue, IntValue) {
        let b = b.inFormat(of: a)
        guard let aMin = a.min, let aMax = a.max, let bMin = b.min, let bMax = b.max else { return nothing(a, b) }
        let left: IntValue
        let right: IntValue
        switch holds ? op : op.negated {
        case .eq: (left, right) = (a.meet(b), b.meet(a))
        case .ne:
            left = b.constantValue.map(a.excluding) ?? a
            right = a.constantValue.map(b.excluding) ?? b
        case .lt: (left, right) = (a.clamped(low: nil, high: bMax - 1), b.clamped(low: aMin + 1, high: nil))
        case .le: (left, right) = (a.clamped(low: nil, high: bMax), b.clamped(low: aMin, high: nil))
        case .gt: (left, right) = (a.clamped(low: bMin + 1, high: nil), b.clamped(low: nil, high: aMax - 1))
        case .ge: (left, right) = (a.clamped(low: bMin, high: nil), b.clamped(low: nil, high: aMax))
        }
        return left.isBottom || right.isBottom ? nothing(a, b) : (left, right)
    }

    /// No operand values at all.
    static func nothing(_ a: IntValue, _ b: IntValue) -> (IntValue, IntValue) { (.bottom(a.format), .bottom(b.format)) }
}
