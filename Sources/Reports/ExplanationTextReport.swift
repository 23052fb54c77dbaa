import ProgramModel
import ValueAnalysis

/// Rows of the map with everything that speaks for their verdicts, whichever they are.
public struct ExplanationTextReport: Sendable {
    private let options: TextOptions
    private let style: TextStyle
    private let sources: SourceLines

    /// - Parameter sources: quoted under each step.
    public init(options: TextOptions = TextOptions(), sources: SourceLines = .none) {
        self.options = options
        self.sources = sources
        style = TextStyle(isColoured: options.isColoured)
    }

    /// The whole report, ending with a line break.
    public func render(audit: Audit) -> String {
        var lines: [String] = []
        for row in audit.rows { lines += section(for: row) + [""] }
        lines += SummaryText(audit: audit, options: options).lines()
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(for row: AuditRow) -> [String] {
        let subject = DisplayText.escaped(row.handler + (row.subOperation.map { "(\($0))" } ?? ""))
        let title = "\(subject) for \(DisplayText.escaped(row.guest)): \(row.verdict.rawValue)"
        var lines = [style(title, .bold)]
        var facts = [["hypercall", row.hypercall]]
        if !row.returnType.isEmpty { facts.append(["declared to return", row.returnType]) }
        facts.append(["range", row.range?.shown ?? "nothing returns"])
        if !row.slots.isEmpty { facts.append(["the guest sees", row.slots.shown]) }
        let place = DisplayText.place(row.location)
        if !place.isEmpty { facts.append(["at", place]) }
        lines += TextTable(rows: facts.map { $0.map(DisplayText.escaped) }).lines(indent: 2)
        if let text = row.reason { lines.append(paragraph("why it is not decided: " + text)) }
        if let text = row.explanation { lines.append(paragraph("why: " + text)) }
        lines += steps(row.evidence.map { ($0.location, $0.message) }, under: "the way of the value:")
        let cuts = row.narrowings.map { narrowing in
            let what = "\(narrowing.range.shown) is cut from '\(narrowing.from)' to '\(narrowing.to)'"
            return (narrowing.location, "\(what) in \(narrowing.function)()")
        }
        lines += steps(cuts, under: "conversions that lose bits:")
        for path in row.furtherPaths {
            lines += steps(path.evidence.map { ($0.location, $0.message) }, under: "also returned: \(path.range.shown)")
        }
        return lines
    }

    private func steps(_ steps: [(SourceLocation, String)], under title: String) -> [String] {
        guard !steps.isEmpty else { return [] }
        let quote = SourceQuote(style: style, width: options.width)
        return [paragraph(title)] + steps.enumerated().flatMap { index, step in
            let place = DisplayText.place(step.0)
            let start = "    \(index + 1). " + (place.isEmpty ? "" : "\(place): ")
            let text = DisplayText.wrapped(
                DisplayText.escaped(step.1), width: options.width, used: start.count, indent: 7)
            return [start + text] + quote.lines(at: step.0, sources: sources)
        }
    }

    private func paragraph(_ text: String) -> String {
        "  " + DisplayText.wrapped(DisplayText.escaped(text), width: options.width, used: 2, indent: 4)
    }
}
