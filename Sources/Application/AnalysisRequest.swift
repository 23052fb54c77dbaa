import ValueAnalysis
import XenTree

/// What a user asked for, as far as the analysis is concerned.
public struct AnalysisRequest: Sendable {
    /// A path in the checkout.
    public var tree: String
    public var buildDirectory: String?
    public var compileCommands: String?
    public var architecture: Architecture?
    /// Guest classes by name; empty: those that see 32 bits of a result and that the build has.
    public var guests: [String]
    public var jobs: Int
    public var budget: AnalysisBudget
    /// A rule pack in place of the built-in one.
    public var rules: String?
    /// Whether the tree's own configuration is left aside.
    public var ignoresConfiguration: Bool
    /// In place of the configuration's, or of the usual one.
    public var convention: ErrorConvention?
    /// Path of the running program, beside which the built-in rule pack lies.
    public var executable: String
    /// Whether the build is made, or brought up to date, first.
    public var prepares: Bool

    public init(
        tree: String, buildDirectory: String? = nil, compileCommands: String? = nil, architecture: Architecture? = nil,
        guests: [String] = [], jobs: Int = 1, budget: AnalysisBudget = AnalysisBudget(), rules: String? = nil,
        ignoresConfiguration: Bool = false, convention: ErrorConvention? = nil,
        executable: String, prepares: Bool = false
    ) {
        self.tree = tree
        self.buildDirectory = buildDirectory
        self.compileCommands = compileCommands
        self.architecture = architecture
        self.guests = guests
        self.jobs = jobs
        self.budget = budget
        self.rules = rules
        self.ignoresConfiguration = ignoresConfiguration
        self.convention = convention
        self.executable = executable
        self.prepares = prepares
    }
}

/// Narrows an audit to one handler, or to one of its sub-operations.
public struct AuditFocus: Hashable, Sendable {
    public var handler: String
    public var subOperation: String?

    public init(handler: String, subOperation: String? = nil) {
        self.handler = handler
        self.subOperation = subOperation
    }
}
