import Rules
import ValueAnalysis

/// What a user asked of `lint`, besides what is analysed.
public struct LintOptions: Hashable, Sendable {
    /// Rules by id; empty: those that are on.
    public var only: [String]

    public init(only: [String] = []) { self.only = only }
}

/// From a request to findings.
public struct LintRun: Sendable {
    /// Everything that a report is made of.
    public struct Result: Sendable {
        public var opened: OpenedTree
        public var audit: Audit
        public var facts: TreeFacts
        /// Those that were looked for.
        public var rules: [Rule]
        public var findings: [Finding]
    }

    private let request: AnalysisRequest
    private let options: LintOptions
    private let observer: any RunObserver

    public init(request: AnalysisRequest, options: LintOptions, observer: any RunObserver) {
        self.request = request
        self.options = options
        self.observer = observer
    }

    public func result() throws -> Result {
        let opened = try OpenedTree.open(request, observer: observer)
        let pack = try opened.pack.choosing(options.only)
        let rules = pack.rules.filter(\.isEnabled)
        let outcome = try AuditRun(opened: opened, request: request, observer: observer).outcome(for: rules)
        let findings = RuleEngine(pack: pack).findings(for: outcome.audit, facts: outcome.facts)
        return Result(
            opened: opened, audit: outcome.audit, facts: outcome.facts, rules: rules, findings: findings)
    }
}
