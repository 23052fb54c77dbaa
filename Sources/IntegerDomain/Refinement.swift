extension IntValue {
    /// The operand values for which some partner value yields a member of `result`.
    public static func refine(_ op: BinaryOp, _ a: IntValue, _ b: IntValue, result: IntValue) -> (IntValue, IntValue) {
        refine(op, a, b, result: result, enumerationLimit: defaultEnumerationLimit)
    }

    /// The operand values with a result in `result`.
    public static func refine(_ op: UnaryOp, _ a: IntValue, result: IntValue) -> IntValue {
        a.meet(apply(op, result.inFormat(of: a)))
    }

    /// `enumerationLimit` is the number of operand pairs up to which they are evaluated one by one.
    static func refine(
        _ op: BinaryOp, _ a: IntValue, _ b: IntValue, result: IntValue, enumerationLimit: Int
    ) -> (IntValue, IntValue) {
        if a.isBottom || b.isBottom || result.isBottom { return nothing(a, b) }
        let b = op.isShift ? b : b.inFormat(of: a)
        let r = result.inFormat(of: a)
        if let refined = enumerated(op, a, b, r, limit: enumerationLimit) { return refined }
        let (left, right): (IntValue, IntValue)
        switch op {
        case .add:
            left = a.meet(apply(.sub, r, b))
            right = b.meet(apply(.sub, r, left))
        case .sub:
            left = a.meet(apply(.add, r, b))
            right = b.meet(apply(.sub, left, r))
        case .xor:
            left = a.meet(apply(.xor, r, b))
            right = b.meet(apply(.xor, r, left))
        case .and: (left, right) = refineAnd(a, b, r)
        case .or:
            // By De Morgan, as forwards.
            let (notLeft, notRight) = refineAnd(apply(.not, a), apply(.not, b), apply(.not, r))
            (left, right) = (apply(.not, notLeft), apply(.not, notRight))
        case .mul: (left, right) = refineProduct(a, b, r)
        case .div: (left, right) = refineQuotient(a, b, r)
        case .rem: (left, right) = refineRemainder(a, b, r)
        case .shl: (left, right) = refineShift(a, b, r, op)
        case .shr: (left, right) = refineShift(a, b, r, op)
        }
        return left.isBottom || right.isBottom ? nothing(a, b) : (left, right)
    }

    /// The exact answer for small operands, nil if there are too many pairs.
    private static func enumerated(
        _ op: BinaryOp, _ a: IntValue, _ b: IntValue, _ r: IntValue, limit: Int
    ) -> (IntValue, IntValue)? {
        guard limit > 0, a.hasFewMembers(limit), let right = b.keys(limit: limit),
            let left = a.keys(limit: limit / right.count)
        else { return nil }
        var isKept = [Bool](repeating: false, count: left.count)
        var partners: [UInt64] = []
        for y in right {
            var isPartner = false
            for (index, x) in left.enumerated() {
                let result = op.evaluate(x, a.format, y, b.format)
                // Only an oversized shift has a result that cannot be computed; it can be any.
                if result.map(r.contains(key:)) ?? op.isShift {
                    isKept[index] = true
                    isPartner = true
                }
            }
            if isPartner { partners.append(y) }
        }
        let kept = left.indices.filter { isKept[$0] }.map { left[$0] }
        return (a.keeping(kept, of: left.count), b.keeping(partners, of: right.count))
    }

    /// The subset with these keys out of `count`.
    private func keeping(_ keys: [UInt64], of count: Int) -> IntValue {
        if keys.count == count { return self }
        let result = IntValue(keys: keys, format)
        return result.isSubset(of: self) ? result : self
    }

    /// The union of the refinements under each of several cases, within `self`.
    func refinedByCases(_ cases: [IntValue]) -> IntValue {
        meet(cases.reduce(.bottom(format)) { $0.join($1) })
    }
}

// MARK: - Bitwise and shifts

