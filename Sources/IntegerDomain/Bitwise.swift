extension IntValue {
    static func conjunction(_ a: IntValue, _ b: IntValue) -> IntValue {
        if b.constantKey == nil && a.constantKey != nil { return conjunction(b, a) }
        let left = a.patternSpans
        var result = SpanList()
        if let mask = b.constantPattern {
            for index in 0..<left.count { left[index].appendMasked(by: mask, to: &result) }
        } else {
            let right = b.patternSpans
            for i in 0..<left.count {
                for j in 0..<right.count { result.append(BitwiseBounds.and(left[i], right[j])) }
            }
        }
        return IntValue(
            canonicalizing: result.keys(fromPatternsOf: a.format), known: a.knownBits.and(b.knownBits), format: a.format)
    }

    /// By De Morgan: the complement of an interval is an interval, so nothing is lost.
    static func disjunction(_ a: IntValue, _ b: IntValue) -> IntValue {
        apply(.not, conjunction(apply(.not, a), apply(.not, b)))
    }

    static func exclusiveDisjunction(_ a: IntValue, _ b: IntValue) -> IntValue {
        let left = a.patternSpans
        let right = b.patternSpans
        var result = SpanList()
        // Splitting into aligned halves makes the result of a constant operand exact if the splits suffice.
        let splits = left.count * right.count <= SpanList.capacity ? 3 : 1
        for i in 0..<left.count {
            for j in 0..<right.count { BitwiseBounds.appendXor(left[i], right[j], splits: splits, to: &result) }
        }
        return IntValue(
            canonicalizing: result.keys(fromPatternsOf: a.format), known: a.knownBits.xor(b.knownBits), format: a.format)
    }
}

// MARK: - Shifts

extension IntValue {
    /// The possible shift counts, nil if one is out of range: the hardware may then yield anything.
    static func shiftCounts(_ b: IntValue, _ format: IntFormat) -> [UInt64]? {
        guard let low = b.min, let high = b.max, low >= 0, high < Int128(format.width) else { return nil }
        return b.keys(limit: format.width)?.map { $0 &- b.format.bias }
    }

    static func shiftedLeft(_ a: IntValue, by b: IntValue) -> IntValue {
        let format = a.format
        guard let counts = shiftCounts(b, format) else { return .top(format) }
        let allOnes = format.allOnes
        var result = SpanList()
        var known: KnownBits?
        for count in counts {
            for index in 0..<a.spans.count {
                let span = a.spans[index]
                let low = (((span.low ^ format.bias) << count) & allOnes) ^ format.bias
                let isOnto = span.spread > allOnes >> count
                result.appendCyclic(low: low, spread: isOnto ? allOnes : span.spread << count, allOnes: allOnes)
            }
            let bits = a.knownBits.shiftedLeft(count).truncated(allOnes)
            known = known?.join(bits) ?? bits
        }
        guard let known else { return .bottom(format) }
        return IntValue(canonicalizing: result, known: known, format: format)
    }

    static func shiftedRight(_ a: IntValue, by b: IntValue) -> IntValue {
        let format = a.format
        guard let counts = shiftCounts(b, format) else { return .top(format) }
        var result = SpanList()
        var known: KnownBits?
        for count in counts {
            for index in 0..<a.spans.count {
                let interval = a.interval(at: index)
                result.append(wrapping: interval.low >> Int128(count), interval.high >> Int128(count), format)
            }
            let bits = a.knownBits.shiftedRight(count, format)
            known = known?.join(bits) ?? bits
        }
        guard let known else { return .bottom(format) }
        return IntValue(canonicalizing: result, known: known, format: format)
    }
}

// MARK: - Bounds of bitwise operators on ranges of patterns

extension Span {
    /// Appends the patterns `x & mask` for `x` in the span, exact up to the known bits.
    ///
    /// At the highest bit where the bounds differ the span falls into a part that ends in all ones and one that starts
    /// in all zeros below that bit. The image of either is gapless among the patterns with bits in `mask`: below a bit
    /// outside the mask one half is complete and contains the image of the other, below a bit inside the mask the two
    /// halves' images adjoin. The two images adjoin, too, if the highest differing bit is in the mask.
    fileprivate func appendMasked(by mask: UInt64, to result: inout SpanList) {
        let constant = Span(low: mask, high: mask)
        let difference = low ^ high
        let top = difference == 0 ? 0 : UInt64(1) << UInt64(63 - difference.leadingZeroBitCount)
        if top & ~mask == 0 {
            result.append(BitwiseBounds.and(self, constant))
        } else {
            let middle = high & ~(top - 1)
            result.append(BitwiseBounds.and(Span(low: low, high: middle - 1), constant))
            result.append(BitwiseBounds.and(Span(low: middle, high: high), constant))
        }
    }
}

