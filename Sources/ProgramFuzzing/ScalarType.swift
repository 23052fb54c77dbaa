/// The widths of C's types on a target.
public enum DataModel: String, Sendable, Codable, CaseIterable {
    case lp64, ilp32
    public var longWidth: Int { self == .lp64 ? 64 : 32 }
}

/// C's integer types.
public enum ScalarType: String, Sendable, Codable, CaseIterable {
    case bool = "_Bool"
    case char = "char"
    case signedChar = "signed char"
    case unsignedChar = "unsigned char"
    case short = "short"
    case unsignedShort = "unsigned short"
    case int = "int"
    case unsignedInt = "unsigned int"
    case long = "long"
    case unsignedLong = "unsigned long"
    case longLong = "long long"
    case unsignedLongLong = "unsigned long long"

    public func width(_ model: DataModel) -> Int {
        switch self {
        case .bool: 1
        case .char, .signedChar, .unsignedChar: 8
        case .short, .unsignedShort: 16
        case .int, .unsignedInt: 32
        case .long, .unsignedLong: model.longWidth
        case .longLong, .unsignedLongLong: 64
        }
    }

    public var isSigned: Bool {
        switch self {
        case .char, .signedChar, .short, .int, .long, .longLong: true
        default: false
        }
    }

    private var rank: Int {
        switch self {
        case .bool: 0
        case .char, .signedChar, .unsignedChar: 1
        case .short, .unsignedShort: 2
        case .int, .unsignedInt: 3
        case .long, .unsignedLong: 4
        case .longLong, .unsignedLongLong: 5
        }
    }

    private var unsigned: ScalarType {
        switch self {
        case .int: .unsignedInt
        case .long: .unsignedLong
        case .longLong: .unsignedLongLong
        default: self
        }
    }

    /// The type after the integer promotions.
    public var promoted: ScalarType { rank < ScalarType.int.rank ? .int : self }

    /// The type in which an operator computes with operands of these types (C11 6.3.1.8).
    public static func common(_ a: ScalarType, _ b: ScalarType, _ model: DataModel) -> ScalarType {
        let (x, y) = (a.promoted, b.promoted)
        if x.isSigned == y.isSigned { return x.rank >= y.rank ? x : y }
        let (signed, unsigned) = x.isSigned ? (x, y) : (y, x)
        if unsigned.rank >= signed.rank { return unsigned }
        return signed.width(model) > unsigned.width(model) ? signed : signed.unsigned
    }

    /// The pattern of `bits` in this type, extended to 64 bits by the type's sign.
    public func normalize(_ bits: UInt64, _ model: DataModel) -> UInt64 {
        if self == .bool { return bits == 0 ? 0 : 1 }
        let shift = UInt64(64 - width(model))
        let top = bits << shift
        return isSigned ? UInt64(bitPattern: Int64(bitPattern: top) >> Int64(shift)) : top >> shift
    }

    /// A constant of exactly this type.
    func literal(_ bits: UInt64, _ model: DataModel) -> String {
        let pattern = normalize(bits, model)
        switch self {
        case .int, .long, .longLong:
            let suffix = self == .int ? "" : self == .long ? "L" : "LL"
            let value = Int64(bitPattern: pattern)
            let lowest = Int64(-1) << Int64(width(model) - 1)
            if value == lowest { return "(-\(-(value + 1))\(suffix) - 1)" }
            return value < 0 ? "(\(value)\(suffix))" : "\(value)\(suffix)"
        case .unsignedInt: return "\(pattern)U"
        case .unsignedLong: return "\(pattern)UL"
        case .unsignedLongLong: return "\(pattern)ULL"
        default: return "((\(rawValue))\(Int64(bitPattern: pattern)))"
        }
    }
}
