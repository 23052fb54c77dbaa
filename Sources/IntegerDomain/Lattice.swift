extension IntValue {
    @inline(__always) func inFormat(of other: IntValue) -> IntValue {
        format == other.format ? self : converted(to: other.format)
    }

    /// Whether every member is one of `of`.
    public func isSubset(of other: IntValue) -> Bool {
        if isBottom { return true }
        let other = other.inFormat(of: self)
        if other.isBottom || !knownBits.isSubset(of: other.knownBits) { return false }
        let grid = knownBits.flipping(format.bias)
        for index in 0..<spans.count {
            let span = spans[index]
            var key = span.low
            // One of our spans may reach over a gap of the other value if no member of ours is in the gap.
            while true {
                guard let cover = other.spans.span(containing: key) else { return false }
                if cover.high >= span.high { break }
                guard let next = grid.firstMember(from: cover.high + 1), next <= span.high else { break }
                key = next
            }
        }
        return true
    }

    /// Union, exact unless it has too many gaps to keep.
    public func join(_ o: IntValue) -> IntValue {
        let other = o.inFormat(of: self)
        if isBottom || other.isTop { return other }
        if other.isBottom || isTop || self == other { return self }
        let known = knownBits.join(other.knownBits)
        if spans.count == 1 && other.spans.count == 1, let hull = spans.first.union(other.spans.first) {
            return IntValue(canonicalizing: hull, grid: known.flipping(format.bias), format: format)
        }
        var all = spans
        all.append(contentsOf: other.spans)
        return IntValue(canonicalizing: all, known: known, format: format)
    }

    /// Intersection, exact unless it has too many gaps to keep; always a subset of `self`.
    public func meet(_ o: IntValue) -> IntValue {
        let other = o.inFormat(of: self)
        if isBottom || other.isTop { return self }
        if other.isBottom || isTop || self == other { return other }
        guard let known = knownBits.meet(other.knownBits) else { return .bottom(format) }
        return restricted(spans.intersection(other.spans), known)
    }

    /// A part of `self` in canonical form, or `self` where fusing gaps would add values that were not in it.
    func restricted(_ part: SpanList, _ known: KnownBits) -> IntValue {
        let result = IntValue(canonicalizing: part, known: known, format: format)
        return part.count > SpanList.capacity && !result.isSubset(of: self) ? self : result
    }

    /// Members whose patterns also agree with `known`.
    func meet(_ known: KnownBits?) -> IntValue {
        guard let known, let both = knownBits.meet(known) else { return .bottom(format) }
        return both == knownBits ? self : IntValue(canonicalizing: spans, known: both, format: format)
    }

    /// Whether no member is shared; decided exactly.
    func isDisjoint(from other: IntValue) -> Bool {
        guard let known = knownBits.meet(other.knownBits) else { return true }
        let grid = known.flipping(format.bias)
        let common = spans.intersection(other.spans)
        return (0..<common.count).allSatisfy { grid.trimming(common[$0]) == nil }
    }

    /// All members except `v`; unchanged if the hole cannot be represented.
    public func excluding(_ v: Int128) -> IntValue {
        guard contains(v) else { return self }
        return excluding(from: v, through: v)
    }

    /// All members outside `low...high`; unchanged if the hole cannot be represented.
    func excluding(from low: Int128, through high: Int128) -> IntValue {
        var hole = SpanList()
        hole.append(clamping: low, high, format)
        if hole.count == 0 || isBottom { return self }
        return restricted(spans.intersection(hole.complement(upTo: format.allOnes)), knownBits)
    }

    /// Members from `low` to `high`; nil means unbounded.
    public func clamped(low: Int128?, high: Int128?) -> IntValue {
        guard let min, let max else { return self }
        let low = Swift.max(low ?? min, min)
        let high = Swift.min(high ?? max, max)
        if low > high { return .bottom(format) }
        if low == min && high == max { return self }
        let bounds = SpanList(Span(low: format.key(wrapping: low), high: format.key(wrapping: high)))
        return IntValue(canonicalizing: spans.intersection(bounds), known: knownBits, format: format)
    }

    /// Refines a post-fixpoint by one more evaluation; the result is a subset of `self`.
    public func narrow(_ next: IntValue) -> IntValue { meet(next) }
}

// MARK: - Widening

extension IntValue {
    /// Extrapolates from `self` (the previous value) to a superset of `self` and `next`.
    ///
    /// New values are extended to the nearest threshold or previous interval in either direction. All bits from the
    /// lowest newly unknown one upwards become unknown, as do those that only the bounds determined. Sequences of
    /// widenings are finite: the known bits can change at most once per bit, and while they stay the same every span
    /// bound is a former one or a threshold trimmed to them.
    ///
    /// - Parameter thresholds: Preferred bounds in ascending order.
    public func widen(_ next: IntValue, thresholds: [Int128]) -> IntValue {
        let next = next.inFormat(of: self)
        if isBottom { return next }
        if next.isSubset(of: self) { return self }
        var widened = spans
        for index in 0..<next.spans.count {
            let span = next.spans[index]
            if let cover = spans.span(containing: span.low), cover.high >= span.high { continue }
            let low = spans.span(containing: span.low)?.low ?? extendedDown(span.low, thresholds)
            let high = spans.span(containing: span.high)?.high ?? extendedUp(span.high, thresholds)
            widened.append(Span(low: low, high: high))
        }
        let low = Swift.min(spans.first.low, next.spans.first.low)
        let high = Swift.max(spans.last.high, next.spans.last.high)
        // Leading bits are common to all members only because of the bounds, and must not hold these back now.
        let implied = low == high ? UInt64.max : ~(UInt64.max >> UInt64((low ^ high).leadingZeroBitCount))
        let joined = knownBits.join(next.knownBits)
        let loosened = KnownBits(value: joined.value, mask: joined.mask | (implied & format.allOnes))
        let known = knownBits.widened(to: loosened, format.allOnes)
        return IntValue(canonicalizing: widened, known: known, format: format)
    }

    private func extendedUp(_ key: UInt64, _ thresholds: [Int128]) -> UInt64 {
        let value = format.value(ofKey: key)
        let above = thresholds.partitionIndex { $0 >= value }
        var bound = format.allOnes
        if above < thresholds.count, thresholds[above] <= format.max { bound = format.key(wrapping: thresholds[above]) }
        for index in 0..<spans.count where spans[index].low > key { return Swift.min(bound, spans[index].low) }
        return bound
    }

    private func extendedDown(_ key: UInt64, _ thresholds: [Int128]) -> UInt64 {
        let value = format.value(ofKey: key)
        let below = thresholds.partitionIndex { $0 > value } - 1
        var bound: UInt64 = 0
        if below >= 0, thresholds[below] >= format.min { bound = format.key(wrapping: thresholds[below]) }
        for index in (0..<spans.count).reversed() where spans[index].high < key {
            return Swift.max(bound, spans[index].high)
        }
        return bound
    }
}

extension KnownBits {
    /// Forgets every bit from the lowest newly unknown one upwards, keeping the alignment below it.
    fileprivate func widened(to joined: KnownBits, _ allOnes: UInt64) -> KnownBits {
        let lost = joined.mask & ~mask
        if lost == 0 { return joined }
        let kept = (lost & (0 &- lost)) - 1
        return KnownBits(value: joined.value, mask: joined.mask | (allOnes & ~kept))
    }
}

extension Array where Element == Int128 {
    /// Index of the first element satisfying a predicate that, once true, stays true.
    fileprivate func partitionIndex(_ predicate: (Int128) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
