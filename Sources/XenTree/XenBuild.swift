/// A configured and compiled hypervisor: what was built, for which machine, and how.
public struct XenBuild: Sendable {
    public let tree: XenTree
    /// The build's directory, absolute and without symbolic links; the hypervisor's own for an in-tree build.
    public let directory: String
    public let architecture: Architecture
    /// The options of `.config` that are on, with their values.
    public let config: [String: String]
    public let commands: CompileCommandIndex
    public let symbols: SymbolIndex
    /// What the sources define, which may be newer than the objects.
    public let sources: SourceIndex
    /// The names that its objects would define, where they were not compiled.
    public let recorded: RecordedSymbols?
    private let notes: [TreeDiagnostic]
    /// What was left out and why, in a fixed order.
    public let diagnostics: [TreeDiagnostic]

    /// Opens the build of `tree`.
    /// - Parameters:
    ///   - directory: the build's directory; nil looks into the tree, and into where `compileCommands` was made for.
    ///   - compileCommands: a `compile_commands.json` to use in place of the build's own records.
    ///   - architecture: what the caller expects; an error if the build is for another.
    public static func open(
        tree: XenTree, directory: String? = nil, compileCommands: String? = nil, architecture: Architecture? = nil
    ) throws(XenTreeError) -> XenBuild {
        var databasePath: String?
        if let compileCommands {
            guard let path = BoundedFile.canonicalPath(compileCommands) else { throw .noSuchPath(compileCommands) }
            databasePath = path
        }
        let place = try BuildDirectory.find(
            tree: tree, given: directory, database: databasePath, asked: architecture)
        let found = try BuildConfiguration.architecture(of: place.config, path: place.configPath)
        if let architecture, architecture != found {
            throw .architectureMismatch(asked: architecture, built: found, configuration: place.configPath)
        }
        var collector = CommandCollector(tree: tree, directory: place.directory, architecture: found)
        if let databasePath {
            try collector.collect(database: databasePath)
        } else {
            collector.collectCommandFiles()
        }
        let commands = CompileCommandIndex(collector.commands)
        guard commands.all.contains(where: { !$0.isAssembly }) else {
            throw .noCompileCommands(place: databasePath ?? place.directory, diagnostics: collector.diagnostics)
        }
        var notes = collector.diagnostics
        // A database may leave out files as it likes.
        if databasePath == nil {
            let unbuilt = UnbuiltSources(
                tree: tree, buildDirectory: place.directory, config: place.config, commands: commands.all)
            notes += unbuilt.diagnostic.map { [$0] } ?? []
        }
        return XenBuild(
            tree: tree, directory: place.directory, architecture: found, config: place.config, commands: commands,
            recorded: RecordedSymbols.read(directory: place.directory), notes: notes)
    }

    private init(
        tree: XenTree, directory: String, architecture: Architecture, config: [String: String],
        commands: CompileCommandIndex, recorded: RecordedSymbols?, notes: [TreeDiagnostic]
    ) {
        self.tree = tree
        self.directory = directory
        self.architecture = architecture
        self.config = config
        self.commands = commands
        self.recorded = recorded
        self.notes = notes
        symbols = SymbolIndex(commands: commands.all, architecture: architecture) { command in
            recorded?.names(of: command, in: directory)
        }
        sources = SourceIndex(commands: commands.all, ignoring: symbols.foreignObjects)
        diagnostics = notes + symbols.diagnostics
    }

    /// The same build with other names for the objects that are only stand-ins.
    public func with(recorded: RecordedSymbols) -> XenBuild {
        XenBuild(
            tree: tree, directory: directory, architecture: architecture, config: config, commands: commands,
            recorded: recorded, notes: notes)
    }

    /// `path` as users are shown it: relative to the checkout's root, or `<build>/...` for a file that the build
    /// made outside of it; elsewhere as it is. Links that the build made to sources of the tree name the source.
    public func relativePath(_ path: String) -> String {
        if let relative = PathText.relative(path, to: tree.root) { return relative }
        if let canonical = BoundedFile.canonicalPath(path) {
            if let relative = PathText.relative(canonical, to: tree.root) { return relative }
            if let relative = PathText.relative(canonical, to: directory) { return "<build>/" + relative }
        }
        return PathText.relative(path, to: directory).map { "<build>/" + $0 } ?? path
    }