/// Tight bounds of bitwise operators on ranges of unsigned patterns, after H. S. Warren: Hacker's Delight, 2nd ed., §4-3.
enum BitwiseBounds {
    static func and(_ x: Span, _ y: Span) -> Span {
        let complement = or(Span(low: ~x.high, high: ~x.low), Span(low: ~y.high, high: ~y.low))
        return Span(low: ~complement.high, high: ~complement.low)
    }

    static func or(_ x: Span, _ y: Span) -> Span {
        Span(low: smallestOr(x, y), high: largestOr(x, y))
    }

    /// Going down from the top bit, the first operand that can be raised to a bit the other has anyway may clear all
    /// its lower bits; nothing below can save more.
    private static func smallestOr(_ x: Span, _ y: Span) -> UInt64 {
        var candidates = x.low ^ y.low
        while candidates != 0 {
            let bit = UInt64(1) << UInt64(63 - candidates.leadingZeroBitCount)
            candidates ^= bit
            let lifted = x.low & bit == 0 ? x : y
            let raised = (lifted.low | bit) & ~(bit - 1)
            if raised <= lifted.high { return raised | (x.low & bit == 0 ? y.low : x.low) }
        }
        return x.low | y.low
    }

    /// Going down from the top bit, the first bit that both upper bounds have is superfluous in one of them: dropping it
    /// there sets all its lower bits.
    private static func largestOr(_ x: Span, _ y: Span) -> UInt64 {
        var candidates = x.high & y.high
        while candidates != 0 {
            let bit = UInt64(1) << UInt64(63 - candidates.leadingZeroBitCount)
            candidates ^= bit
            if (x.high ^ bit) | (bit - 1) >= x.low || (y.high ^ bit) | (bit - 1) >= y.low {
                return x.high | y.high | (bit - 1)
            }
        }
        return x.high | y.high
    }

    /// Appends bounds of `x ^ y`: exact for aligned blocks, else after at most `splits` halvings the common prefix.
    static func appendXor(_ x: Span, _ y: Span, splits: Int, to result: inout SpanList) {
        let wider = x.low ^ x.high >= y.low ^ y.high ? x : y
        let other = x.low ^ x.high >= y.low ^ y.high ? y : x
        let difference = wider.low ^ wider.high
        let varying = difference == 0 ? 0 : UInt64.max >> UInt64(difference.leadingZeroBitCount)
        if wider.low & varying == 0 && wider.high & varying == varying || splits == 0 {
            // The other operand varies in no higher bit, so the result is (for a whole block: all of) one aligned block.
            let prefix = (wider.low ^ other.low) & ~varying
            let isWhole = wider.low & varying == 0 && wider.high & varying == varying
            result.append(isWhole ? Span(low: prefix, high: prefix | varying) : xorBounds(x, y))
            return
        }
        let middle = wider.high & ~(varying >> 1)
        appendXor(Span(low: wider.low, high: middle - 1), other, splits: splits - 1, to: &result)
        appendXor(Span(low: middle, high: wider.high), other, splits: splits - 1, to: &result)
    }

    /// `x ^ y` is `(x & ~y) | (~x & y)`, whose disjoint parts have tight bounds each.
    private static func xorBounds(_ x: Span, _ y: Span) -> Span {
        let notX = Span(low: ~x.high, high: ~x.low)
        let notY = Span(low: ~y.high, high: ~y.low)
        let viaOr = or(and(x, notY), and(notX, y))
        let prefixVarying = (x.low ^ x.high) | (y.low ^ y.high)
        let varying = prefixVarying == 0 ? 0 : UInt64.max >> UInt64(prefixVarying.leadingZeroBitCount)
        let prefix = (x.low ^ y.low) & ~varying
        return Span(low: Swift.max(viaOr.low, prefix), high: Swift.min(viaOr.high, prefix | varying))
    }
}
