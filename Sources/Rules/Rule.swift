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
    /// Rules that say nothing about a narrowing that this rule has already reported.
    public var supersedes: [String]
    public var condition: Condition
    public var message: MessageTemplate
    /// Markdown: why it matters, how to mend it.
    public var help: String
    public var references: [Reference]
    public var cases: [NamedCase]
    public var triggering: [Example]
    public var nonTriggering: [Example]
}
