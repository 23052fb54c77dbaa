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

/// A function that looks like a handler but that no guest reaches through the table.
public struct UnreachableEntry: Hashable, Sendable {
    public var handler: String
    /// nil where no definition was found.
    public var location: SourceLocation?
    /// nil where no declaration was found.
    public var returnType: String?

    public init(handler: String, location: SourceLocation?, returnType: String?) {
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
    public func render(entries: [HandlerEntry], unreachable: [UnreachableEntry] = []) -> String {
        var lines = table(["HYPERCALL", "GUEST", "HANDLER", "RETURNS", "DEFINED AT"], entries.map { entry in
            [entry.hypercall, entry.guest, entry.handler] + end(entry.returnType, entry.location)
        })
        if !unreachable.isEmpty {
            lines += ["", style("Not reached through this table:", .bold)]
            lines += table(["FUNCTION", "RETURNS", "DEFINED AT"], unreachable.map { entry in
                [entry.handler] + end(entry.returnType, entry.location)
            })
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func end(_ returnType: String?, _ location: SourceLocation?) -> [String] {
        [returnType ?? "-", location.map(DisplayText.place) ?? "not found"]
    }

    private func table(_ header: [String], _ rows: [[String]]) -> [String] {
        TextTable(rows: [header] + rows.map { $0.map(DisplayText.escaped) }).lines(indent: 0) { row, _, cell in
            style(cell, row == 0 ? .bold : nil)
        }
    }
}
