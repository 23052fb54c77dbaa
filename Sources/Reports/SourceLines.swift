import ProgramModel

/// Lines of the sources that reports are about.
public struct SourceLines: Sendable {
    /// Where nothing but the map is known.
    public static let none = SourceLines { _, _ in nil }

    private let line: @Sendable (_ file: String, _ number: Int) -> String?

    /// - Parameter line: a line's text without its end, by the file's name in reports and the line's number from 1.
    public init(line: @escaping @Sendable (_ file: String, _ number: Int) -> String?) { self.line = line }

    /// A line as it can be printed, and where in it the place is.
    struct Excerpt: Hashable {
        var line: String
        /// From 1; 0 if unknown.
        var column: Int
    }

    /// Longer lines are cut: they are made by programs.
    private static let longest = 200

    func excerpt(at location: SourceLocation) -> Excerpt? {
        guard location.line > 0, let raw = line(location.file, location.line) else { return nil }
        var shown = ""
        var column = 0
        // Columns count bytes, and a tab is one.
        var bytes = 1
        for scalar in raw.unicodeScalars {
            if bytes == location.column { column = shown.count + 1 }
            bytes += UTF8.width(scalar)
            if scalar == "\t" {
                repeat { shown += " " } while shown.count % 8 != 0
            } else {
                shown += DisplayText.escaped(String(scalar))
            }
            if shown.count > Self.longest { break }
        }
        guard shown.contains(where: { $0 != " " }) else { return nil }
        if shown.count > Self.longest { shown = String(shown.prefix(Self.longest)) + "..." }
        return Excerpt(line: shown, column: column)
    }
}
