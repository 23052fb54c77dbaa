import ProgramModel
import ValueAnalysis

/// The return-value map for programs; the format is `docs/audit.schema.json`.
public struct AuditJSONReport: Sendable {
    public static let schemaVersion = 1
    private let tool: ToolIdentity

    public init(tool: ToolIdentity) { self.tool = tool }

    /// The document, ending with a line break.
    ///
    /// - Parameters:
    ///   - part: which part of the handlers this is; nil for all.
    ///   - label: what a merged document calls this configuration.
    ///   - configurations: of a merged document, with those that each row was found in.
    public func render(
        audit: Audit, part: AuditPart? = nil, label: String? = nil, configurations: MergedConfigurations? = nil
    ) -> String {
        JSONValue.members([
            "schemaVersion": .integer(Self.schemaVersion),
            "tool": toolMember,
            "tree": tree(audit.tree),
            "convention": convention(audit),
            "label": label.map(JSONValue.string),
            "part": part.map(self.part),
            "configurations": configurations.map { .array($0.all.map(configuration)) },
            "rows": .array(audit.rows.enumerated().map { index, item in
                row(item, configurations: configurations?.ofRows[index])
            }),
            "unsupported": unsupported(audit),
            "parseErrors": parseErrors(audit),
            "summary": summary(audit),
        ]).rendered()
    }

    // MARK: Parts that the findings' report shares

    var toolMember: JSONValue {
        .members(["name": .string(tool.name), "version": .string(tool.version)])
    }

    func tree(_ tree: AuditedTree) -> JSONValue {
        .members([
            "version": .string(tree.version),
            "architecture": .string(tree.architecture),
            "revision": .text(tree.revision),
        ])
    }

    /// Said where it is not the usual one.
    func convention(_ audit: Audit) -> JSONValue? {
        audit.convention == .standard ? nil : .string(audit.convention.rawValue)
    }

    func unsupported(_ audit: Audit) -> JSONValue {
        .object(audit.unsupported.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .integer($0.value)) })
    }

    func parseErrors(_ audit: Audit) -> JSONValue {
        .array(audit.parseErrors.sorted().map { step($0.location, $0.message) })
    }

    func summary(_ audit: Audit) -> JSONValue {
        let summary = audit.summary
        return .object(Verdict.allCases.map { .init(key: $0.rawValue, value: .integer(summary[$0] ?? 0)) })
    }

    private func part(_ part: AuditPart) -> JSONValue {
        .members([
            "index": .integer(part.index),
            "count": .integer(part.count),
            "unsupported": .array(part.unsupported.map { gap in
                .members([
                    "function": .string(gap.function),
                    "file": .string(gap.file),
                    "kinds": .object(gap.kinds.sorted { $0.key < $1.key }.map {
                        .init(key: $0.key, value: .integer($0.value))
                    }),
                ])
            }),
            "positions": .array(part.positions.map(JSONValue.integer)),
        ])
    }

    private func configuration(_ configuration: MergedConfigurations.Configuration) -> JSONValue {
        .members(["label": .string(configuration.label), "tree": tree(configuration.tree)])
    }

    private func row(_ row: AuditRow, configurations: [String]?) -> JSONValue {
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
            "furtherPaths": row.furtherPaths.isEmpty ? nil : .array(row.furtherPaths.map(path)),
            "reason": .text(row.reason),
            "explanation": .text(row.explanation),
            "slots": .array(row.slots.map { slot in
                .members(["name": .string(slot.name), "width": .integer(slot.width), "cut": .boolean(slot.isCut)])
            }),
            "configurations": configurations.map { .array($0.map(JSONValue.string)) },
        ])
    }

    private func path(_ path: ReturnPath) -> JSONValue {
        .members([
            "range": range(path.range),
            "location": .object(place(path.location)),
            "evidence": .array(path.evidence.map { step($0.location, $0.message) }),
        ])
    }

    func range(_ range: ValueRange) -> JSONValue {
        .members(["min": .string(range.min), "max": .string(range.max)])
    }

    func place(_ location: SourceLocation) -> [JSONValue.Member] {
        [
            .init(key: "file", value: .string(location.file)),
            .init(key: "line", value: .integer(location.line)),
            .init(key: "column", value: .integer(location.column)),
        ]
    }

    func step(_ location: SourceLocation, _ message: String) -> JSONValue {
        .object(place(location) + [.init(key: "message", value: .string(message))])
    }

    func narrowing(_ narrowing: Narrowing) -> JSONValue {
        .object(place(narrowing.location) + [
            .init(key: "from", value: .string(narrowing.from)),
            .init(key: "to", value: .string(narrowing.to)),
            .init(key: "range", value: range(narrowing.range)),
            .init(key: "function", value: .string(narrowing.function)),
        ])
    }
}
