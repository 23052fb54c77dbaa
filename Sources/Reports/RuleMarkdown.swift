import Rules

/// Rules as pages for people.
public struct RuleMarkdown: Sendable {
    /// One file.
    public struct Page: Hashable, Sendable {
        public var name: String
        public var text: String
    }

    private let rules: [Rule]

    public init(rules: [Rule]) { self.rules = rules.sorted { $0.id < $1.id } }

    /// A page a rule, and one that lists them.
    public var pages: [Page] {
        [Page(name: "README.md", text: overview)] + rules.map { Page(name: "\($0.id).md", text: page($0)) }
    }

    private static let origin = "<!-- Made from rules/ by `make docs`; edit the rule, not this page. -->\n"

    private var overview: String {
        var text = Self.origin + "\n# Rules\n\n| rule | severity | on | |\n|---|---|---|---|\n"
        for rule in rules {
            text += "| [`\(rule.id)`](\(rule.id).md) | \(rule.severity.rawValue) | "
                + "\(rule.isEnabled ? "yes" : "no") | \(cell(rule.title)) |\n"
        }
        return text
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }

    private func page(_ rule: Rule) -> String {
        var facts = ["severity: \(rule.severity.rawValue)", rule.isEnabled ? "on by default" : "off by default"]
        if let cwe = rule.cwe { facts.append("[CWE-\(cwe)](https://cwe.mitre.org/data/definitions/\(cwe).html)") }
        var parts = [Self.origin, "# \(rule.id)", rule.title + ".", facts.joined(separator: " · ")]
        parts.append(rule.help.trimmedEnd)
        if !rule.fixes.isEmpty {
            parts.append("`xenwidth lint --show-fixes` suggests to:\n\n" + rule.fixes.map { "- \($0.title)" }.joined(separator: "\n"))
        }
        if !rule.isEnabled { parts.append("Ask for it with `xenwidth lint --only \(rule.id)`, or in `.xenwidth.yml`.") }
        if !rule.cases.isEmpty { parts.append("## Known cases") }
        for known in rule.cases {
            parts.append("### \(known.id)")
            parts.append(known.title + ".")
            parts.append(known.history.trimmedEnd)
            if !known.remedies.isEmpty { parts.append("Remedies:\n\n" + known.remedies.map { "- \($0)" }.joined(separator: "\n")) }
        }
        parts += examples("## Triggers", rule.triggering) + examples("## Does not trigger", rule.nonTriggering)
        if !rule.references.isEmpty {
            parts.append("## References")
            parts.append(rule.references.map { "- [\($0.title)](\($0.url))" }.joined(separator: "\n"))
        }
        return parts.map(\.trimmedEnd).joined(separator: "\n\n") + "\n"
    }

    private func examples(_ heading: String, _ examples: [Rule.Example]) -> [String] {
        guard !examples.isEmpty else { return [] }
        return [heading] + examples.map { example in
            "\(example.title):\n\n" + example.code.trimmedEnd.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
        }
    }
}

extension String {
    /// Without blanks and line breaks at the end.
    var trimmedEnd: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
