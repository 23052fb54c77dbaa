/// What a merge has to know of an audit that covers only a part of the handlers.
public struct AuditPart: Hashable, Sendable, Codable {
    /// A function in which something was not understood. Parts share functions, so their sums cannot be added up.
    public struct Gap: Hashable, Sendable, Codable {
        public var function: String
        /// Empty for a function of external linkage.
        public var file: String
        public var kinds: [String: Int]

        public init(function: String, file: String, kinds: [String: Int]) {
            self.function = function
            self.file = file
            self.kinds = kinds
        }
    }

    /// More parts than handlers help nobody.
    public static let counts = 1...10_000

    /// From 1.
    public var index: Int
    public var count: Int
    public var unsupported: [Gap]
    /// Where each row belongs: the position of its cell among all cells of the table. Rows of a cell stay in order.
    public var positions: [Int]

    public init(index: Int, count: Int, unsupported: [Gap], positions: [Int]) {
        self.index = index
        self.count = count
        self.positions = positions
        self.unsupported = unsupported.sorted { ($0.file, $0.function) < ($1.file, $1.function) }
    }

    /// Reports that are read back may say anything.
    public static func total(_ kinds: [[String: Int]]) -> [String: Int] {
        kinds.reduce(into: [:]) { total, part in
            total.merge(part) { one, other in
                let (sum, overflow) = one.addingReportingOverflow(other)
                return overflow ? Int.max : sum
            }
        }
    }
}
