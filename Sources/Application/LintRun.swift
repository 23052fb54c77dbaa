import Rules
import ValueAnalysis

/// How much of a tree is looked at.
public enum LintExtent: Hashable, Sendable {
    case whole
    /// What differs from a revision.
    case changed(since: String)
    case shard(Shard)
}

/// What a user asked of `lint`, besides what is analysed.
public struct LintOptions: Hashable, Sendable {
    /// Rules by id; empty: those that are on.
    public var only: [String]
    /// A file of findings that are known already.
    public var baseline: String?
    /// Whether findings count as if there were no baseline.
    public var ignoresBaseline: Bool

    public var extent: LintExtent

    public init(
        only: [String] = [], baseline: String? = nil, ignoresBaseline: Bool = false, extent: LintExtent = .whole
    ) {
        self.only = only
        self.baseline = baseline
        self.ignoresBaseline = ignoresBaseline
        self.extent = extent
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
        let (audit, facts, scope) = try audit(of: opened, for: rules)
        let architecture = opened.audited.architecture
        let engine = RuleEngine(pack: pack)
        let drawn = withoutExcluded(
            engine.findings(for: audit, facts: facts).filter(scope.includes), configuration: opened.configuration)
        let marked = SuppressionMatching(pack: pack, architecture: architecture, today: SuppressionSearch.today).findings(
            drawn, suppressions: try SuppressionSearch(opened: opened, observer: observer).suppressions(for: drawn),
            isComplete: scope.isWhole && !opened.isGuestChosen)
        let findings = FixSearch(tree: opened.build.tree, rules: rules, audit: audit)
            .adding(to: marked.filter(scope.includes))
        var result = Result(
            opened: opened, audit: audit, facts: facts, rules: rules, findings: findings, fixed: [],
            mended: scope.isWhole ? engine.mendedCases(for: audit) : [])
        if let baseline {
            let comparison = baseline.compared(
                with: findings, architecture: architecture, rules: Set(rules.map(\.id)), guests: Set(audit.rows.map(\.guest)))
            result.findings = comparison.findings
            // What was not looked at is not gone.
            result.fixed = scope.isWhole ? comparison.fixed : []
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

    private func audit(
        of opened: OpenedTree, for rules: [Rule]
    ) throws -> (audit: Audit, facts: TreeFacts, scope: FindingScope) {
        let run = AuditRun(opened: opened, request: request, observer: observer)
        switch options.extent {
        case .whole:
            let outcome = try run.outcome(.all, for: rules)
            return (outcome.audit, outcome.facts, .whole)
        case .shard(let shard):
            let outcome = try run.outcome(.shard(shard), for: rules)
            return (outcome.audit, outcome.facts, .part(isFirst: shard.index == 1))
        case .changed(let revision):
            let changed = try ChangedAudit(opened: opened, request: request, rules: rules, observer: observer)
                .result(since: revision)
            return (changed.audit, changed.facts, changed.scope)
        }
    }

    private func baseline(of opened: OpenedTree) throws -> Baseline? {
        if options.ignoresBaseline { return nil }
        if let path = options.baseline { return try BaselineFile.read(path) }
        return try opened.configuration.baseline.map { try BaselineFile.read($0, in: opened.build.tree) }
    }
}
