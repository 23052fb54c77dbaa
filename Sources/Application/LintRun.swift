import Rules
import ValueAnalysis

/// What a user asked of `lint`, besides what is analysed.
public struct LintOptions: Hashable, Sendable {
    /// Rules by id; empty: those that are on.
    public var only: [String]
    /// A file of findings that are known already.
    public var baseline: String?
    /// Whether findings count as if there were no baseline.
    public var ignoresBaseline: Bool

    public init(only: [String] = [], baseline: String? = nil, ignoresBaseline: Bool = false) {
        self.only = only
        self.baseline = baseline
        self.ignoresBaseline = ignoresBaseline
    }
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
        /// Findings of the baseline that are gone.
        public var fixed: [Baseline.Entry]
        /// Known cases that do no harm in this tree.
        public var mended: [MendedCase]
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
        // Read before the long part: it may not be there.
        let baseline = try baseline(of: opened)
        let pack = try opened.pack.choosing(options.only)
        let rules = pack.rules.filter(\.isEnabled)
        let outcome = try AuditRun(opened: opened, request: request, observer: observer).outcome(for: rules)
        let architecture = opened.audited.architecture
        let engine = RuleEngine(pack: pack)
        let drawn = withoutExcluded(
            engine.findings(for: outcome.audit, facts: outcome.facts), configuration: opened.configuration)
        let marked = SuppressionMatching(pack: pack, architecture: architecture, today: SuppressionSearch.today).findings(
            drawn, suppressions: try SuppressionSearch(opened: opened, observer: observer).suppressions(for: drawn),
            isComplete: !opened.isGuestChosen)
        let findings = FixSearch(tree: opened.build.tree, rules: rules, audit: outcome.audit).adding(to: marked)
        var result = Result(
            opened: opened, audit: outcome.audit, facts: outcome.facts, rules: rules, findings: findings, fixed: [],
            mended: engine.mendedCases(for: outcome.audit))
        if let baseline {
            let comparison = baseline.compared(
                with: findings, architecture: architecture, rules: Set(rules.map(\.id)),
                guests: Set(outcome.audit.rows.map(\.guest)))
            result.findings = comparison.findings
            result.fixed = comparison.fixed
        }
        return result
    }

    private func withoutExcluded(_ findings: [Finding], configuration: Configuration) -> [Finding] {
        let kept = findings.filter { !configuration.excludes($0.location.file) }
        let count = findings.count - kept.count
        // Nothing is left out without a word.
        if count > 0 { observer.detected("not reported: \(count) findings in files that the configuration excludes") }
        return kept
    }

    private func baseline(of opened: OpenedTree) throws -> Baseline? {
        if options.ignoresBaseline { return nil }
        if let path = options.baseline { return try BaselineFile.read(path) }
        return try opened.configuration.baseline.map { try BaselineFile.read($0, in: opened.build.tree) }
    }
}
