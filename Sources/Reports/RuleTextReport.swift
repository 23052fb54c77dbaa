import Rules

/// The rules as a list.
public struct RuleListTextReport: Sendable {
    private let style: TextStyle

    public init(options: TextOptions = TextOptions()) { style = TextStyle(isColoured: options.isColoured) }

    public func render(rules: [Rule]) -> String {
        let idWidth = rules.map(\.id.count).max() ?? 0
        return rules.map { rule in
            let id = style(rule.id, .bold) + String(repeating: " ", count: idWidth - rule.id.count)
            let severity = rule.severity.rawValue + String(repeating: " ", count: 8 - rule.severity.rawValue.count)
            let state = rule.isEnabled ? "on " : "off"
            return DisplayText.escaped("\(severity) \(state)  \(rule.title)").withPrefix(id + "  ")
        }.joined(separator: "\n") + "\n"
    }
}

/// One rule, explained on a terminal.
public struct RuleTextReport: Sendable {
    private let style: TextStyle

    public init(options: TextOptions = TextOptions()) { style = TextStyle(isColoured: options.isColoured) }

    public func render(rule: Rule) -> String {
        var facts = [rule.severity.rawValue, rule.isEnabled ? "on by default" : "off by default"]
        if let cwe = rule.cwe { facts.append("CWE-\(cwe)") }
        var parts = ["\(style(rule.id, .bold)): \(lines(rule.title))", facts.joined(separator: ", "), lines(rule.help)]
        for known in rule.cases {
            parts.append(style("Known case: \(known.id)", .bold) + "\n" + lines(known.history))
            if !known.remedies.isEmpty {
                parts.append("Remedies:\n" + known.remedies.map { "- " + lines($0) }.joined(separator: "\n"))
            }
        }
        parts += examples("Triggers", rule.triggering) + examples("Does not trigger", rule.nonTriggering)
        if !rule.references.isEmpty {
            parts.append(rule.references.map { lines("\($0.title): \($0.url)") }.joined(separator: "\n"))
        }
        return parts.map(\.trimmedEnd).joined(separator: "\n\n") + "\n"
    }

    private func examples(_ heading: String, _ examples: [Rule.Example]) -> [String] {
        examples.map { example in
            "\(style(heading, .bold)): \(lines(example.title))\n"
                + example.code.trimmedEnd.split(separator: "\n", omittingEmptySubsequences: false)
                .map { "    " + DisplayText.escaped(String($0)) }.joined(separator: "\n")
        }
    }

    /// Escapes what a terminal could act on, line by line.
    private func lines(_ text: String) -> String {
        text.trimmedEnd.split(separator: "\n", omittingEmptySubsequences: false)
            .map { DisplayText.escaped(String($0)) }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func withPrefix(_ prefix: String) -> String { prefix + self }
}
