import ProgramModel
import ValueAnalysis

/// How much a finding matters, in the words of compilers.
public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
    case error, warning, note
}

/// One rule of the pack.
public struct Rule: Hashable, Sendable {
    /// What one finding of the rule is about.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        /// A row of the map.
        case row
        /// A conversion that loses bits.
        case narrowing
        /// A handler with all its rows.
        case handler
        /// A place that stores results.
        case dispatcher
        /// A comment that keeps a finding from being reported.
        case suppression
    }

    /// Whether guest classes that see more than 32 bits of a result are analysed for the rule.
    public enum WideGuests: String, Hashable, Sendable, CaseIterable {
        case never
        /// Only their handlers in which the sign of an error number may be lost.
        case suspected
        case always
    }

    /// A text to read on.
    public struct Reference: Hashable, Sendable {
        public var title: String
        public var url: String
    }

    /// A known instance, with its history and what mends it.
    public struct NamedCase: Hashable, Sendable {
        public var id: String
        public var title: String
        public var condition: Condition
        public var history: String
        public var remedies: [String]
    }

    /// A piece of C that must, or must not, trigger the rule.
    public struct Example: Hashable, Sendable {
        public var title: String
        public var code: String
        /// The function that the table names.
        public var handler = "do_example"
        public var architecture = "arm64"
        /// Guest classes that call it; empty: those of the architecture that see 32 bits of a result.
        public var guests: [String] = []
        /// The return types that the table declares for the handler's class and for the handler itself.
        public var classType: String?
        public var prototypeType: String?
        /// Which results count as errors.
        public var convention = ErrorConvention.standard
        public var location = SourceLocation.unknown
    }

    public var id: String
    public var title: String
    public var severity: Severity
    /// Whether the rule reports unless it is asked not to.
    public var isEnabled: Bool
    /// Number in the Common Weakness Enumeration.
    public var cwe: Int?
    /// CVSS-like score from 0.0 to 10.0, as code scanning services read it.
    public var securitySeverity: String?
    public var subject: Subject
    public var wideGuests: WideGuests
    /// Rules that say nothing about a narrowing that this rule has already reported.
    public var supersedes: [String]
    public var condition: Condition
    public var message: MessageTemplate
    /// Markdown: why it matters, how to mend it.
    public var help: String
    public var references: [Reference]
    public var cases: [NamedCase]
    /// How a finding can be mended; alternatives, the best one first.
    public var fixes: [FixTemplate]
    public var triggering: [Example]
    public var nonTriggering: [Example]
    /// The rule's file.
    public var location: SourceLocation

    /// All examples, with whether they must trigger the rule.
    public var examples: [(example: Example, mustTrigger: Bool)] {
        triggering.map { ($0, true) } + nonTriggering.map { ($0, false) }
    }
}
