/// Most operand pairs worth evaluating one by one, which yields the best result.
let defaultEnumerationLimit = 32

extension IntValue {
    /// The results of `a op b` in the format of `a`, in two's-complement wrap-around arithmetic.
    ///
    /// Zero divisors have no result. A shift count outside `0..<width` can have any result.
    public static func apply(_ op: BinaryOp, _ a: IntValue, _ b: IntValue) -> IntValue {
        apply(op, a, b, enumerationLimit: defaultEnumerationLimit)
    }

    /// `enumerationLimit` is the number of operand pairs up to which they are evaluated one by one.
    static func apply(_ op: BinaryOp, _ a: IntValue, _ b: IntValue, enumerationLimit: Int) -> IntValue {
        if a.isBottom || b.isBottom { return .bottom(a.format) }
        let b = op.isShift ? b : b.inFormat(of: a)
        if let left = a.constantKey, let right = b.constantKey {
            guard let result = op.evaluate(left, a.format, right, b.format) else {
                return op.isShift ? .top(a.format) : .bottom(a.format)
            }
            return IntValue(key: result, a.format)
        }
        switch op {
        case .add: return sum(a, b)
        case .sub: return difference(a, b)
        default: break
        }
        if let results = enumerated(op, a, b, limit: enumerationLimit) { return results }
        switch op {
        case .add, .sub: return .top(a.format)
        case .mul: return product(a, b)
        case .div: return quotient(a, b)
        case .rem: return remainder(a, b)
        case .and: return conjunction(a, b)
        case .or: return disjunction(a, b)
        case .xor: return exclusiveDisjunction(a, b)
        case .shl: return shiftedLeft(a, by: b)
        case .shr: return shiftedRight(a, by: b)
        }
    }

    /// The results of a unary operator, in the format of its operand.
    public static func apply(_ op: UnaryOp, _ a: IntValue) -> IntValue {
        let format = a.format
        let allOnes = format.allOnes
        var result = SpanList()
        for index in 0..<a.spans.count {
            let span = a.spans[index]
            // Negation maps key k (value k - bias) to 2·bias - k, and complement to -1 - value, i.e. allOnes - k.
            let origin = op == .neg ? format.bias &* 2 : allOnes
            result.appendCyclic(low: (origin &- span.high) & allOnes, spread: span.spread, allOnes: allOnes)
        }
        let known = switch op {
        case .neg: KnownBits(value: 0, mask: 0).subtracting(a.knownBits).truncated(allOnes)
        case .not: KnownBits(value: ~a.knownBits.value & allOnes, mask: a.knownBits.mask)
        }
        return IntValue(canonicalizing: result, known: known, format: format)
    }

    /// All results of small operands, nil if there are too many pairs or a result is arbitrary.
    private static func enumerated(_ op: BinaryOp, _ a: IntValue, _ b: IntValue, limit: Int) -> IntValue? {
        guard limit > 0, a.hasFewMembers(limit), let right = b.keys(limit: limit),
            let left = a.keys(limit: limit / right.count)
        else { return nil }
        var results: [UInt64] = []
        results.reserveCapacity(left.count * right.count)
        for y in right {
            for x in left {
                if let result = op.evaluate(x, a.format, y, b.format) {
                    results.append(result)
                } else if op.isShift {
                    return nil
                }
            }
        }
        return IntValue(keys: results, a.format)
    }

    /// The set of these keys.
    init(keys: [UInt64], _ format: IntFormat) {
        var spans = SpanList()
        for key in keys.sorted() {
            if spans.count > 0, key <= spans.last.high &+ 1, key != 0 {
                spans[spans.count - 1].high = key
            } else if spans.count == 0 || key != spans.last.high {
                spans.append(Span(low: key, high: key))
            }
        }
        var known: KnownBits?
        for key in keys {
            let bits = KnownBits(value: key ^ format.bias, mask: 0)
            known = known?.join(bits) ?? bits
        }
        self.init(canonicalizing: spans, known: known ?? KnownBits(value: 0, mask: 0), format: format)
    }
}

extension BinaryOp {
    @inline(__always) var isShift: Bool { self == .shl || self == .shr }

