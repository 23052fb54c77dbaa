import ProgramModel
import ValueAnalysis

/// The return-value map for programs; the format is `docs/audit.schema.json`.
public struct AuditJSONReport: Sendable {
    public static let schemaVersion = 1
    private let tool: ToolIdentity

    public init(tool: ToolIdentity) { self.tool = tool }

    /// The document, ending with a line break.
    public func render(audit: Audit) -> String {
        let summary = audit.summary
        return JSONValue.members([
            "schemaVersion": .integer(Self.schemaVersion),
            "tool": .members(["name": .string(tool.name), "version": .string(tool.version)]),
            "tree": .members([
                "version": .string(audit.tree.version),
                "architecture": .string(audit.tree.architecture),
                "revision": .text(audit.tree.revision),
            ]),
            "rows": .array(audit.rows.map(row)),
            "unsupported": .object(
                audit.unsupported.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .integer($0.value)) }),
            "parseErrors": .array(audit.parseErrors.sorted().map { step($0.location, $0.message) }),
            "summary": .object(
                Verdict.allCases.map { .init(key: $0.rawValue, value: .integer(summary[$0] ?? 0)) }),
        ]).rendered()
    }

    private func row(_ row: AuditRow) -> JSONValue {
        .members([
            "hypercall": .string(row.hypercall),
            "handler": .string(row.handler),
            "returnType": .string(row.returnType),
            "subOperation": .text(row.subOperation),
            "guest": .string(row.guest),
            "verdict": .string(row.verdict.rawValue),
            "range": row.range.map(range) ?? .null,
            "location": .object(place(row.location)),
            "evidence": .array(row.evidence.map { step($0.location, $0.message) }),
            "narrowings": .array(row.narrowings.map(narrowing)),
            "reason": .text(row.reason),
            "explanation": .text(row.explanation),
        ])
    }

    private func range(_ range: ValueRange) -> JSONValue {
        .members(["min": .string(range.min), "max": .string(range.max)])
    }

    private func place(_ location: SourceLocation) -> [JSONValue.Member] {
        [
            .init(key: "file", value: .string(location.file)),
            .init(key: "line", value: .integer(location.line)),
            .init(key: "column", value: .integer(location.column)),
        ]
    }

    private func step(_ location: SourceLocation, _ message: String) -> JSONValue {
        .object(place(location) + [.init(key: "message", value: .string(message))])
    }

    private func narrowing(_ narrowing: Narrowing) -> JSONValue {
        .object(place(narrowing.location) + [
            .init(key: "from", value: .string(narrowing.from)),
            .init(key: "to", value: .string(narrowing.to)),
            .init(key: "range", value: range(narrowing.range)),
            .init(key: "function", value: .string(narrowing.function)),
        ])
    }
}
