import Reports
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
        /// The edits that would mend those that count.
        public var patches: [FixPatch]
        /// Findings of the baseline that are gone.
        public var fixed: [Baseline.Entry]
        /// Known cases that do no harm in this tree.
        public var mended: [MendedCase]
        /// Of a run with a part of the handlers: what a merge has to know.
        public var part: LintPart?
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
        let found = try audit(of: opened, for: rules)
        let search = SuppressionSearch(opened: opened, observer: observer)
        let material = FindingMaterial(
            audit: found.audit, facts: found.facts, scope: found.scope,
            excludes: opened.configuration.excludes.map(\.value), isEveryGuest: !opened.isGuestChosen,
            today: SuppressionSearch.today, baseline: baseline, suppressions: search.suppressions,
            fixes: FixBuilding(tree: opened.build.tree))
        let drawing = FindingDrawing(pack: pack)
        let drawn = try drawing.result(from: material)
        // Nothing is left out without a word.
        if drawn.excludedCount > 0 {
            observer.detected("not reported: \(drawn.excludedCount) findings in files that the configuration excludes")
        }
        return Result(
            opened: opened, audit: found.audit, facts: found.facts, rules: rules, findings: drawn.findings,
            patches: material.fixes.patches(for: drawn.findings.filter(\.isReported)), fixed: drawn.fixed,
            mended: found.scope.isWhole ? RuleEngine(pack: pack).mendedCases(for: found.audit) : [],
            part: found.part.map { part in
                LintPart(
                    part: part, audit: found.audit, facts: found.facts,
                    suppressions: comments(drawn.suppressions, search),
                    baseline: baseline.map { $0.entries.filter { $0.architecture == found.audit.tree.architecture } },
                    edits: drawing.edits(for: drawn.findings, material).map { .init(site: $0.key, edit: $0.value) },
                    settings: settings(opened, rules: rules, today: material.today))
            })
    }

    private func comments(_ suppressions: [Suppression], _ search: SuppressionSearch) -> [LintPart.Comment] {
        let files = search.unitFiles
        return suppressions.map { .init(suppression: $0, isInUnit: files.contains($0.location.file)) }
    }

    private func settings(_ opened: OpenedTree, rules: [Rule], today: String) -> LintPart.Settings {
        LintPart.Settings(
            pack: PackDigest.digest(ofPackIn: opened.packDirectory),
            rules: rules.map { .init(id: $0.id, severity: $0.severity) },
            excludes: opened.configuration.excludes.map(\.value.text), isEveryGuest: !opened.isGuestChosen,
            today: today, report: opened.sarifOptions)
    }

    /// What was analysed, as far as findings are drawn from it.
    private struct Analysed {
        var audit: Audit
        var facts: TreeFacts
        var scope: FindingScope
        var part: AuditPart?
    }

    private func audit(of opened: OpenedTree, for rules: [Rule]) throws -> Analysed {
        let run = AuditRun(opened: opened, request: request, observer: observer)
        switch options.extent {
        case .whole:
            let outcome = try run.outcome(.all, for: rules)
            return Analysed(audit: outcome.audit, facts: outcome.facts, scope: .whole)
        case .shard(let shard):
            let outcome = try run.outcome(.shard(shard), for: rules)
            return Analysed(
                audit: outcome.audit, facts: outcome.facts, scope: .part(isFirst: shard.index == 1),
                part: outcome.part(shard))
        case .changed(let revision):
            let changed = try ChangedAudit(opened: opened, request: request, rules: rules, observer: observer)
                .result(since: revision)
            return Analysed(audit: changed.audit, facts: changed.facts, scope: changed.scope)
        }
    }

    private func baseline(of opened: OpenedTree) throws -> Baseline? {
        if options.ignoresBaseline { return nil }
        if let path = options.baseline { return try BaselineFile.read(path) }
        return try opened.configuration.baseline.map { try BaselineFile.read($0, in: opened.build.tree) }
    }
}
