/// A fixed-width two's-complement integer representation: 1 to 64 bits, signed or unsigned.
public struct IntFormat: Hashable, Sendable {
    // One byte, not an `Int`: formats are embedded in every abstract value, which are copied by the million.
    private var bits: UInt8

    /// Whether the top bit has negative weight.
    public var isSigned: Bool

    /// Number of bits, 1 to 64.
    public var width: Int {
        get { Int(bits) }
        set {
            precondition((1...64).contains(newValue), "integer width must be 1...64")
            bits = UInt8(newValue)
        }
    }

    /// Creates a format; `width` must be 1 to 64.
    public init(width: Int, isSigned: Bool) {
        precondition((1...64).contains(width), "integer width must be 1...64")
        bits = UInt8(width)
        self.isSigned = isSigned
    }

    /// Smallest representable value.
    public var min: Int128 { -Int128(bias) }

    /// Largest representable value.
    public var max: Int128 { Int128(allOnes) - Int128(bias) }

    public static let s8 = IntFormat(width: 8, isSigned: true)
    public static let u8 = IntFormat(width: 8, isSigned: false)
    public static let s16 = IntFormat(width: 16, isSigned: true)
    public static let u16 = IntFormat(width: 16, isSigned: false)
    public static let s32 = IntFormat(width: 32, isSigned: true)
    public static let u32 = IntFormat(width: 32, isSigned: false)
    public static let s64 = IntFormat(width: 64, isSigned: true)
    public static let u64 = IntFormat(width: 64, isSigned: false)

    /// The values 0 and 1. Conversion *to* a C `_Bool` is `toBool()`, not `converted(to:)`, which wraps modulo 2.
    public static let bool = IntFormat(width: 1, isSigned: false)
}

extension IntFormat {
    /// All `width` bits set: the largest bit pattern and the largest key.
    @inline(__always) var allOnes: UInt64 { UInt64.max >> (64 - UInt64(bits)) }

    /// Distance from the key of a value to the value itself; see `Span`.
    @inline(__always) var bias: UInt64 { isSigned ? 1 << UInt64(bits - 1) : 0 }

    /// Key of `value` after wrapping it into the format.
    @inline(__always) func key(wrapping value: Int128) -> UInt64 {
        (UInt64(truncatingIfNeeded: value) &+ bias) & allOnes
    }

    /// The mathematical value a key stands for.
    @inline(__always) func value(ofKey key: UInt64) -> Int128 { Int128(key) - Int128(bias) }

    /// Number of distinct values.
    var modulus: Int128 { Int128(1) << Int128(width) }

    /// Every key of the format.
    @inline(__always) var fullSpan: Span { Span(low: 0, high: allOnes) }
}

extension IntFormat: Codable {
    private enum CodingKeys: String, CodingKey {
        case width
        case isSigned
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let width = try container.decode(Int.self, forKey: .width)
        guard (1...64).contains(width) else {
            throw DecodingError.dataCorruptedError(
                forKey: .width, in: container, debugDescription: "integer width must be 1...64")
        }
        self.init(width: width, isSigned: try container.decode(Bool.self, forKey: .isSigned))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(width, forKey: .width)
        try container.encode(isSigned, forKey: .isSigned)
    }
}

/// A non-empty closed range of mathematical integers.
public struct Interval: Hashable, Sendable {
    public var low: Int128
    public var high: Int128

    public init(low: Int128, high: Int128) {
        self.low = low
        self.high = high
    }
}

/// Binary operators whose operands already share the result's format, except the right operand of a shift.
public enum BinaryOp: String, Hashable, Sendable, CaseIterable, Codable {
    case add, sub, mul, div, rem, and, or, xor, shl, shr
}

/// Unary arithmetic operators; `not` is the bitwise complement.
public enum UnaryOp: String, Hashable, Sendable, CaseIterable, Codable {
    case neg, not
}

/// Comparisons between operands of one format.
public enum CompareOp: String, Hashable, Sendable, CaseIterable, Codable {
    case eq, ne, lt, le, gt, ge

    /// The comparison that holds exactly when this one does not.
    public var negated: CompareOp {
        switch self {
        case .eq: .ne
        case .ne: .eq
        case .lt: .ge
        case .le: .gt
        case .gt: .le
        case .ge: .lt
        }
    }
}
