/// Something that can be read and written: a base and a path into it.
public struct Place: Hashable, Sendable, Codable {
    public enum Base: Hashable, Sendable, Codable {
        case local(LocalID)
        case global(GlobalReference)
        /// `*pointer`.
        case dereference(ExpressionID)
        /// A string literal (its bytes are constant and of no interest).
        case string
    }

    public enum Projection: Hashable, Sendable, Codable {
        /// A member of `record`; offsets are relative to that record.
        case field(record: String, name: String, bitOffset: Int, bitWidth: Int?)
        /// An element of an array; `count` nil where the array's bound is unknown.
        case element(index: ExpressionID, elementSize: Int, count: Int?)
    }

    public var base: Base
    public var path: [Projection]
    /// Type of the object designated.
    public var type: CType

    public init(base: Base, path: [Projection] = [], type: CType) {
        self.base = base
        self.path = path
        self.type = type
    }
}
