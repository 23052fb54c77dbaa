import ProgramModel

/// A comment in a source that keeps findings from being reported.
public struct Suppression: Hashable, Sendable, Codable {
    /// Which scheme the comment follows.
    public enum Scheme: Hashable, Sendable, Codable {
        /// The tool's own: `xenwidth: allow(rule) reason`.
        case comment
        /// A tag that stands for an entry of the tree's own database of justifications.
        case tag(String)
    }

    public var location: SourceLocation
    public var scheme: Scheme
    /// The rules that it speaks of.
    public var rules: [String]
    /// The justification; empty where it is missing.
    public var reason: String
    /// The last day that it holds for, as `YYYY-MM-DD`.
    public var lastDay: String?
    /// The lines of the file that it covers.
    public var lines: ClosedRange<Int>
    /// What is wrong with it as it stands; it then suppresses nothing.
    public var malformation: String?

    public init(
        location: SourceLocation, scheme: Scheme = .comment, rules: [String], reason: String, lastDay: String? = nil,
        lines: ClosedRange<Int>, malformation: String? = nil
    ) {
        self.location = location
        self.scheme = scheme
        self.rules = rules
        self.reason = reason
        self.lastDay = lastDay
        self.lines = lines
        self.malformation = malformation
    }

    func problemText(_ problem: SuppressionProblem) -> String {
        switch problem {
        case .unused: "there is no such finding here"
        case .expired: "it ended with \(lastDay ?? "its last day")"
        case .malformed: malformation ?? "it is not understood"
        case .unknownRule: malformation ?? "there is no such rule"
        }
    }

    func covers(_ finding: Finding) -> Bool {
        finding.location.file == location.file && lines.contains(finding.location.line)
            && rules.contains(finding.ruleID)
    }
}
