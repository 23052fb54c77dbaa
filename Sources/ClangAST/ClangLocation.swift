import CLibclang

/// A place in a source file. `line` and `column` count from 1, `offset` (in bytes) from 0; 0 lines mean "nowhere".
public struct ClangLocation: Hashable, Sendable {
    /// The file's name as the compiler spells it, empty for no file.
    public var file: String
    public var line: Int
    public var column: Int
    public var offset: Int

    public static let nowhere = ClangLocation(file: "", line: 0, column: 0, offset: 0)
}

/// How to see a place inside a macro.
public enum LocationView: Sendable {
    /// Where the macro is used; for tokens that are the macro's arguments, the argument as written.
    case file
    /// Where the outermost macro is used.
    case expansion
    /// Where the token was written, which may be the macro's definition.
    case spelling
}

extension TranslationUnit {
    func location(_ raw: CXSourceLocation, _ view: LocationView) -> ClangLocation {
        var file: CXFile?
        var line: UInt32 = 0
        var column: UInt32 = 0
        var offset: UInt32 = 0
        switch view {
        case .file: clang_getFileLocation(raw, &file, &line, &column, &offset)
        case .expansion: clang_getExpansionLocation(raw, &file, &line, &column, &offset)
        case .spelling: clang_getSpellingLocation(raw, &file, &line, &column, &offset)
        }
        guard let file else { return .nowhere }
        return ClangLocation(file: name(of: file), line: Int(line), column: Int(column), offset: Int(offset))
    }

    /// The bytes of a file of this unit from `offset`, at most `count`; empty if there is no such file.
    public func bytes(ofFile name: String, from offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, count > 0, let file = clang_getFile(raw, name) else { return [] }
        var size = 0
        guard let contents = clang_getFileContents(raw, file, &size), offset < size else { return [] }
        let buffer = UnsafeBufferPointer(start: contents, count: size)
        return buffer[offset..<Swift.min(size, offset + count)].map { UInt8(bitPattern: $0) }
    }
}

extension Cursor {
    /// Where the node begins (for a member access: the member's name; for a declaration: its name).
    public func location(_ view: LocationView = .file) -> ClangLocation {
        unit.location(clang_getCursorLocation(raw), view)
    }

    /// The first and the last place of the node's source.
    public func extent(_ view: LocationView = .file) -> (start: ClangLocation, end: ClangLocation) {
        let range = clang_getCursorExtent(raw)
        return (
            unit.location(clang_getRangeStart(range), view),
            unit.location(clang_getRangeEnd(range), view)
        )
    }

    /// Whether two nodes begin at the very same token (of the same macro expansion): an implicit conversion does with its
    /// operand, a construct with a keyword of its own does not.
    public func hasSameStart(as other: Cursor) -> Bool {
        clang_equalLocations(
            clang_getRangeStart(clang_getCursorExtent(raw)), clang_getRangeStart(clang_getCursorExtent(other.raw))) != 0
    }

    /// The first place of the node's source.
    public func start(_ view: LocationView = .file) -> ClangLocation {
        unit.location(clang_getRangeStart(clang_getCursorExtent(raw)), view)
    }
}
