/// Gathers the compile commands that belong to a build of a tree.
struct CommandCollector {
    private(set) var commands: [CompileCommand] = []
    private(set) var diagnostics: [TreeDiagnostic] = []
    private let tree: XenTree
    private let directory: String
    private let architecture: Architecture
    private var relocation: SourceRelocation?

    init(tree: XenTree, directory: String, architecture: Architecture) {
        self.tree = tree
        self.directory = directory
        self.architecture = architecture
    }

    /// Programs for the machine that builds, and tests: compiled beside the hypervisor, but no part of it.
    private static let foreignDirectories: Set<String> = ["tools", "test"]

    /// Takes the commands from the `.*.o.cmd` files of the build.
    mutating func collectCommandFiles() {
        let walk = DirectoryWalk(of: directory) { name in
            name.hasPrefix(".") && name.hasSuffix(".o.cmd")
        } skipsDirectory: { name, depth in
            name == ".git" || (depth == 0 && Self.foreignDirectories.contains(name))
        }
        diagnostics += walk.diagnostics
        let reader = CommandFile(directory: directory, targetTriple: architecture.targetTriple)
        for path in walk.files {
            switch reader.read(path, notes: &diagnostics) {
            case .compile(let command): add(command, from: path)
            case .other: break
            case .unusable(let reason):
                diagnostics.append(TreeDiagnostic(.warning, file: path, message: "compile command left out: \(reason)"))
            }
        }
    }

    /// Takes the commands from a `compile_commands.json`.
    mutating func collect(database path: String) throws(XenTreeError) {
        let database = try CompilationDatabase(path: path, targetTriple: architecture.targetTriple)
        diagnostics += database.diagnostics
        for command in database.commands { add(command, from: path) }
    }

    private mutating func add(_ command: CompileCommand, from origin: String) {
        var command = command
        if !isOfTree(command.source) {
            guard let moved = relocated(command, origin: origin) else {
                let message = "compiles \(displayPath(command.source)), which is outside of the tree: left out"
                diagnostics.append(TreeDiagnostic(.warning, file: origin, message: message))
                return
            }
            command = moved
        }
        guard !isForeign(command) else { return }
        guard BoundedFile.isRegularFile(command.source) else {
            // The build deletes some of the assembler files that it makes.
            guard !command.isAssembly else { return }
            let message = "the source \(displayPath(command.source)) does not exist: left out"
            diagnostics.append(TreeDiagnostic(.warning, file: origin, message: message))
            return
        }
        commands.append(command)
    }

    private func isOfTree(_ path: String) -> Bool {
        let places = [tree.root, directory]
        if places.contains(where: { PathText.relative(path, to: $0) != nil }) { return true }
        guard let canonical = BoundedFile.canonicalPath(path) else { return false }
        return places.contains { PathText.relative(canonical, to: $0) != nil }
    }

    private func isForeign(_ command: CompileCommand) -> Bool {
        let below = [
            PathText.relative(command.source, to: tree.xenDirectory),
            PathText.relative(command.object, to: directory),
        ]
        return below.contains { path in
            path?.split(separator: "/").first.map { Self.foreignDirectories.contains(String($0)) } ?? false
        }
    }

    // MARK: A tree that was moved after it was built

    private mutating func relocated(_ command: CompileCommand, origin: String) -> CompileCommand? {
        if relocation == nil, let found = SourceRelocation(of: command.source, to: tree.xenDirectory) {
            relocation = found
            let message = "the build was made from \(displayPath(found.old)): "
                + "sources and headers are taken from \(displayPath(found.new)) instead"
            diagnostics.append(TreeDiagnostic(.warning, file: origin, message: message))
        }
        return relocation?.applied(to: command)
    }
}

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

    func applied(to command: CompileCommand) -> CompileCommand? {
        guard let end = PathText.relative(command.source, to: old) else { return nil }
        let flags = command.flags.map { flag in
            for option in ["", "-I"] {
                guard flag.hasPrefix(option), let end = PathText.relative(String(flag.dropFirst(option.count)), to: old)
                else { continue }
                return option + PathText.resolve(end, against: new)
            }
            return flag
        }
        return CompileCommand(
            source: PathText.join(new, end), object: command.object, directory: command.directory, flags: flags)
    }
}
