/// A place in a source file, as a user would click on it: for code that a macro made, the place of the macro's use.
///
/// `line` and `column` count from 1; 0 means unknown.
public struct SourceLocation: Hashable, Sendable, Codable, Comparable {
    /// Path relative to the tree's root where the file lies below it, else as the compiler named it.
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public static let unknown = SourceLocation(file: "", line: 0, column: 0)

    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.file, a.line, a.column) < (b.file, b.line, b.column)
    }
}