    /// The key of `left op right`; nil for a zero divisor or an oversized shift count.
    func evaluate(_ left: UInt64, _ format: IntFormat, _ right: UInt64, _ rightFormat: IntFormat) -> UInt64? {
        let bias = format.bias
        let x = left ^ bias
        let y = right ^ rightFormat.bias
        let result: UInt64
        switch self {
        case .add: result = x &+ y
        case .sub: result = x &- y
        case .mul: result = x &* y
        case .and: result = x & y
        case .or: result = x | y
        case .xor: result = x ^ y
        case .div, .rem:
            if y == 0 { return nil }
            let dividend = format.value(ofKey: left)
            let divisor = format.value(ofKey: right)
            result = UInt64(truncatingIfNeeded: self == .div ? dividend / divisor : dividend % divisor)
        case .shl, .shr:
            let count = rightFormat.value(ofKey: right)
            if count < 0 || count >= Int128(format.width) { return nil }
            result = self == .shl ? x << y : UInt64(truncatingIfNeeded: format.value(ofKey: left) >> count)
        }
        return (result & format.allOnes) ^ bias
    }
}

// MARK: - Addition, subtraction, multiplication

extension IntValue {
    private static func sum(_ a: IntValue, _ b: IntValue) -> IntValue {
        let allOnes = a.format.allOnes
        var result = SpanList()
        pairs: for i in 0..<a.spans.count {
            for j in 0..<b.spans.count {
                let (x, y) = (a.spans[i], b.spans[j])
                let (spread, overflow) = x.spread.addingReportingOverflow(y.spread)
                if overflow || spread >= allOnes {
                    result = SpanList(a.format.fullSpan)
                    break pairs
                }
                // Both keys contain the bias, the key of the sum contains it once.
                result.appendCyclic(low: (x.low &+ y.low &- a.format.bias) & allOnes, spread: spread, allOnes: allOnes)
            }
        }
        let known = a.knownBits.adding(b.knownBits).truncated(allOnes)
        return IntValue(canonicalizing: result, known: known, format: a.format)
    }

    private static func difference(_ a: IntValue, _ b: IntValue) -> IntValue {
        let allOnes = a.format.allOnes
        var result = SpanList()
        pairs: for i in 0..<a.spans.count {
            for j in 0..<b.spans.count {
                let (x, y) = (a.spans[i], b.spans[j])
                let (spread, overflow) = x.spread.addingReportingOverflow(y.spread)
                if overflow || spread >= allOnes {
                    result = SpanList(a.format.fullSpan)
                    break pairs
                }
                result.appendCyclic(low: (x.low &- y.high &+ a.format.bias) & allOnes, spread: spread, allOnes: allOnes)
            }
        }
        let known = a.knownBits.subtracting(b.knownBits).truncated(allOnes)
        return IntValue(canonicalizing: result, known: known, format: a.format)
    }

    private static func product(_ a: IntValue, _ b: IntValue) -> IntValue {
        let format = a.format
        var result = SpanList()
        pairs: for i in 0..<a.spans.count {
            for j in 0..<b.spans.count {
                guard let bounds = productBounds(a.balancedInterval(at: i), b.balancedInterval(at: j)) else {
                    result = SpanList(format.fullSpan)
                    break pairs
                }
                result.append(wrapping: bounds.low, bounds.high, format)
            }
        }
        let known = a.knownBits.multiplied(by: b.knownBits).truncated(format.allOnes)
        return IntValue(canonicalizing: result, known: known, format: format)
    }

    /// The interval, moved below 0 by one modulus if all of it has the top bit: multiplication is the same modulo 2^width
    /// and smaller factors make for a smaller product.
    private func balancedInterval(at index: Int) -> Interval {
        let interval = interval(at: index)
        guard !format.isSigned, interval.low > format.max / 2 else { return interval }
        return Interval(low: interval.low - format.modulus, high: interval.high - format.modulus)
    }

    /// Bounds of the mathematical products, nil if they exceed 128 bits: they then span more than any format.
    static func productBounds(_ x: Interval, _ y: Interval) -> Interval? {
        var bounds: Interval?
        for left in [x.low, x.high] {
            for right in [y.low, y.high] {
                let (product, overflow) = left.multipliedReportingOverflow(by: right)
                if overflow { return nil }
                bounds = Interval(
                    low: Swift.min(bounds?.low ?? product, product), high: Swift.max(bounds?.high ?? product, product))
            }
        }
        return bounds
    }
}
