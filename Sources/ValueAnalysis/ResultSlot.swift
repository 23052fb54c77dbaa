/// Where a guest sees a result, and whether all of it arrives there: a direct call may cut what an entry of a multicall
/// carries.
public struct ResultSlot: Hashable, Sendable, Codable {
    /// The register's name, or `multicall`.
    public var name: String
    /// Bits that arrive.
    public var width: Int
    /// Whether bits of the row's values are lost, there or before.
    public var isCut: Bool

    public init(name: String, width: Int, isCut: Bool) {
        self.name = name
        self.width = width
        self.isCut = isCut
    }

    private enum CodingKeys: String, CodingKey {
        case name, width
        case isCut = "cut"
    }
}
