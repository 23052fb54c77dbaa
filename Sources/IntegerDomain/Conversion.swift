extension IntValue {
    /// The exact C conversion to another format: modulo 2^width, or value-preserving where every value fits.
    public func converted(to f: IntFormat) -> IntValue {
        if f == format { return self }
        if isBottom { return .bottom(f) }
        var result = SpanList()
        for index in 0..<spans.count {
            let interval = interval(at: index)
            result.append(wrapping: interval.low, interval.high, f)
        }
        let known = knownBits.extended(from: format).truncated(f.allOnes)
        return IntValue(canonicalizing: result, known: known, format: f)
    }

    /// The conversion to C `_Bool`: whether the value is not 0.
    public func toBool() -> IntValue {
        if isBottom { return .bottom(.bool) }
        if !contains(0) { return .constant(1, .bool) }
        return constantKey == nil ? .top(.bool) : .constant(0, .bool)
    }

    /// The members that conversion to `result.format` can turn into members of `result`.
    public func refiningConversion(result: IntValue) -> IntValue {
        let target = result.format
        if isBottom || result.isBottom { return .bottom(format) }
        if target == format { return meet(result) }
        if target.width >= format.width || fits(target) {
            // Different members have different images, so converting the possible images back inverts the conversion.
            return meet(result.meet(converted(to: target)).converted(to: format))
        }
        let known = KnownBits(
            value: result.knownBits.value,
            mask: result.knownBits.mask | (format.allOnes & ~target.allOnes))
        return maskPreimage(target.allOnes, result.patternSpans).meet(known)
    }

    /// The members that `toBool()` can turn into members of `result`.
    public func refiningToBool(result: IntValue) -> IntValue {
        switch (result.contains(0), result.contains(1)) {
        case (true, true): self
        case (true, false): clamped(low: 0, high: 0)
        case (false, true): excluding(0)
        case (false, false): .bottom(format)
        }
    }
}

// MARK: - Bit patterns

extension IntValue {
    /// The spans in terms of unsigned bit patterns, ascending; a span with both signs becomes two.
    var patternSpans: SpanList {
        let bias = format.bias
        if bias == 0 { return spans }
        var nonNegative = SpanList()
        var negative = SpanList()
        for index in 0..<spans.count {
            let span = spans[index]
            if span.low < bias {
                negative.append(Span(low: span.low ^ bias, high: Swift.min(span.high, bias - 1) ^ bias))
            }
            if span.high >= bias {
                nonNegative.append(Span(low: Swift.max(span.low, bias) ^ bias, high: span.high ^ bias))
            }
        }
        nonNegative.append(contentsOf: negative)
        return nonNegative
    }
}

extension SpanList {
    /// Translates spans of patterns to spans of keys.
    func keys(fromPatternsOf format: IntFormat) -> SpanList {
        let bias = format.bias
        if bias == 0 { return self }
        var result = SpanList()
        for index in 0..<count {
            let span = self[index]
            if (span.low ^ span.high) & bias == 0 {
                result.append(Span(low: span.low ^ bias, high: span.high ^ bias))
            } else {
                result.append(Span(low: span.low ^ bias, high: format.allOnes))
                result.append(Span(low: 0, high: span.high ^ bias))
            }
        }
        return result
    }
}
