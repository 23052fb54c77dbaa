import Rules

/// Findings as GitLab's Code Quality report, which merge requests show.
public struct GitLabReport: Sendable {
    public init() {}

    /// The document, ending with a line break.
    public func render(findings: [Finding]) -> String {
        JSONValue.array(findings.map { finding in
            .members([
                "description": .string(finding.message),
                "check_name": .string(finding.ruleID),
                "fingerprint": .string(finding.fingerprint),
                "severity": .string(severity(finding.severity)),
                "location": .members([
                    "path": .string(finding.location.file),
                    // GitLab drops entries without a line.
                    "lines": .members(["begin": .integer(max(1, finding.location.line))]),
                ]),
            ])
        }).rendered()
    }

    private func severity(_ severity: Severity) -> String {
        switch severity {
        case .error: "critical"
        case .warning: "major"
        case .note: "info"
        }
    }
}
