import Foundation
import Rules
import ValueAnalysis

/// What a merge has to know of a run that covers only a part of the handlers: all that its findings were drawn from.
///
/// Findings themselves do not do: their causes may be shared by handlers of other parts.
public struct LintPart: Sendable, Codable {
    public struct Comment: Hashable, Sendable, Codable {
        public var suppression: Suppression
        /// Whether it stands in a file that is looked at whatever is found.
        public var isInUnit: Bool

        public init(suppression: Suppression, isInUnit: Bool) {
            self.suppression = suppression
            self.isInUnit = isInUnit
        }
    }

    public struct Edit: Hashable, Sendable, Codable {
        public var site: FixSite
        public var edit: PlacedEdit

        public init(site: FixSite, edit: PlacedEdit) {
            self.site = site
            self.edit = edit
        }
    }

    public struct RuleSetting: Hashable, Sendable, Codable {
        public var id: String
        public var severity: Severity

        public init(id: String, severity: Severity) {
            self.id = id
            self.severity = severity
        }
    }

    /// What all parts of a run have in common.
    public struct Settings: Hashable, Sendable, Codable {
        /// Tells which rule pack it was.
        public var pack: String
        /// Those that are on.
        public var rules: [RuleSetting]
        /// Files whose findings are not reported.
        public var excludes: [String]
        /// Whether nobody named guest classes.
        public var isEveryGuest: Bool
        /// `YYYY-MM-DD`.
        public var today: String
        public var report: SARIFOptions

        public init(
            pack: String, rules: [RuleSetting], excludes: [String], isEveryGuest: Bool, today: String,
            report: SARIFOptions
        ) {
            self.pack = pack
            self.rules = rules
            self.excludes = excludes
            self.isEveryGuest = isEveryGuest
            self.today = today
            self.report = report
        }
    }

    public var part: AuditPart
    public var audit: Audit
    public var facts: TreeFacts
    public var suppressions: [Comment]
    /// Of the architecture; nil: there was none.
    public var baseline: [Baseline.Entry]?
    public var edits: [Edit]
    public var settings: Settings

    public init(
        part: AuditPart, audit: Audit, facts: TreeFacts, suppressions: [Comment], baseline: [Baseline.Entry]?,
        edits: [Edit], settings: Settings
    ) {
        self.part = part
        self.audit = audit
        self.facts = facts
        self.suppressions = suppressions
        self.baseline = baseline
        self.edits = edits
        self.settings = settings
    }

    // MARK: In a SARIF log

    static let property = "part"

    /// A log's property of that name.
    var json: JSONValue? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
    }

    private struct Log: Decodable {
        struct Run: Decodable {
            struct Properties: Decodable { var part: LintPart? }
            struct Details: Decodable { var id: String? }
            var properties: Properties?
            var automationDetails: Details?
        }
        var runs: [Run]
    }

    /// The part that a SARIF log holds, and which configuration it is of; nil for the log of a whole run.
    public static func read(_ log: Data) throws(MergeError) -> (part: LintPart, label: String)? {
        let runs: [Log.Run]
        do {
            runs = try JSONDecoder().decode(Log.self, from: log).runs
        } catch {
            throw MergeError("a log is not understood: " + MergeError.reason(error))
        }
        guard let run = runs.first, let part = run.properties?.part else { return nil }
        guard runs.count == 1 else { throw MergeError("a log has more than one run, and one of them is a part") }
        return (part, run.automationDetails?.id ?? part.audit.tree.architecture)
    }
}
