// Backward multiplication, division and remainder.

extension IntValue {
    static func refineProduct(_ a: IntValue, _ b: IntValue, _ r: IntValue) -> (IntValue, IntValue) {
        var left = a
        var right = b
        if !r.contains(0) {
            left = left.excluding(0)
            right = right.excluding(0)
        }
        // An odd product has odd factors.
        if r.knownBits.value & 1 == 1 {
            let odd = KnownBits(value: 1, mask: a.format.allOnes & ~1)
            left = left.meet(odd)
            right = right.meet(odd)
        }
        left = left.refinedFactor(of: r, with: right)
        if left.isBottom { return (left, right) }
        right = right.refinedFactor(of: r, with: left)
        return (left, right)
    }

    private func refinedFactor(of r: IntValue, with partner: IntValue) -> IntValue {
        var refined = self
        if let constant = partner.constantPattern {
            if constant == 0 { return r.contains(0) ? self : .bottom(format) }
            // constant = odd · 2^k. Odd numbers have inverses modulo 2^width, which leaves a left shift by k.
            let shift = UInt64(constant.trailingZeroBitCount)
            let inverse = IntValue(key: (Self.inverse(of: constant >> shift) & format.allOnes) ^ format.bias, format)
            refined = refined.shiftLeftPreimage(shift, IntValue.apply(.mul, r, inverse))
        }
        guard let low = refined.min, let high = refined.max, let partnerLow = partner.min, let partnerHigh = partner.max,
            let bounds = Self.productBounds(
                Interval(low: low, high: high), Interval(low: partnerLow, high: partnerHigh)),
            bounds.low >= format.min, bounds.high <= format.max,
            !(partner.contains(0) && r.contains(0))
        else { return refined }
        // Nothing wraps around, so the factor is an exact quotient.
        var cases = SpanList()
        for divisor in partner.divisorIntervals {
            for index in 0..<r.spans.count {
                let product = r.interval(at: index)
                let corners = [
                    (product.low, divisor.low), (product.low, divisor.high),
                    (product.high, divisor.low), (product.high, divisor.high),
                ]
                // The ceiling of a quotient is the negated floor of its negation.
                let least = corners.map { -Self.floorQuotient(-$0, $1) }.min() ?? format.min
                let most = corners.map { Self.floorQuotient($0, $1) }.max() ?? format.max
                cases.append(clamping: least, most, format)
            }
        }
        return refined.meet(IntValue(cases, format))
    }

    /// The quotient rounded towards minus infinity.
    private static func floorQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let quotient = dividend / divisor
        let isRoundedUp = dividend % divisor != 0 && (dividend < 0) != (divisor < 0)
        return isRoundedUp ? quotient - 1 : quotient
    }

    /// Inverse of an odd number modulo 2^64 by Newton's iteration, which doubles the number of correct bits from three.
    private static func inverse(of odd: UInt64) -> UInt64 {
        var result = odd
        for _ in 0..<5 { result = result &* (2 &- odd &* result) }
        return result
    }
}

// MARK: - Division

extension IntValue {
    static func refineQuotient(_ a: IntValue, _ b: IntValue, _ r: IntValue) -> (IntValue, IntValue) {
        let format = a.format
        let divisors = b.excluding(0)
        var sources = SpanList()
        var kept = SpanList()
        for divisor in divisors.divisorIntervals {
            var own = SpanList()
            for index in 0..<r.spans.count {
                let quotient = r.interval(at: index)
                let bounds = divisor.low > 0
                    ? dividends(quotient, divisor)
                    : dividends(
                        Interval(low: -quotient.high, high: -quotient.low),
                        Interval(low: -divisor.high, high: -divisor.low))
                own.append(clamping: bounds.low, bounds.high, format)
            }
            // The one quotient that wraps around: the smallest value divided by -1 is itself.
            if divisor.high == -1, r.contains(format.min) { own.append(clamping: format.min, format.min, format) }
            if own.count == 0 || a.isDisjoint(from: IntValue(own, format)) { continue }
            sources.append(contentsOf: own)
            kept.append(clamping: divisor.low, divisor.high, format)
        }
        let left = a.meet(IntValue(sources, format))
        let right = divisors.meet(IntValue(kept, format))
        return (left, left.boundedDivisor(right, r))
    }

    /// The dividends that a positive divisor can bring to `quotient` by truncation.
    private static func dividends(_ quotient: Interval, _ divisor: Interval) -> Interval {
        let low = quotient.low > 0
            ? saturatingProduct(quotient.low, divisor.low)
            : saturatingProduct(quotient.low, divisor.high) - (divisor.high - 1)
        let high = quotient.high < 0
            ? saturatingProduct(quotient.high, divisor.low)
            : saturatingProduct(quotient.high, divisor.high) + (divisor.high - 1)
        return Interval(low: low, high: high)
    }

    /// A product that is cut off well outside every format but where adding another value cannot overflow.
    private static func saturatingProduct(_ x: Int128, _ y: Int128) -> Int128 {
        let (product, overflow) = x.multipliedReportingOverflow(by: y)
        let bound = Int128(1) << 100
        if overflow { return (x < 0) == (y < 0) ? bound : -bound }
        return Swift.max(-bound, Swift.min(bound, product))
    }

