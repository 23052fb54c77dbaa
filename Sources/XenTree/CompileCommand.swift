/// How the build compiles one source into one object.
public struct CompileCommand: Sendable, Hashable {
    /// The source's absolute path, as the compiler was given it.
    public let source: String
    /// The object's absolute path.
    public let object: String
    /// The directory that the compiler ran in.
    public let directory: String
    /// Flags for libclang: the target and those of the compiler's flags that `FlagAllowList` lets pass, with
    /// absolute paths. The source itself is not among them.
    public let flags: [String]

    /// Whether the source is assembler, which libclang cannot read.
    public var isAssembly: Bool { CompilerArguments.isAssembly(source) }

    public init(source: String, object: String, directory: String, flags: [String]) {
        self.source = source
        self.object = object
        self.directory = directory
        self.flags = flags
    }
}

/// The compile commands of a build, ordered by source and object.
public struct CompileCommandIndex: Sendable {
    public let all: [CompileCommand]
    private let positionsBySource: [String: [Int]]

    public init(_ commands: [CompileCommand]) {
        var seen: Set<CompileCommand> = []
        all = commands.filter { seen.insert($0).inserted }
            .sorted { ($0.source, $0.object, $0.flags.count) < ($1.source, $1.object, $1.flags.count) }
        positionsBySource = Dictionary(grouping: all.indices) { [all] in all[$0].source }
    }

    /// The commands that compile `source`: more than one if several objects are made of it.
    public func commands(forSource source: String) -> [CompileCommand] {
        positionsBySource[source, default: []].map { all[$0] }
    }

    /// Each source once, ordered.
    public var sources: [String] { positionsBySource.keys.sorted() }
}
