import ProgramModel
import ValueAnalysis

/// What a rule says about a place in the tree.
public struct Finding: Hashable, Sendable {
    /// A row of the map that the finding stands for.
    public struct Row: Hashable, Sendable {
        public var hypercall: String
        public var handler: String
        public var subOperation: String?
        public var guest: String
        public var verdict: Verdict
        public var range: ValueRange?

        public init(_ row: AuditRow) {
            hypercall = row.hypercall
            handler = row.handler
            subOperation = row.subOperation
            guest = row.guest
            verdict = row.verdict
            range = row.range
        }
    }

    public var ruleID: String
    public var severity: Severity
    /// What the finding is about; a conversion, a handler or a dispatcher is at `location`.
    public var subject: Rule.Subject
    public var message: String
    public var location: SourceLocation
    /// Source first.
    public var evidence: [EvidenceStep]
    public var narrowings: [Narrowing]
    /// In the order of the map; empty where the finding is not about rows.
    public var rows: [Row]
    /// The known instance that this is, if any.
    public var knownCase: Rule.NamedCase?
    /// Stays the same when unrelated code changes; 32 hexadecimal digits.
    public var fingerprint: String
    /// The rule's help, Markdown.
    public var help: String
    /// Why the finding is not to be reported; not empty: it is suppressed.
    public var suppressions: [Suppression] = []
    /// What a baseline says of it; nil without one.
    public var baselineState: BaselineState?
    /// Edits that would mend it.
    public var fixes: [Fix] = []

    /// Whether it counts: neither suppressed nor known before.
    public var isReported: Bool { suppressions.isEmpty && baselineState != .unchanged && baselineState != .absent }

    public init(
        ruleID: String, severity: Severity, subject: Rule.Subject, message: String, location: SourceLocation,
        evidence: [EvidenceStep], narrowings: [Narrowing], rows: [Row], knownCase: Rule.NamedCase?,
        fingerprint: String, help: String
    ) {
        self.ruleID = ruleID
        self.severity = severity
        self.subject = subject
        self.message = message
        self.location = location
        self.evidence = evidence
        self.narrowings = narrowings
        self.rows = rows
        self.knownCase = knownCase
        self.fingerprint = fingerprint
        self.help = help
    }

    /// Guest classes concerned, each once, in the order of the map.
    public var guests: [String] { rows.map(\.guest).uniqued() }
    /// Handlers concerned, each once, in the order of the map.
    public var handlers: [String] { rows.map(\.handler).uniqued() }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in the order of their first occurrence.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
