import ValueAnalysis

extension ValueRange {
    /// The range as a maintainer reads it: `[-22, 0]`, `[0, 0xffffffffffffffff]`, or the one value.
    public var shown: String { min == max ? Self.shown(min) : "[\(Self.shown(min)), \(Self.shown(max))]" }

    /// A number: decimal where an `int` carries it, hexadecimal where the bits are what matters.
    public static func shown(_ decimal: String) -> String {
        guard let value = Int128(decimal) else { return decimal }
        let plain = Int128(Int32.min)...Int128(Int32.max)
        guard !plain.contains(value) else { return String(value) }
        return (value < 0 ? "-0x" : "0x") + String(value.magnitude, radix: 16)
    }

    /// The smallest range that contains both.
    func union(_ other: ValueRange) -> ValueRange {
        guard let a = NumericRange(self), let b = NumericRange(other) else { return self }
        return ValueRange(min: String(Swift.min(a.min, b.min)), max: String(Swift.max(a.max, b.max)))
    }
}
