import ProgramModel

/// The hypercall table for programs.
public struct HandlersJSONReport: Sendable {
    public static let schemaVersion = 1
    private let tool: ToolIdentity

    public init(tool: ToolIdentity) { self.tool = tool }

    /// The document, ending with a line break; the entries keep their order.
    public func render(entries: [HandlerEntry], unreachable: [UnreachableEntry]) -> String {
        JSONValue.members([
            "schemaVersion": .integer(Self.schemaVersion),
            "tool": .members(["name": .string(tool.name), "version": .string(tool.version)]),
            "handlers": .array(entries.map { entry in
                .members([
                    "hypercall": .string(entry.hypercall),
                    "guest": .string(entry.guest),
                    "handler": .string(entry.handler),
                    "returnType": .text(entry.returnType),
                    "location": place(entry.location),
                ])
            }),
            "unreachable": .array(unreachable.map { entry in
                .members([
                    "handler": .string(entry.handler),
                    "returnType": .text(entry.returnType),
                    "location": place(entry.location),
                ])
            }),
        ]).rendered()
    }

    private func place(_ location: SourceLocation?) -> JSONValue {
        guard let location else { return .null }
        return .members([
            "file": .string(location.file), "line": .integer(location.line), "column": .integer(location.column),
        ])
    }
}
