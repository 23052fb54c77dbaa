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

    /// From 1.
    public var index: Int
    public var count: Int
    public var unsupported: [Gap]

    public init(index: Int, count: Int, unsupported: [Gap]) {
        self.index = index
        self.count = count
        self.unsupported = unsupported.sorted { ($0.file, $0.function) < ($1.file, $1.function) }
    }

    public static func total(_ kinds: [[String: Int]]) -> [String: Int] {
        kinds.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
}