extension IntValue {
    private static func refineAnd(_ a: IntValue, _ b: IntValue, _ r: IntValue) -> (IntValue, IntValue) {
        let left = a.refinedConjunct(with: b, r)
        let right = b.refinedConjunct(with: left, r)
        return (left, right)
    }

    /// The members `x` for which `x & partner` can be in `r`.
    private func refinedConjunct(with partner: IntValue, _ r: IntValue) -> IntValue {
        let width = format.allOnes
        // A one in the result needs a one here; a zero in the result under a one of the partner needs a zero here.
        let bits = meet(
            KnownBits(ones: r.knownBits.value, zeros: r.knownBits.zeros(width) & partner.knownBits.value, width: width))
        if bits.isBottom { return bits }
        if let mask = partner.constantPattern { return bits.maskPreimage(mask, r.patternSpans) }
        // Conjunction cannot exceed an operand as an unsigned number.
        let above = SpanList(Span(low: r.patternSpans.first.low, high: width))
        let allowed = IntValue(above.keys(fromPatternsOf: format), format)
        return bits.meet(allowed)
    }

    private static func refineShift(
        _ a: IntValue, _ b: IntValue, _ r: IntValue, _ op: BinaryOp
    ) -> (IntValue, IntValue) {
        let format = a.format
        let valid = b.clamped(low: 0, high: Int128(format.width - 1))
        let isAlwaysValid = valid == b
        guard isAlwaysValid || valid.isBottom == false, let keys = valid.keys(limit: format.width) else { return (a, b) }
        var cases: [IntValue] = []
        var counts: [UInt64] = []
        for key in keys {
            let count = key &- b.format.bias
            let operands = op == .shl ? a.shiftLeftPreimage(count, r) : a.shiftRightPreimage(count, r)
            if operands.isBottom { continue }
            cases.append(operands)
            counts.append(key)
        }
        guard isAlwaysValid else {
            // Oversized counts remain possible with every left operand.
            let dropped = keys.filter { !counts.contains($0) }
            return (a, dropped.reduce(b) { $0.excluding(b.format.value(ofKey: $1)) })
        }
        let right = counts.count == keys.count ? b : b.meet(IntValue(keys: counts, b.format))
        return (a.refinedByCases(cases), right)
    }

    /// The members whose left shift by `count` is in `r`.
    func shiftLeftPreimage(_ count: UInt64, _ r: IntValue) -> IntValue {
        let width = format.allOnes
        let vacated = (UInt64(1) << count) - 1
        let shifted = r.meet(KnownBits(value: 0, mask: width & ~vacated))
        if shifted.isBottom { return shifted }
        // Only the bits that are not shifted out matter; they equal the result's upper bits.
        var targets = SpanList()
        let patterns = shifted.patternSpans
        for index in 0..<patterns.count {
            targets.append(Span(low: patterns[index].low >> count, high: patterns[index].high >> count))
        }
        let kept = width >> count
        let known = shifted.knownBits.shiftedRight(count)
        return meet(KnownBits(value: known.value, mask: known.mask | (width & ~kept)))
            .maskPreimage(kept, targets.ordered())
    }

    /// The members whose right shift by `count` is in `r`.
    private func shiftRightPreimage(_ count: UInt64, _ r: IntValue) -> IntValue {
        let possible = r.clamped(low: format.min >> Int128(count), high: format.max >> Int128(count))
        if possible.isBottom { return possible }
        let vacated = (UInt64(1) << count) - 1
        var sources = SpanList()
        for index in 0..<possible.spans.count {
            let interval = possible.interval(at: index)
            sources.append(
                wrapping: interval.low << Int128(count), (interval.high << Int128(count)) + Int128(vacated), format)
        }
        let shifted = possible.knownBits.shiftedLeft(count).truncated(format.allOnes)
        let known = KnownBits(value: shifted.value, mask: shifted.mask | vacated)
        return meet(IntValue(canonicalizing: sources, known: known, format: format))
    }
}
