import ValueAnalysis

/// The return-value map for reading.
public struct AuditTextReport: Sendable {
    private let options: TextOptions
    private let style: TextStyle

    public init(options: TextOptions = TextOptions()) {
        self.options = options
        style = TextStyle(isColoured: options.isColoured)
    }

    /// The whole report, ending with a line break.
    public func render(audit: Audit) -> String {
        var lines: [String] = []
        for group in groups(of: audit.rows) {
            lines += section(for: group)
            lines.append("")
        }
        lines += audit.parseErrors.sorted().map {
            "\(DisplayText.place($0.location)): warning: \(DisplayText.escaped($0.message)) [parse-error]"
        }
        lines += SummaryText(audit: audit, options: options).lines()
        return lines.joined(separator: "\n") + "\n"
    }

    /// Neighbouring rows of one hypercall, guest class and handler.
    private func groups(of rows: [AuditRow]) -> [[AuditRow]] {
        rows.reduce(into: []) { groups, row in
            if let last = groups.last?.first, last.hypercall == row.hypercall, last.guest == row.guest,
                last.handler == row.handler {
                groups[groups.count - 1].append(row)
            } else {
                groups.append([row])
            }
        }
    }

    private func section(for rows: [AuditRow]) -> [String] {
        let head = rows[0]
        let title = "\(DisplayText.escaped(head.hypercall)) for \(DisplayText.escaped(head.guest))"
        let handler = "\(DisplayText.escaped(head.returnType)) \(DisplayText.escaped(head.handler))()"
        var lines = ["\(style(title, .bold)): \(handler)"]
        let otherPaths = rows.count == 1 ? "(all paths)" : "(other paths)"
        var table = TextTable(rows: rows.map { row in
            [
                row.subOperation.map(DisplayText.escaped) ?? otherPaths, row.verdict.rawValue,
                row.range?.shown ?? "-", DisplayText.place(row.location),
            ]
        })
        // Too wide with the places in the table: each place gets a line of its own.
        let hasOwnPlaceLine = options.width.map { table.width(indent: 2) > $0 } ?? false
        if hasOwnPlaceLine { table.rows = table.rows.map { $0.dropLast() } }
        let cells = table.lines(indent: 2) { index, column, cell in
            column == 1 ? style(cell, colour(of: rows[index].verdict)) : cell
        }
        for (row, line) in zip(rows, cells) {
            lines.append(line)
            let place = DisplayText.place(row.location)
            if hasOwnPlaceLine, !place.isEmpty { lines.append("      \(place)") }
            if let reason = row.reason ?? row.explanation {
                let text = DisplayText.wrapped(DisplayText.escaped(reason), width: options.width, used: 6, indent: 6)
                lines.append("      \(text)")
            }
        }
        return lines
    }

    private func colour(of verdict: Verdict) -> TextStyle.Colour? {
        switch verdict {
        case .fitsInt, .continuation, .registerRestore: .good
        case .fitsUnsigned, .errnoAmbiguous: .warning
        case .exceeds32Bit: .error
        case .unknown: .note
        }
    }
}
