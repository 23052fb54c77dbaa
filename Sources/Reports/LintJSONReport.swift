import ProgramModel
import Rules
import ValueAnalysis

/// Findings for programs; the format is `docs/lint.schema.json`.
public struct LintJSONReport: Sendable {
    public static let schemaVersion = 1
    private let tool: ToolIdentity

    public init(tool: ToolIdentity) { self.tool = tool }

    /// The document, ending with a line break.
    public func render(
        findings: [Finding], audit: Audit, fixed: [Baseline.Entry] = [], mended: [MendedCase] = []
    ) -> String {
        let map = AuditJSONReport(tool: tool)
        return JSONValue.members([
            "schemaVersion": .integer(Self.schemaVersion),
            "tool": map.toolMember,
            "tree": map.tree(audit.tree),
            "convention": map.convention(audit),
            "findings": .array(findings.map { finding($0, map: map) }),
            "fixed": .array(fixed.map { entry in
                .members([
                    "rule": .string(entry.rule), "fingerprint": .string(entry.fingerprint),
                    "file": .string(entry.file), "message": .string(entry.message),
                ])
            }),
            "mendedCases": .array(mended.map { mended in
                .members([
                    "id": .string(mended.knownCase.id), "rule": .string(mended.rule),
                    "guests": .array(mended.guests.map(JSONValue.string)),
                    "reasons": .array(mended.reasons.map(JSONValue.string)),
                ])
            }),
            "unsupported": map.unsupported(audit),
            "parseErrors": map.parseErrors(audit),
            "summary": map.summary(audit),
        ]).rendered()
    }

    private func finding(_ finding: Finding, map: AuditJSONReport) -> JSONValue {
        .members([
            "rule": .string(finding.ruleID),
            "severity": .string(finding.severity.rawValue),
            "message": .string(finding.message),
            "location": .object(map.place(finding.location)),
            "fingerprint": .string(finding.fingerprint),
            "evidence": .array(finding.evidence.map { map.step($0.location, $0.message) }),
            "narrowings": .array(finding.narrowings.map(map.narrowing)),
            "rows": .array(finding.rows.map { row in
                .members([
                    "hypercall": .string(row.hypercall),
                    "handler": .string(row.handler),
                    "subOperation": .text(row.subOperation),
                    "guest": .string(row.guest),
                    "verdict": .string(row.verdict.rawValue),
                    "range": row.range.map(map.range) ?? .null,
                ])
            }),
            "knownCase": finding.knownCase.map { .string($0.id) } ?? .null,
            "suppressions": .array(finding.suppressions.map { suppression in
                .members([
                    "location": .object(map.place(suppression.location)), "reason": .string(suppression.reason),
                ])
            }),
            "baselineState": .text(finding.baselineState?.rawValue),
        ])
    }
}
