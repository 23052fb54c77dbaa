/// Most divisors or shift counts that are treated one by one.
private let divisorLimit = 8

extension IntValue {
    /// The spans as value intervals without 0, so that every interval has one sign.
    var intervalsBySign: [Interval] {
        var result: [Interval] = []
        for index in 0..<spans.count {
            let interval = interval(at: index)
            if interval.low < 0 { result.append(Interval(low: interval.low, high: Swift.min(interval.high, -1))) }
            if interval.high > 0 { result.append(Interval(low: Swift.max(interval.low, 1), high: interval.high)) }
        }
        return result
    }

    /// The divisors other than 0, one by one if they are few, else as intervals of one sign.
    var divisorIntervals: [Interval] {
        guard let keys = keys(limit: divisorLimit) else { return intervalsBySign }
        return keys.map(format.value(ofKey:)).filter { $0 != 0 }.map { Interval(low: $0, high: $0) }
    }

    static func quotient(_ a: IntValue, _ b: IntValue) -> IntValue {
        let format = a.format
        var result = SpanList()
        for divisor in b.divisorIntervals {
            for index in 0..<a.spans.count {
                // Truncating division is monotone in the dividend, and in divisors of one sign for either sign of the
                // dividend: the corners bound it. The smallest value by -1 exceeds the format and is wrapped back.
                let dividend = a.interval(at: index)
                let corners = [
                    dividend.low / divisor.low, dividend.low / divisor.high,
                    dividend.high / divisor.low, dividend.high / divisor.high,
                ]
                let low = corners.reduce(corners[0]) { Swift.min($0, $1) }
                let high = corners.reduce(corners[0]) { Swift.max($0, $1) }
                result.append(wrapping: low, high, format)
            }
        }
        return IntValue(result, format)
    }

    static func remainder(_ a: IntValue, _ b: IntValue) -> IntValue {
        let format = a.format
        var result = SpanList()
        for divisor in b.divisorIntervals {
            // The sign of the divisor does not matter; the sign of the remainder is that of the dividend.
            let smallest = Swift.min(divisor.low.magnitude, divisor.high.magnitude)
            let largest = Swift.max(divisor.low.magnitude, divisor.high.magnitude)
            for index in 0..<a.spans.count {
                let dividend = a.interval(at: index)
                if dividend.high >= 0 {
                    let magnitudes = Swift.max(dividend.low, 0).magnitude...dividend.high.magnitude
                    for part in remainders(of: magnitudes, modulo: smallest...largest) {
                        result.append(clamping: Int128(part.lowerBound), Int128(part.upperBound), format)
                    }
                }
                if dividend.low < 0 {
                    let magnitudes = Swift.min(dividend.high, -1).magnitude...dividend.low.magnitude
                    for part in remainders(of: magnitudes, modulo: smallest...largest) {
                        result.append(clamping: -Int128(part.upperBound), -Int128(part.lowerBound), format)
                    }
                }
            }
        }
        return IntValue(canonicalizing: result, known: remainderBits(a.knownBits, b, format), format: format)
    }

    /// A dividend and its remainder differ by a multiple of the divisor, so they share the bits in which all divisors
    /// have trailing zeros.
    static func remainderBits(_ dividend: KnownBits, _ b: IntValue, _ format: IntFormat) -> KnownBits {
        let varying = b.knownBits.value | b.knownBits.mask
        let shared = varying == 0 ? format.allOnes : (varying & (0 &- varying)) - 1
        return KnownBits(value: dividend.value, mask: dividend.mask | (format.allOnes & ~shared))
    }

    /// Bounds of `x % y` for non-negative `x` and positive `y`: one or two ranges.
    private static func remainders(
        of x: ClosedRange<UInt128>, modulo y: ClosedRange<UInt128>
    ) -> [ClosedRange<UInt128>] {
        if x.upperBound < y.lowerBound { return [x] }
        let widest = 0...Swift.min(x.upperBound, y.upperBound - 1)
        guard y.lowerBound == y.upperBound else {
            // One quotient throughout means no wrap from y - 1 to 0 anywhere: x - q·y is monotone in both.
            let quotient = x.lowerBound / y.upperBound
            guard quotient == x.upperBound / y.lowerBound else { return [widest] }
            return [(x.lowerBound - quotient * y.upperBound)...(x.upperBound - quotient * y.lowerBound)]
        }
        let modulus = y.lowerBound
        if x.upperBound - x.lowerBound >= modulus - 1 { return [0...(modulus - 1)] }
        let low = x.lowerBound % modulus
        let high = x.upperBound % modulus
        return low <= high ? [low...high] : [0...high, low...(modulus - 1)]
    }
}