    /// Bounds of the divisor where nothing is negative: `quotient <= dividend / divisor < quotient + 1`.
    private func boundedDivisor(_ divisor: IntValue, _ quotient: IntValue) -> IntValue {
        guard let low = min, let high = max, let least = quotient.min, let most = quotient.max,
            low >= 0, least >= 0, (divisor.min ?? 0) > 0
        else { return divisor }
        return divisor.clamped(low: low / (most + 1) + 1, high: least > 0 ? high / least : nil)
    }
}

// MARK: - Remainder

extension IntValue {
    static func refineRemainder(_ a: IntValue, _ b: IntValue, _ r: IntValue) -> (IntValue, IntValue) {
        let format = a.format
        let varying = b.knownBits.value | b.knownBits.mask
        let shared = (varying & (0 &- varying)) &- 1
        let aligned = KnownBits(value: r.knownBits.value, mask: r.knownBits.mask | (format.allOnes & ~shared))
        // A divisor exceeds the remainder in magnitude, a dividend is no less, and has its sign.
        let least = r.leastMagnitude
        var left = a.meet(varying == 0 ? nil : aligned).excluding(from: 1 - least, through: least - 1)
        let right = b.excluding(from: -least, through: least)
        if let most = r.max, most < 0 { left = left.clamped(low: nil, high: most) }
        if let low = r.min, low > 0 { left = left.clamped(low: low, high: nil) }
        if left.isBottom || right.isBottom { return (left, right) }
        var sources = SpanList()
        var kept = SpanList()
        for divisor in right.divisorIntervals {
            var own = SpanList()
            if divisor.low == divisor.high {
                left.appendDividends(modulo: Int128(divisor.low.magnitude), r, to: &own)
            } else {
                left.appendDividends(modulo: divisor, r, to: &own)
            }
            if own.count == 0 || left.isDisjoint(from: IntValue(own, format)) { continue }
            sources.append(contentsOf: own)
            kept.append(clamping: divisor.low, divisor.high, format)
        }
        return (left.meet(IntValue(sources, format)), right.meet(IntValue(kept, format)))
    }

    private var leastMagnitude: Int128 {
        var least = Int128(1) << 64
        for index in 0..<spans.count {
            let interval = interval(at: index)
            if interval.low <= 0 && interval.high >= 0 { return contains(0) ? 0 : 1 }
            least = Swift.min(least, Swift.min(Int128(interval.low.magnitude), Int128(interval.high.magnitude)))
        }
        return least
    }

    /// For divisors of one sign: dividends smaller than all of them are their own remainders, others stay.
    private func appendDividends(modulo divisor: Interval, _ r: IntValue, to result: inout SpanList) {
        let least = Swift.min(Int128(divisor.low.magnitude), Int128(divisor.high.magnitude))
        for index in 0..<spans.count {
            let interval = interval(at: index)
            result.append(clamping: Swift.max(interval.low, least), interval.high, format)
            result.append(clamping: interval.low, Swift.min(interval.high, -least), format)
        }
        let unchanged = clamped(low: 1 - least, high: least - 1).meet(r)
        result.append(contentsOf: unchanged.spans)
    }

    /// Appends the dividends in `self` that leave a remainder in `r`, exactly for a few periods, else in bounds.
    private func appendDividends(modulo modulus: Int128, _ r: IntValue, to result: inout SpanList) {
        let upward = r.clamped(low: 0, high: modulus - 1).intervals
        let downward = r.clamped(low: 1 - modulus, high: 0).intervals.reversed()
            .map { Interval(low: -$0.high, high: -$0.low) }
        for index in 0..<spans.count {
            let interval = interval(at: index)
            if interval.high >= 0 {
                let range = Interval(low: Swift.max(interval.low, 0), high: interval.high)
                for part in Self.periodic(upward, modulus, in: range) {
                    result.append(clamping: part.low, part.high, format)
                }
            }
            if interval.low < 0 {
                let range = Interval(low: -Swift.min(interval.high, -1), high: -interval.low)
                for part in Self.periodic(downward, modulus, in: range) {
                    result.append(clamping: -part.high, -part.low, format)
                }
            }
        }
    }

    /// The numbers in `range`, which is not negative, that are congruent to a number in `residues` (ascending).
    private static func periodic(_ residues: [Interval], _ modulus: Int128, in range: Interval) -> [Interval] {
        guard let least = residues.first?.low, let most = residues.last?.high else { return [] }
        let firstPeriod = range.low / modulus
        let lastPeriod = range.high / modulus
        func copies(_ period: Int128) -> [Interval] {
            residues.compactMap { residue in
                let low = Swift.max(range.low, residue.low + period * modulus)
                let high = Swift.min(range.high, residue.high + period * modulus)
                return low <= high ? Interval(low: low, high: high) : nil
            }
        }
        if lastPeriod - firstPeriod <= Int128(SpanList.capacity) {
            var result: [Interval] = []
            var period = firstPeriod
            while period <= lastPeriod {
                result += copies(period)
                period += 1
            }
            return result
        }
        let low = copies(firstPeriod).first?.low ?? (firstPeriod + 1) * modulus + least
        let high = copies(lastPeriod).last?.high ?? (lastPeriod - 1) * modulus + most
        return [Interval(low: low, high: high)]
    }
}
