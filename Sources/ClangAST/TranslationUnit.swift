import CLibclang

/// A parsed C file with all that it includes.
///
/// Not thread-safe: one thread at a time may use a unit and what comes from it. Different units are independent.
public final class TranslationUnit {
    let raw: CXTranslationUnit
    private let index: Index
    /// The path that was parsed.
    public let path: String
    private var fileNames: [CXFile: String] = [:]

    init(raw: CXTranslationUnit, index: Index, path: String) {
        self.raw = raw
        self.index = index
        self.path = path
    }

    deinit { clang_disposeTranslationUnit(raw) }

    /// Parses `path` (absolute). Syntax errors are diagnostics, not an error thrown here.
    ///
    /// - Parameters:
    ///   - flags: must pass `FlagPolicy`.
    ///   - directory: what relative include paths in `flags` start from.
    public static func parse(path: String, flags: [String], directory: String? = nil) throws -> TranslationUnit {
        try FlagPolicy.check(flags)
        // A relative path could begin with `-` or `@`, and libclang puts it among the flags.
        guard path.hasPrefix("/"), !path.utf8.contains(0), isReadableFile(path) else {
            throw ClangError.unreadableFile(path)
        }
        var arguments = flags
        if let directory, directory.hasPrefix("/") { arguments.append("-working-directory=\(directory)") }
        arguments += ["-w", "-ferror-limit=0"]
        let index = try Index()
        return try BigStack.run {
            var raw: CXTranslationUnit?
            let code = ParseClock.shared.watching(path) {
                withCStrings(arguments) { pointers in
                    clang_parseTranslationUnit2(
                        index.raw, path, pointers, Int32(pointers.count), nil, 0, CXTranslationUnit_None.rawValue, &raw)
                }
            }
            guard code == CXError_Success, let raw else {
                throw ClangError.parseFailed(path: path, code: Int(code.rawValue))
            }
            return TranslationUnit(raw: raw, index: index, path: path)
        }
    }

    /// The root, whose children are the declarations at file scope.
    public var root: Cursor { Cursor(raw: clang_getTranslationUnitCursor(raw), unit: self) }

    /// The width of a pointer on the target, in bits.
    public var pointerWidth: Int {
        guard let target = clang_getTranslationUnitTargetInfo(raw) else { return 64 }
        defer { clang_TargetInfo_dispose(target) }
        return Int(clang_TargetInfo_getPointerWidth(target))
    }

    func name(of file: CXFile) -> String {
        if let known = fileNames[file] { return known }
        let name = takeString(clang_getFileName(file))
        fileNames[file] = name
        return name
    }
}
