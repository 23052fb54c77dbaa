/// Who wrote a report.
public struct ToolIdentity: Hashable, Sendable {
    public var name: String
    public var version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// How the text reports look.
public struct TextOptions: Hashable, Sendable {
    public var isColoured: Bool
    /// Columns to wrap at; nil: one message, one line.
    public var width: Int?
    /// Time the run took; nil leaves it out, so that the report is the same for every run.
    public var elapsed: Duration?

    public init(isColoured: Bool = false, width: Int? = nil, elapsed: Duration? = nil) {
        self.isColoured = isColoured
        self.width = width
        self.elapsed = elapsed
    }
}
