// The canonical form of a set of integers, on which `==` is semantic:
//
// 1. the known bits are the best tristate number of the set, its *grid*;
// 2. every span starts and ends in a member of the set;
// 3. the spans are the maximal runs of consecutive integers if there are at most `SpanList.capacity` of them, else the
//    maximal runs of consecutive *grid* members (so the multiples of 4 up to 400 are one span), the closest of which
//    are fused until `SpanList.capacity` remain.
//
// Fusing grid runs adds grid members only, so the grid stays the best one and one pass suffices.

extension IntValue {
    /// The set of the keys in `spans` (any order, overlaps allowed) whose patterns agree with `known`.
    init(canonicalizing spans: SpanList, known: KnownBits, format: IntFormat) {
        let grid = known.flipping(format.bias)
        let ordered = spans.ordered()
        if ordered.count == 1 {
            self.init(canonicalizing: ordered.first, grid: grid, format: format)
            return
        }
        var runs = SpanList()
        var best: KnownBits?
        for index in 0..<ordered.count {
            guard let run = grid.trimming(ordered[index]) else { continue }
            runs.append(run)
            let bits = grid.restricted(to: run)
            best = best?.join(bits) ?? bits
        }
        guard let best else {
            self.init(emptyOf: format)
            return
        }
        if best.mask & (best.mask &+ 1) != 0 { runs = runs.bridgingGaps(in: best) }
        if runs.count > SpanList.capacity { runs = runs.fusingClosest(keeping: SpanList.capacity) }
        self.init(canonical: runs.splitIntoBlocks(of: best) ?? runs, known: best.flipping(format.bias), format: format)
    }

    /// The common case of a single span; `grid` is the known bits in terms of keys.
    @inline(__always)
    init(canonicalizing span: Span, grid: KnownBits, format: IntFormat) {
        guard let run = grid.trimming(span) else {
            self.init(emptyOf: format)
            return
        }
        let best = grid.restricted(to: run)
        let runs = SpanList(run)
        let known = best.flipping(format.bias)
        if best.mask & (best.mask &+ 1) == 0 {
            self.init(canonical: runs, known: known, format: format)
        } else {
            self.init(canonical: runs.splitIntoBlocks(of: best) ?? runs, known: known, format: format)
        }
    }

    /// The keys in `spans` of `format`.
    init(_ spans: SpanList, _ format: IntFormat) {
        self.init(canonicalizing: spans, known: KnownBits(value: 0, mask: format.allOnes), format: format)
    }

    /// A cheap check that rules out most sets with more than `limit` members.
    @inline(__always) func hasFewMembers(_ limit: Int) -> Bool {
        let block = knownBits.blockOffsets
        for index in 0..<spans.count {
            let span = spans[index]
            if span.spread >= UInt64(limit) && span.low | block >= span.high { return false }
        }
        return true
    }

    /// All members' keys in ascending order, nil when there are more than `limit`.
    func keys(limit: Int) -> [UInt64]? {
        if !hasFewMembers(limit) { return nil }
        let grid = knownBits.flipping(format.bias)
        var result: [UInt64] = []
        for index in 0..<spans.count {
            let span = spans[index]
            var next: UInt64? = span.low
            while let key = next, key <= span.high {
                if result.count == limit { return nil }
                result.append(key)
                next = key == .max ? nil : grid.firstMember(from: key + 1)
            }
        }
        return result
    }
}

extension SpanList {
    /// Fuses neighbours that have no member of `grid` between them.
    fileprivate func bridgingGaps(in grid: KnownBits) -> SpanList {
        var result = SpanList(first)
        for index in 1..<Swift.max(count, 1) {
            let span = self[index]
            let end = result.last.high
            if grid.firstMember(from: end + 1) == span.low {
                result[result.count - 1].high = span.high
            } else {
                result.append(span)
            }
        }
        return result
    }

    /// Fuses across the narrowest gaps (the lowest first among equals) until `limit` spans are left.
    fileprivate func fusingClosest(keeping limit: Int) -> SpanList {
        let gaps = (1..<count).map { (after: $0 - 1, width: self[$0].low - self[$0 - 1].high) }
        let widest = gaps.sorted { $0.width != $1.width ? $0.width > $1.width : $0.after > $1.after }
        var result = SpanList()
        var low = first.low
        for index in widest.prefix(limit - 1).map(\.after).sorted() {
            result.append(Span(low: low, high: self[index].high))
            low = self[index + 1].low
        }
        result.append(Span(low: low, high: last.high))
        return result
    }

    /// The maximal runs of consecutive members of `grid`, nil when there are too many to keep.
    fileprivate func splitIntoBlocks(of grid: KnownBits) -> SpanList? {
        let block = grid.blockOffsets
        if block == grid.mask { return nil }
        var result = SpanList()
        for index in 0..<count {
            let span = self[index]
            var low = span.low
            while true {
                if result.count == SpanList.capacity { return nil }
                let end = low | block
                if end >= span.high {
                    result.append(Span(low: low, high: span.high))
                    break
                }
                result.append(Span(low: low, high: end))
                guard let next = grid.firstMember(from: end + 1) else { break }
                low = next
            }
        }
        return result
    }
}
