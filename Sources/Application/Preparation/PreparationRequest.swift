import XenTree

/// What a user wants built.
public struct PreparationRequest: Sendable {
    /// A path in the checkout.
    public var tree: String
    /// nil for that of this machine.
    public var architecture: Architecture?
    /// A configuration target of the tree's make, or a file with one.
    public var configuration: String
    /// Options that are switched on in it.
    public var options: [String]
    public var crossCompile: String?
    public var usesClang: Bool
    /// nil for one in the cache.
    public var buildDirectory: String?
    public var jobs: Int
    /// Whether the hypervisor is compiled too.
    public var compiles: Bool

    public init(
        tree: String, architecture: Architecture? = nil, configuration: String = "defconfig", options: [String] = [],
        crossCompile: String? = nil, usesClang: Bool = false, buildDirectory: String? = nil, jobs: Int = 1,
        compiles: Bool = false
    ) {
        self.tree = tree
        self.architecture = architecture
        self.configuration = configuration
        self.options = options
        self.crossCompile = crossCompile
        self.usesClang = usesClang
        self.buildDirectory = buildDirectory
        self.jobs = jobs
        self.compiles = compiles
    }
}
