/// A Xen checkout: where it is and which Xen it is.
public struct XenTree: Sendable, Hashable {
    /// The checkout's top directory, absolute and without symbolic links.
    public let root: String
    /// The hypervisor's directory, `xen/` below the root (or the root, where only that directory is there).
    public let xenDirectory: String
    /// The version as the hypervisor's Makefile has it, such as `4.23-unstable`.
    public let version: String
    /// The checked-out git revision, if the checkout is one of git.
    public let revision: String?

    /// The checkout that `path` lies in: searches `path` and every directory above it.
    public static func find(from path: String) throws(XenTreeError) -> XenTree {
        guard let start = BoundedFile.canonicalPath(path) else { throw .noSuchPath(path) }
        var directory = BoundedFile.isDirectory(start) ? start : PathText.parent(start)
        while true {
            if let tree = open(root: directory, xenDirectory: PathText.join(directory, "xen")) { return tree }
            // The hypervisor's directory alone, copied out of its checkout or renamed.
            let parent = PathText.parent(directory)
            if let tree = open(root: directory, xenDirectory: directory) {
                return open(root: parent, xenDirectory: PathText.join(parent, "xen")).flatMap {
                    $0.xenDirectory == directory ? $0 : nil
                } ?? tree
            }
            if directory == "/" { throw .noTree(searchedFrom: start) }
            directory = parent
        }
    }

    private static func open(root: String, xenDirectory: String) -> XenTree? {
        let needed = ["include", "common"].map { PathText.join(xenDirectory, $0) }
        guard needed.allSatisfy(BoundedFile.isDirectory), let version = version(ofDirectory: xenDirectory) else {
            return nil
        }
        return XenTree(
            root: root, xenDirectory: xenDirectory, version: version, revision: GitRevision.read(worktree: root))
    }

    /// The version of the hypervisor whose sources are in `directory`; nil if none are.
    static func version(ofDirectory directory: String) -> String? {
        (try? BoundedFile.text(PathText.join(directory, "Makefile"), limit: 4 << 20)).flatMap(version(inMakefile:))
    }

    /// Version, subversion and extra version. References to make variables are dropped: only make knows them, and
    /// nothing of the tree is run.
    static func version(inMakefile text: String) -> String? {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let left = line[..<equals].split { " \t?:+".contains($0) }
            guard let name = left.last, left.count == 1 || (left.count == 2 && left[0] == "export"),
                name.hasPrefix("XEN_"), values[String(name)] == nil
            else { continue }
            let right = line[line.index(after: equals)...].prefix { $0 != "#" }
            values[String(name)] = withoutReferences(right)
        }
        guard let major = values["XEN_VERSION"], !major.isEmpty else { return nil }
        let minor = values["XEN_SUBVERSION"].map { "." + $0 } ?? ""
        return major + minor + (values["XEN_EXTRAVERSION"] ?? "")
    }

    private static func withoutReferences(_ value: Substring) -> String {
        var kept = ""
        var depth = 0
        var previous: Character = " "
        for character in value {
            if character == "(" && (previous == "$" || depth > 0) {
                depth += 1
            } else if character == ")" && depth > 0 {
                depth -= 1
            } else if depth == 0 && character != "$" && !character.isWhitespace {
                kept.append(character)
            }
            previous = character
        }
        return kept
    }

    /// `path` relative to the checkout's root, or as it is if it lies elsewhere.
    public func relativePath(_ path: String) -> String {
        if let relative = PathText.relative(path, to: root) { return relative }
        if let canonical = BoundedFile.canonicalPath(path), let relative = PathText.relative(canonical, to: root) {
            return relative
        }
        return path
    }
}
