import Rules

/// Findings as commands that a GitHub workflow turns into annotations of the lines they are about.
public struct GitHubReport: Sendable {
    public init() {}

    /// A line a finding; nothing at all where there are none.
    public func render(findings: [Finding]) -> String {
        findings.map { command(for: $0) + "\n" }.joined()
    }

    private func command(for finding: Finding) -> String {
        let name =
            switch finding.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        var properties = ["title=" + property(finding.ruleID)]
        let place = finding.location
        if !place.file.isEmpty {
            properties.append("file=" + property(place.file))
            if place.line > 0 { properties.append("line=\(place.line)") }
            if place.column > 0 { properties.append("col=\(place.column)") }
        }
        let steps = finding.evidence.map { "\(DisplayText.place($0.location)): \(DisplayText.escaped($0.message))" }
        let text = ([DisplayText.escaped(finding.message)] + steps).map(data).joined(separator: "%0A")
        return "::\(name) \(properties.joined(separator: ","))::\(text)"
    }

    /// A line of text: percent signs are the escapes of commands.
    private func data(_ text: String) -> String { text.replacing("%", with: "%25") }

    private func property(_ text: String) -> String {
        data(DisplayText.escaped(text)).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
