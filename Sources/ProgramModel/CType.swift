/// A fixed-width integer type, after typedefs and enums are resolved for the target (LP64 or ILP32).
///
/// `_Bool` is `width: 1, isSigned: false`: its values are 0 and 1, and conversion to it is a test against zero (C11 6.3.1.2).
public struct IntType: Hashable, Sendable, Codable {
    /// Bits of value representation, 1...64.
    public var width: Int
    public var isSigned: Bool

    public init(width: Int, isSigned: Bool) {
        self.width = width
        self.isSigned = isSigned
    }

    public static let bool = IntType(width: 1, isSigned: false)
    public static let int = IntType(width: 32, isSigned: true)
    public var isBool: Bool { width == 1 && !isSigned }
    /// Bytes that an object of this type takes in memory (`_Bool` takes one).
    public var byteSize: Int { Swift.max(1, width / 8) }
}

/// A C type as far as the analysis needs it.
public indirect enum CType: Hashable, Sendable, Codable {
    case void
    case integer(IntType)
    /// `width` is the pointer's size in bits on the target.
    case pointer(to: CType, width: Int)
    /// A struct or union by its tag (or its typedef's name, or a made-up unique name, where it has no tag).
    case record(String)
    /// `count` is nil for incomplete and variable-length arrays.
    case array(of: CType, count: Int?)
    case function(returns: CType, parameters: [CType], isVariadic: Bool)
    /// A type that the analysis does not follow (floating point, vectors, 128-bit integers); `byteSize` 0 if unknown.
    case opaque(name: String, byteSize: Int)

    public var integerType: IntType? { if case .integer(let type) = self { type } else { nil } }
    public var isPointer: Bool { if case .pointer = self { true } else { false } }
    public var isAggregate: Bool {
        switch self {
        case .record, .array: true
        default: false
        }
    }
    public var pointee: CType? { if case .pointer(let to, _) = self { to } else { nil } }
    public var recordName: String? { if case .record(let name) = self { name } else { nil } }
    /// The unsigned integer with a pointer's width, or the integer type itself; nil for what is not scalar.
    public var scalarType: IntType? {
        switch self {
        case .integer(let type): type
        case .pointer(_, let width): IntType(width: width, isSigned: false)
        default: nil
        }
    }
}

/// The layout of a struct or union.
public struct RecordLayout: Hashable, Sendable, Codable {
    public struct Field: Hashable, Sendable, Codable {
        /// Empty for an anonymous member (whose own record's fields are reached through it).
        public var name: String
        public var type: CType
        /// Offset from the record's start, in bits.
        public var bitOffset: Int
        /// Width in bits for a bit-field, else nil.
        public var bitWidth: Int?

        public init(name: String, type: CType, bitOffset: Int, bitWidth: Int? = nil) {
            self.name = name
            self.type = type
            self.bitOffset = bitOffset
            self.bitWidth = bitWidth
        }
    }

    public var name: String
    public var isUnion: Bool
    /// Size in bytes.
    public var byteSize: Int
    public var fields: [Field]

    public init(name: String, isUnion: Bool, byteSize: Int, fields: [Field]) {
        self.name = name
        self.isUnion = isUnion
        self.byteSize = byteSize
        self.fields = fields
    }
}
