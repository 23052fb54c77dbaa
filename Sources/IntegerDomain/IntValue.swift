/// A set of integers of one format, abstracted as the reduced product of a few disjoint intervals and known bits.
///
/// Values are kept in a canonical form, so `==` compares the represented sets. Operations on values of different
/// formats convert the right operand to the format of the left one.
public struct IntValue: Hashable, Sendable {
    /// Maximal runs of the set in ascending order, as keys; see `Canonicalization.swift`.
    let spans: SpanList

    /// The format every member has.
    public let format: IntFormat

    /// Bits shared by all members' two's-complement patterns. Meaningless for the empty set.
    public let knownBits: KnownBits

    /// Trusts the caller that the parts are in canonical form.
    @inline(__always) init(canonical spans: SpanList, known: KnownBits, format: IntFormat) {
        self.spans = spans
        self.knownBits = known
        self.format = format
    }

    @inline(__always) init(emptyOf format: IntFormat) {
        self.init(canonical: SpanList(), known: KnownBits(value: 0, mask: 0), format: format)
    }

    /// The single value with this key.
    @inline(__always) init(key: UInt64, _ format: IntFormat) {
        let known = KnownBits(value: key ^ format.bias, mask: 0)
        self.init(canonical: SpanList(Span(low: key, high: key)), known: known, format: format)
    }

    /// All values of a format.
    public static func top(_ f: IntFormat) -> IntValue {
        IntValue(canonical: SpanList(f.fullSpan), known: KnownBits(value: 0, mask: f.allOnes), format: f)
    }

    /// No value.
    public static func bottom(_ f: IntFormat) -> IntValue { IntValue(emptyOf: f) }

    /// A single value, wrapped into the format.
    public static func constant(_ v: Int128, _ f: IntFormat) -> IntValue { IntValue(key: f.key(wrapping: v), f) }

    /// The values from `low` to `high` that the format can represent.
    public static func range(_ low: Int128, _ high: Int128, _ f: IntFormat) -> IntValue {
        var spans = SpanList()
        spans.append(clamping: low, high, f)
        return IntValue(spans, f)
    }

    /// The union of intervals, in any order, restricted to what the format can represent.
    public init(intervals: [Interval], format: IntFormat) {
        var spans = SpanList()
        for interval in intervals { spans.append(clamping: interval.low, interval.high, format) }
        self.init(spans, format)
    }

    /// The representable values in `intervals` whose bit patterns agree with `knownBits`.
    public init(intervals: [Interval], knownBits: KnownBits, format: IntFormat) {
        var spans = SpanList()
        for interval in intervals { spans.append(clamping: interval.low, interval.high, format) }
        self.init(canonicalizing: spans, known: knownBits.truncated(format.allOnes), format: format)
    }
}

// MARK: - Queries

extension IntValue {
    /// Whether the set is empty.
    public var isBottom: Bool { spans.count == 0 }

    /// Whether the set has every value of the format.
    public var isTop: Bool { spans.count == 1 && spans.first == format.fullSpan }

    /// Smallest member, nil if there is none.
    public var min: Int128? { isBottom ? nil : format.value(ofKey: spans.first.low) }

    /// Largest member, nil if there is none.
    public var max: Int128? { isBottom ? nil : format.value(ofKey: spans.last.high) }

    /// The only member, nil unless there is exactly one.
    public var constantValue: Int128? { constantKey.map(format.value(ofKey:)) }

    @inline(__always) var constantKey: UInt64? {
        spans.count == 1 && spans.first.low == spans.first.high ? spans.first.low : nil
    }

    /// Bit pattern of the only member.
    @inline(__always) var constantPattern: UInt64? { constantKey.map { $0 ^ format.bias } }

    /// Disjoint intervals in ascending order that cover the set; `knownBits` may exclude further values inside them.
    public var intervals: [Interval] { (0..<spans.count).map(interval(at:)) }

    @inline(__always) func interval(at index: Int) -> Interval {
        let span = spans[index]
        return Interval(low: format.value(ofKey: span.low), high: format.value(ofKey: span.high))
    }

    /// Whether a mathematical value is a member.
    public func contains(_ v: Int128) -> Bool {
        v >= format.min && v <= format.max && contains(key: format.key(wrapping: v))
    }

    @inline(__always) func contains(key: UInt64) -> Bool {
        knownBits.contains(key ^ format.bias) && spans.span(containing: key) != nil
    }

    /// Whether every member is representable in `f`.
    public func fits(_ f: IntFormat) -> Bool {
        guard let min, let max else { return true }
        return min >= f.min && max <= f.max
    }
}

extension IntValue: CustomStringConvertible {
    /// For example `[0, 4294967295]` or `{-22} ∪ [0, 5]`; known bits are shown where they exclude values of an interval.
    public var description: String {
        if isBottom { return "∅" }
        let parts = intervals.map { $0.low == $0.high ? "{\($0.low)}" : "[\($0.low), \($0.high)]" }
        return parts.joined(separator: " ∪ ") + gridDescription
    }

    private var gridDescription: String {
        let block = knownBits.blockOffsets
        let isExact = (0..<spans.count).allSatisfy { spans[$0].low | block >= spans[$0].high }
        if isExact { return "" }
        let lowKnown = knownBits.mask.trailingZeroBitCount
        let varying = knownBits.mask >> UInt64(lowKnown)
        if lowKnown > 0 && varying & (varying + 1) == 0 {
            let modulus = UInt64(1) << UInt64(lowKnown)
            return " (\(knownBits.value & (modulus - 1)) mod \(modulus))"
        }
        let digits = (0..<format.width).reversed().map { bit -> Character in
            if knownBits.mask >> UInt64(bit) & 1 == 1 { return "?" }
            return knownBits.value >> UInt64(bit) & 1 == 1 ? "1" : "0"
        }
        return " (bits \(String(digits)))"
    }
}
