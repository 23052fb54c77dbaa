import ClangAST
import ProgramModel

/// File names as they are shown.
final class FileNames {
    private let index: any UnitIndex
    private let directory: String?
    private var known: [String: String] = [:]

    init(index: any UnitIndex, directory: String?) {
        self.index = index
        self.directory = directory
    }

    func place(_ location: ClangLocation) -> SourceLocation {
        guard !location.file.isEmpty else { return .unknown }
        return SourceLocation(file: displayName(of: location.file), line: location.line, column: location.column)
    }

    private func displayName(of file: String) -> String {
        if let name = known[file] { return name }
        let absolute = file.hasPrefix("/") || directory == nil ? file : "\(directory ?? "")/\(file)"
        let name = index.displayPath(ofFile: Self.normalized(absolute))
        known[file] = name
        return name
    }

    /// Without `.` and `..` components (`..` after a symbolic link is not followed: these are names to show).
    static func normalized(_ path: String) -> String {
        guard path.contains("/.") || path.contains("//") || path.hasPrefix(".") else { return path }
        var parts: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}

/// The compiler errors of a unit, and which functions they spoil.
///
/// After an error clang goes on with a repaired tree, which may be something else than the program. An error inside a
/// function's body spoils that function; any other (in a header, at file scope, or fatal) may have changed a type or left
/// out a declaration, so it spoils all.
struct UnitErrors {
    private struct Entry {
        var offset: Int
        var isInMainFile: Bool
        var text: String
        var isFatal: Bool
    }
    private let entries: [Entry]

    var isEmpty: Bool { entries.isEmpty }
    var first: String? { entries.first?.text }

    init(_ diagnostics: [Diagnostic], mainFile: String, files: FileNames) {
        entries = diagnostics.map { diagnostic in
            let place = files.place(diagnostic.location)
            let location = place.file.isEmpty ? "" : "\(place.file):\(place.line):\(place.column): "
            return Entry(
                offset: diagnostic.location.offset, isInMainFile: diagnostic.location.file == mainFile,
                text: location + diagnostic.message, isFatal: diagnostic.severity == .fatal)
        }
    }

    /// The first error that makes `function`'s tree untrustworthy. `functions` are all those with a body in the unit.
    func spoiling(_ function: Cursor, among functions: [String: Cursor]) -> String? {
        guard !entries.isEmpty else { return nil }
        let mainFile = function.unit.path
        let bodies = functions.values.compactMap { Self.body(of: $0, in: mainFile) }
        let own = Self.body(of: function, in: mainFile)
        return entries.first { entry in
            if entry.isFatal || !entry.isInMainFile { return true }
            if let own, own.contains(entry.offset) { return true }
            return !bodies.contains { $0.contains(entry.offset) }
        }?.text
    }

    /// Byte range of a function's body in the main file.
    private static func body(of function: Cursor, in mainFile: String) -> ClosedRange<Int>? {
        guard let body = function.children.last, body.kind == .compoundStmt else { return nil }
        let (start, end) = body.extent(.expansion)
        guard start.file == mainFile, end.file == mainFile, start.offset <= end.offset else { return nil }
        return start.offset...end.offset
    }
}
