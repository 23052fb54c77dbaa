extension IntValue {
    /// The members `x` with `x & mask` in `targets`, ordered spans of bit patterns.
    ///
    /// Exact as long as the runs of such members are few; else the bounds of the span they are in are.
    func maskPreimage(_ mask: UInt64, _ targets: SpanList) -> IntValue {
        if isBottom { return self }
        let patterns = patternSpans
        let finder = MaskedPatternFinder(mask: mask, targets: targets, width: format.allOnes)
        var runs = SpanList()
        for index in 0..<patterns.count { finder.appendRuns(in: patterns[index], to: &runs) }
        return restricted(runs.keys(fromPatternsOf: format).ordered(), knownBits)
    }
}

/// Finds the patterns whose bits under a mask form a number in given spans.
private struct MaskedPatternFinder {
    let mask: UInt64
    let targets: SpanList
    let misses: SpanList
    let width: UInt64

    init(mask: UInt64, targets: SpanList, width: UInt64) {
        self.mask = mask
        self.targets = targets
        self.misses = targets.complement(upTo: width)
        self.width = width
    }

    /// Appends the runs of matching patterns in `range`, or one span around them all if there are many.
    func appendRuns(in range: Span, to result: inout SpanList) {
        guard let start = first(from: range.low, in: targets), start <= range.high else { return }
        // The pattern of matches repeats with the period of the mask's highest bit.
        let period = UInt64(64 - mask.leadingZeroBitCount)
        let periods = period == 64 ? 0 : range.spread >> period
        var runs = SpanList()
        var next: UInt64? = periods > UInt64(SpanList.capacity) ? nil : start
        var isComplete = next != nil
        while let low = next {
            if runs.count == SpanList.capacity {
                isComplete = false
                break
            }
            let miss = first(from: low, in: misses)
            let high = Swift.min(range.high, miss.map { $0 - 1 } ?? width)
            runs.append(Span(low: low, high: high))
            next = high == range.high ? nil : first(from: high + 1, in: targets).flatMap { $0 <= range.high ? $0 : nil }
        }
        if isComplete {
            result.append(contentsOf: runs)
        } else {
            result.append(Span(low: start, high: last(upTo: range.high) ?? range.high))
        }
    }

    /// Smallest pattern not below `bound` whose masked bits are in one of `spans`.
    private func first(from bound: UInt64, in spans: SpanList) -> UInt64? {
        if spans.span(containing: bound & mask) != nil { return bound }
        var best: UInt64?
        for index in 0..<spans.count {
            if let found = first(from: bound, in: spans[index]) { best = Swift.min(best ?? found, found) }
        }
        return best
    }

    /// Largest pattern not above `bound` whose masked bits are in `targets`.
    private func last(upTo bound: UInt64) -> UInt64? {
        // Complementing all bits reverses the order and turns the masked number y into mask - y.
        var best: UInt64?
        for index in 0..<targets.count {
            let span = targets[index]
            if span.low > mask { continue }
            let mirrored = Span(low: mask - Swift.min(span.high, mask), high: mask - span.low)
            if let found = first(from: ~bound & width, in: mirrored).map({ ~$0 & width }) {
                best = Swift.max(best ?? found, found)
            }
        }
        return best
    }

    /// A larger pattern shares a prefix with `bound`, continues with 1 where the bound has 0, and is free below: the
    /// longest prefix that admits a match gives the smallest pattern.
    private func first(from bound: UInt64, in span: Span) -> UInt64? {
        let masked = bound & mask
        if masked >= span.low && masked <= span.high { return bound }
        var zeros = width & ~bound
        while zeros != 0 {
            let bit = zeros & (0 &- zeros)
            zeros ^= bit
            let prefix = (bound & ~(bit - 1)) | bit
            let choices = KnownBits(value: prefix & mask, mask: mask & (bit - 1))
            if let match = choices.firstMember(from: span.low), match <= span.high { return prefix | match }
        }
        return nil
    }
}
