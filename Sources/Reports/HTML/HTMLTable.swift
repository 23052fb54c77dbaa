import ProgramModel
import ValueAnalysis

/// The matrix: a line for each hypercall, below it one for each sub-operation; a column for each guest class.
struct HTMLTable {
    private let audit: Audit
    private let guests: [String]
    private let groups: [Group]

    private struct Line {
        var name: String?
        /// Positions of rows in the map, by guest class.
        var cells: [String: [Int]] = [:]
    }

    private struct Group {
        var hypercall: String
        var lines: [Line] = []
    }

    init(audit: Audit) {
        self.audit = audit
        var guests: [String] = []
        var groups: [Group] = []
        var places: [String: Int] = [:]
        for (index, row) in audit.rows.enumerated() {
            if !guests.contains(row.guest) { guests.append(row.guest) }
            let place = places[row.hypercall] ?? groups.count
            if place == groups.count {
                groups.append(Group(hypercall: row.hypercall))
                places[row.hypercall] = place
            }
            let line = groups[place].lines.firstIndex { $0.name == row.subOperation } ?? groups[place].lines.count
            if line == groups[place].lines.count { groups[place].lines.append(Line(name: row.subOperation)) }
            groups[place].lines[line].cells[row.guest, default: []].append(index)
        }
        self.guests = guests
        self.groups = groups
    }

    /// More columns than a page has room for: they are scrolled, and the head of the table cannot stay in sight.
    var isWide: Bool { guests.count > 3 }

    var lineCount: Int { groups.reduce(0) { $0 + $1.lines.count } }

    var markup: String {
        let columns = guests.map { "<th scope=\"col\">\(text($0))</th>" }.joined()
        return """
            <table>
            <caption class="away">Verdicts by hypercall and guest class</caption>
            <thead><tr><th scope="col">Hypercall</th>\(columns)</tr></thead>
            \(groups.map(body).joined(separator: "\n"))
            </table>
            """
    }

    private func body(of group: Group) -> String {
        let all = guests.map { guest in cell(group.lines.flatMap { $0.cells[guest] ?? [] }, isSummary: true) }
        let head = "<tr><th scope=\"row\"><button type=\"button\" class=\"fold\" aria-expanded=\"false\">"
            + "\(text(group.hypercall)) <span class=\"soft\">\(group.lines.count)</span></button></th>\(all.joined())</tr>"
        return "<tbody>\n" + ([head] + group.lines.map { sub($0, of: group) }).joined(separator: "\n") + "\n</tbody>"
    }

    private func sub(_ line: Line, of group: Group) -> String {
        let rows = line.cells.values.joined().sorted().map { audit.rows[$0] }
        let verdicts = HTMLVerdict.order.filter { verdict in rows.contains { $0.verdict == verdict } }
        let handlers = rows.map(\.handler).uniqued()
        let words = ([group.hypercall, line.name ?? "other paths"] + handlers).joined(separator: " ").lowercased()
        let cells = guests.map { cell(line.cells[$0] ?? [], isSummary: false) }.joined()
        return "<tr class=\"sub\" data-verdicts=\"\(verdicts.map(\.rawValue).joined(separator: " "))\" "
            + "data-text=\"\(text(words))\" hidden><th scope=\"row\">\(text(line.name ?? "(other paths)"))</th>\(cells)</tr>"
    }

    private func cell(_ rows: [Int], isSummary: Bool) -> String {
        guard !rows.isEmpty else { return "<td><span class=\"soft\" aria-label=\"no such call\">\u{2013}</span></td>" }
        let verdict = HTMLVerdict.worst(rows.map { audit.rows[$0].verdict })
        // A hypercall's cell leads to what its colour comes from.
        let shown = isSummary ? rows.filter { audit.rows[$0].verdict == verdict } : rows
        let count = isSummary && rows.count > 1 ? " <span>\(shown.count)/\(rows.count)</span>" : ""
        return "<td><button type=\"button\" class=\"cell \(HTMLVerdict.style(verdict))\" aria-pressed=\"false\" "
            + "data-rows=\"\(shown.map(String.init).joined(separator: " "))\">"
            + "\(HTMLVerdict.sign(verdict)) \(verdict.rawValue)\(count)</button></td>"
    }

    private func text(_ value: String) -> String { MarkupText.escaped(DisplayText.escaped(value)) }
}

/// What the page's script shows of a row when it is asked for.
struct HTMLData {
    var audit: Audit
    var configurations: MergedConfigurations?
    var sources: SourceLines

    /// JSON that stays inside of its element whatever the tree's names are.
    var embedded: String {
        JSONValue.members([
            "classes": .object(Verdict.allCases.map { .init(key: $0.rawValue, value: .string(HTMLVerdict.style($0))) }),
            "rows": .array(audit.rows.enumerated().map(row)),
        ]).rendered().replacing("<", with: "\\u003c")
    }

    private func row(_ index: Int, _ row: AuditRow) -> JSONValue {
        .members([
            "hypercall": shown(row.hypercall),
            "handler": shown(row.handler),
            "subOperation": row.subOperation.map(shown),
            "guest": shown(row.guest),
            "returnType": shown(row.returnType),
            "verdict": .string(row.verdict.rawValue),
            "range": row.range.map { .string($0.shown) },
            "slots": row.slots.isEmpty ? nil : shown(row.slots.shown),
            "place": .string(DisplayText.place(row.location)),
            "reason": row.reason.map(shown),
            "explanation": row.explanation.map(shown),
            "configurations": configurations.map { shown($0.ofRows[index].joined(separator: ", ")) },
            "evidence": .array(row.evidence.map { step($0.location, $0.message) }),
            "narrowings": .array(row.narrowings.map { narrowing in
                step(narrowing.location, "\(narrowing.range.shown) is cut from '\(narrowing.from)' to "
                    + "'\(narrowing.to)' in \(narrowing.function)()")
            }),
            "furtherPaths": row.furtherPaths.isEmpty ? nil : .array(row.furtherPaths.map { path in
                .array([
                    shown("Also returned: \(path.range.shown)"),
                    .array(path.evidence.map { step($0.location, $0.message) }),
                ])
            }),
        ])
    }

    private func step(_ location: SourceLocation, _ message: String) -> JSONValue {
        let excerpt = sources.excerpt(at: location)
        return .array([
            .string(DisplayText.place(location)), shown(message), .string(excerpt?.line ?? ""),
            .integer(excerpt?.column ?? 0),
        ])
    }

    private func shown(_ text: String) -> JSONValue { .string(DisplayText.escaped(text)) }
}
