/// Where the tree was when it was built, and where it is now.
struct SourceRelocation {
    let old: String
    let new: String

    /// Found by the longest end of `source` that exists below the hypervisor's directory of now.
    init?(of source: String, to xenDirectory: String) {
        let parts = source.split(separator: "/")
        // A bare file name proves nothing.
        for start in parts.indices.dropLast() {
            let end = parts[start...].joined(separator: "/")
            if !PathText.hasParentStep(end), BoundedFile.isRegularFile(PathText.join(xenDirectory, end)) {
                old = "/" + parts[..<start].joined(separator: "/")
                new = xenDirectory
                return
            }
        }
        return nil
    }

    func moved(_ path: String) -> String? {
        PathText.relative(path, to: old).map { PathText.resolve($0, against: new) }
    }
}

/// The names that a build has for the tree that it was made from: links may give it several.
struct SourceRelocations {
    private var all: [SourceRelocation] = []
    /// Where the build is, if it is in the directories of the other tree: what it generated is only there.
    private let buildDirectory: String?

    init(buildDirectory: String?) { self.buildDirectory = buildDirectory }

    var isEmpty: Bool { all.isEmpty }

    mutating func add(_ relocation: SourceRelocation) { all.append(relocation) }

    /// The command for the tree of now; nil if none of the names leads there.
    /// - Parameter source: the command's source where links lead.
    func applied(to command: CompileCommand, source: String) -> CompileCommand? {
        guard let moved = moved(source) else { return nil }
        return CompileCommand(
            source: moved, object: command.object, directory: command.directory, flags: command.flags.flatMap(flags))
    }

    private func moved(_ path: String) -> String? { all.lazy.compactMap { $0.moved(path) }.first }

    private func flags(for flag: String) -> [String] {
        if flag.hasPrefix("-I") {
            let path = String(flag.dropFirst(2))
            guard let moved = moved(path) else { return [flag] }
            return isOfBuild(path) ? ["-I" + moved, flag] : ["-I" + moved]
        }
        guard let moved = moved(flag) else { return [flag] }
        // A header that the build generated and that is included by its name.
        return isOfBuild(flag) && BoundedFile.canonicalPath(moved) == nil ? [flag] : [moved]
    }

    private func isOfBuild(_ path: String) -> Bool {
        buildDirectory.map { PathText.relative(path, to: $0) != nil } ?? false
    }
}
