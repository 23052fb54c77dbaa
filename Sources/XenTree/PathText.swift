/// Arithmetic on path names, without looking at the disk.
enum PathText {
    /// `path` made absolute. `.` and empty components go; `..` stays, since only the disk knows what it means
    /// behind a symbolic link.
    static func resolve(_ path: String, against directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        let parts = whole.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// What remains of `path` below `directory`, or nil if it is not there.
    static func relative(_ path: String, to directory: String) -> String? {
        if path == directory { return "." }
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        return hasParentStep(rest) ? nil : String(rest)
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func lastComponent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    static func hasParentStep(_ path: some StringProtocol) -> Bool {
        path.split(separator: "/").contains("..")
    }
}
