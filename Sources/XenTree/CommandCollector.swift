/// Gathers the compile commands that belong to a build of a tree.
struct CommandCollector {
    private(set) var commands: [CompileCommand] = []
    private(set) var diagnostics: [TreeDiagnostic] = []
    private let tree: XenTree
    private let directory: String
    private let architecture: Architecture
    private var relocations: SourceRelocations
    /// The build was made in another tree than the one that is asked about, and in its directories.
    private let isBuiltInOtherTree: Bool
    /// Commands whose source the build reaches by a link.
    private var linked: [(command: CompileCommand, source: String, origin: String)] = []

    init(tree: XenTree, directory: String, architecture: Architecture) {
        self.tree = tree
        self.directory = directory
        self.architecture = architecture
        // A build outside of its tree has a makefile too, which only leads to the tree's.
        isBuiltInOtherTree = PathText.relative(directory, to: tree.root) == nil
            && XenTree.version(ofDirectory: directory) != nil
        relocations = SourceRelocations(buildDirectory: isBuiltInOtherTree ? directory : nil)
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
        addLinked()
    }

    /// Takes the commands from a `compile_commands.json`.
    mutating func collect(database path: String) throws(XenTreeError) {
        let database = try CompilationDatabase(path: path, targetTriple: architecture.targetTriple)
        diagnostics += database.diagnostics
        for command in database.commands { add(command, from: path) }
        addLinked()
    }

    private mutating func add(_ command: CompileCommand, from origin: String) {
        switch place(of: command.source) {
        case .tree: take(command, from: origin)
        case .otherTree: takeMoved(command, source: command.source, from: origin)
        case .link(let source): linked.append((command, source, origin))
        }
    }

    /// After all others, which name the tree of the build as the flags do: a link may say it in another way.
    private mutating func addLinked() {
        for (command, source, origin) in linked { takeMoved(command, source: source, from: origin) }
        linked = []
    }

    private mutating func takeMoved(_ command: CompileCommand, source: String, from origin: String) {
        if let moved = relocated(command, source: source, origin: origin) { return take(moved, from: origin) }
        let message = "compiles \(displayPath(command.source)), which is outside of the tree: left out"
        diagnostics.append(TreeDiagnostic(.warning, file: origin, message: message))
    }

    private mutating func take(_ command: CompileCommand, from origin: String) {
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

    private enum Place {
        /// In the tree that is asked about, or made by its build.
        case tree
        case otherTree
        /// A link of the build's directory to this file of another tree.
        case link(String)
    }

    private func place(of source: String) -> Place {
        if PathText.relative(source, to: tree.root) != nil { return .tree }
        let target = LinkTarget.resolve(source) ?? source
        if PathText.relative(target, to: tree.root) != nil { return .tree }
        let isInBuild = PathText.relative(source, to: directory) != nil
        guard PathText.relative(target, to: directory) != nil else { return isInBuild ? .link(target) : .otherTree }
        guard isBuiltInOtherTree else { return .tree }
        return target == source ? .otherTree : .link(target)
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

    // MARK: A tree that was moved after it was built, or another copy of it

    private mutating func relocated(_ command: CompileCommand, source: String, origin: String) -> CompileCommand? {
        if let moved = relocations.applied(to: command, source: source) { return moved }
        guard let found = SourceRelocation(of: source, to: tree.xenDirectory) else { return nil }
        if relocations.isEmpty {
            let message = "the build was made from \(displayPath(found.old)): "
                + "sources and headers are taken from \(displayPath(found.new)) instead"
            diagnostics.append(TreeDiagnostic(.warning, file: origin, message: message))
        }
        relocations.add(found)
        return relocations.applied(to: command, source: source)
    }
}
