import ProgramModel

/// A cell of the hypercall table as it was understood.
public struct HandlerEntry: Hashable, Sendable {
    public var hypercall: String
    public var guest: String
    public var handler: String
    /// nil where no definition was found.
    public var location: SourceLocation?
    /// nil where no declaration was found.
    public var returnType: String?

    public init(hypercall: String, guest: String, handler: String, location: SourceLocation?, returnType: String?) {
        self.hypercall = hypercall
        self.guest = guest
        self.handler = handler
        self.location = location
        self.returnType = returnType
    }
}

/// The hypercall table, one line a handler and guest class.
public struct HandlersTextReport: Sendable {
    private let style: TextStyle

    public init(options: TextOptions = TextOptions()) {
        style = TextStyle(isColoured: options.isColoured)
    }

    /// The whole report, ending with a line break; the entries keep their order.
    public func render(entries: [HandlerEntry]) -> String {
        let header = ["HYPERCALL", "GUEST", "HANDLER", "RETURNS", "DEFINED AT"]
        let rows = entries.map { entry in
            [
                entry.hypercall, entry.guest, entry.handler, entry.returnType ?? "-",
            ].map(DisplayText.escaped) + [entry.location.map(DisplayText.place) ?? "not found"]
        }
        let lines = TextTable(rows: [header] + rows).lines(indent: 0) { row, _, cell in
            style(cell, row == 0 ? .bold : nil)
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