    /// The macros that the header of the configuration defines: `.config` may have been edited since.
    var configurationMacros: [String: String] {
        let path = PathText.join(directory, "include/generated/autoconf.h")
        guard let text = try? BoundedFile.text(path, limit: 4 << 20) else {
            return config.mapValues { $0 == "y" ? "1" : $0 }
        }
        var macros: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("#define ") {
            let words = line.split(separator: " ", maxSplits: 2)
            if words.count > 1 { macros[String(words[1])] = words.count > 2 ? words[2].trimmed : "" }
        }
        return macros
    }

    /// The hypercall table that this build compiled.
    public func hypercallTable(guestClasses: [GuestClassDescription]) throws(XenTreeError) -> HypercallTable {
        try HypercallTable(build: self, guestClasses: guestClasses)
    }

    /// Functions that look like hypercall handlers but that no column names: those that the table's header declares,
    /// and those whose name is one of its prefixes followed by one of its hypercalls. Ordered by name.
    public func unreachableHandlers(of table: HypercallTable) -> [UnreachableHandler] {
        var names = Set(table.unreachable)
        let reached = Set(table.entries.map(\.handler))
        for prefix in table.prefixes {
            for hypercall in table.hypercalls where !reached.contains(prefix + "_" + hypercall) {
                let name = prefix + "_" + hypercall
                if !symbols.definitions(of: name).isEmpty { names.insert(name) }
            }
        }
        return names.sorted().map { name in
            UnreachableHandler(
                name: name, prototype: table.prototypes[name], definitions: symbols.definitions(of: name))
        }
    }
}

/// A function that looks like a hypercall handler but that no guest reaches through the table.
public struct UnreachableHandler: Sendable, Hashable {
    public let name: String
    /// Its declaration in the table's header, if it is there.
    public let prototype: HandlerPrototype?
    /// Where it is defined: empty for one that is only declared.
    public let definitions: [SymbolDefinition]
}

/// Where the build is, and its configuration.
struct BuildDirectory {
    let directory: String
    let config: [String: String]
    var configPath: String { PathText.join(directory, ".config") }

    /// - Parameter asked: whose build was asked for; here it only makes the error say how to get it.
    static func find(
        tree: XenTree, given: String?, database: String?, asked: Architecture?
    ) throws(XenTreeError) -> BuildDirectory {
        if let given {
            guard let directory = BoundedFile.canonicalPath(given) else { throw .noSuchPath(given) }
            // Whoever gives the checkout's root means the hypervisor in it.
            for candidate in [directory, PathText.join(directory, "xen")] {
                if let build = try open(candidate) { return build }
            }
            throw .noBuild(directory: directory, xenDirectory: tree.xenDirectory, asked: asked)
        }
        var candidates: [String] = []
        if let database {
            // The architecture matters only afterwards, so any will do to learn the directories.
            let entries = try CompilationDatabase(path: database, targetTriple: "")
            candidates = entries.directories.prefix(16).compactMap(BoundedFile.canonicalPath)
            candidates.append(PathText.parent(database))
        }
        candidates.append(tree.xenDirectory)
        for candidate in candidates {
            if let build = try open(candidate) { return build }
        }
        throw .noBuild(directory: tree.xenDirectory, xenDirectory: tree.xenDirectory, asked: asked)
    }

    /// The build in `directory`, or nil if none was configured there.
    private static func open(_ directory: String) throws(XenTreeError) -> BuildDirectory? {
        let path = PathText.join(directory, ".config")
        // Kconfig's output, without which no file of the hypervisor compiles.
        let generated = ["include/generated/autoconf.h", "include/config/auto.conf"]
        guard BoundedFile.isRegularFile(path),
            generated.contains(where: { BoundedFile.isRegularFile(PathText.join(directory, $0)) })
        else { return nil }
        do {
            return BuildDirectory(directory: directory, config: BuildConfiguration.parse(try BoundedFile.text(path)))
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }
}
