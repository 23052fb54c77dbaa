/// A closed range of keys.
///
/// The key of a value is its distance from the smallest value of its format, i.e. the bit pattern with the sign bit
/// flipped for signed formats. Keys fit 64 bits and are ordered like the values, so one unsigned implementation serves
/// both signednesses; and since flipping the top bit is adding half the modulus, keys wrap around just like patterns.
struct Span: Hashable, Sendable {
    var low: UInt64
    var high: UInt64

    @inline(__always) init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Number of keys minus one, which unlike the number itself fits 64 bits.
    @inline(__always) var spread: UInt64 { high &- low }

    /// The union, nil if there is a gap.
    @inline(__always) func union(_ other: Span) -> Span? {
        let hull = Span(low: Swift.min(low, other.low), high: Swift.max(high, other.high))
        let inner = Swift.max(low, other.low)
        return inner == 0 || inner - 1 <= Swift.min(high, other.high) ? hull : nil
    }
}

/// A list of spans with room for two before it allocates.
struct SpanList: Hashable, Sendable {
    /// Most spans an abstract value keeps.
    static let capacity = 8

    private(set) var first = Span(low: 0, high: 0)
    private var second = Span(low: 0, high: 0)
    private var rest: [Span] = []
    private var size: UInt16 = 0

    init() {}

    @inline(__always) init(_ span: Span) {
        first = span
        size = 1
    }

    @inline(__always) var count: Int { Int(size) }

    /// The final span; the list must not be empty.
    @inline(__always) var last: Span { self[count - 1] }

    @inline(__always) subscript(index: Int) -> Span {
        get {
            switch index {
            case 0: first
            case 1: second
            default: rest[index - 2]
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            default: rest[index - 2] = newValue
            }
        }
    }

    @inline(__always) mutating func append(_ span: Span) {
        switch size {
        case 0: first = span
        case 1: second = span
        default: rest.append(span)
        }
        size += 1
    }

    mutating func append(contentsOf other: SpanList) {
        for index in 0..<other.count { append(other[index]) }
    }

    /// Appends the keys from `low` up over `spread` more, wrapping around at `allOnes`.
    @inline(__always) mutating func appendCyclic(low: UInt64, spread: UInt64, allOnes: UInt64) {
        if spread >= allOnes {
            append(Span(low: 0, high: allOnes))
            return
        }
        let high = (low &+ spread) & allOnes
        if low <= high {
            append(Span(low: low, high: high))
        } else {
            append(Span(low: 0, high: high))
            append(Span(low: low, high: allOnes))
        }
    }

    /// Appends the values `low...high` wrapped into `format`.
    mutating func append(wrapping low: Int128, _ high: Int128, _ format: IntFormat) {
        let allOnes = format.allOnes
        let difference = high - low
        let spread = difference >= Int128(allOnes) ? allOnes : UInt64(truncatingIfNeeded: difference)
        appendCyclic(low: format.key(wrapping: low), spread: spread, allOnes: allOnes)
    }

    /// Appends the part of the values `low...high` that `format` can represent.
    mutating func append(clamping low: Int128, _ high: Int128, _ format: IntFormat) {
        let low = Swift.max(low, format.min)
        let high = Swift.min(high, format.max)
        if low <= high { append(Span(low: format.key(wrapping: low), high: format.key(wrapping: high))) }
    }

    /// Ascending, with overlapping and adjacent spans fused.
    func ordered() -> SpanList {
        if count < 2 { return self }
        var isOrdered = true
        for index in 1..<count where self[index - 1].high >= self[index].low || self[index].low - self[index - 1].high == 1 {
            isOrdered = false
            break
        }
        if isOrdered { return self }
        if count == 2 { return first.low <= second.low ? first.fused(second) : second.fused(first) }
        var sorted = (0..<count).map { self[$0] }
        sorted.sort { $0.low < $1.low }
        var result = SpanList(sorted[0])
        for span in sorted.dropFirst() {
            let end = result.last.high
            if end == .max || span.low <= end + 1 {
                result[result.count - 1].high = Swift.max(end, span.high)
            } else {
                result.append(span)
            }
        }
        return result
    }

    /// Keys in both lists; both must be ordered.
    func intersection(_ other: SpanList) -> SpanList {
        var result = SpanList()
        var mine = 0
        var theirs = 0
        while mine < count && theirs < other.count {
            let left = self[mine]
            let right = other[theirs]
            let low = Swift.max(left.low, right.low)
            let high = Swift.min(left.high, right.high)
            if low <= high { result.append(Span(low: low, high: high)) }
            if left.high < right.high { mine += 1 } else { theirs += 1 }
        }
        return result
    }

    /// Keys up to `allOnes` that are in no span; the list must be ordered.
    func complement(upTo allOnes: UInt64) -> SpanList {
        var result = SpanList()
        var next: UInt64 = 0
        for index in 0..<count {
            let span = self[index]
            if span.low > next { result.append(Span(low: next, high: span.low - 1)) }
            if span.high >= allOnes { return result }
            next = span.high + 1
        }
        result.append(Span(low: next, high: allOnes))
        return result
    }

    /// The span holding `key`; the list must be ordered.
    @inline(__always) func span(containing key: UInt64) -> Span? {
        for index in 0..<count {
            let span = self[index]
            if key <= span.high { return key >= span.low ? span : nil }
        }
        return nil
    }
}

extension Span {
    /// This span and a later one, fused when nothing lies between them.
    fileprivate func fused(_ later: Span) -> SpanList {
        if let hull = union(later) { return SpanList(hull) }
        var result = SpanList(self)
        result.append(later)
        return result
    }
}
