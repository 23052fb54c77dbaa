import Foundation
import Testing
import ValueAnalysis

@Suite struct WrittenCaseTests {
    @Test(arguments: CaseFile.all) func verdicts(_ name: String) throws {
        let file = try CaseFile(named: name)
        #expect(!file.cases.isEmpty)
        var analyzers: [String: Analyzer] = [:]
        for one in file.cases {
            let analyzer = try analyzers[one.target] ?? SingleUnit(path: file.url.path, target: one.target).analyzer()
            analyzers[one.target] = analyzer
            let rows = analyzer.audit(hypercall: one.name, handler: one.function, guest: SingleUnit.guest(one.guest)).rows
            for problem in Self.problems(one, rows, file) {
                Issue.record("\(name): \(one.name): \(problem)")
            }
        }
    }

    static func problems(_ one: WrittenCase, _ rows: [AuditRow], _ file: CaseFile) -> [String] {
        let (now, later) = (rows.filter { $0.handler == one.function }, rows.filter { $0.handler != one.function })
        return problems(one.rows, now.map { ($0.subOperation, $0) })
            + problems(one.laterRows, later.map { ($0.handler.hasPrefix("(") ? nil : $0.handler, $0) })
            + narrowingProblems(one, rows, file)
    }

    private static func problems(_ expected: [WrittenCase.Row], _ rows: [(label: String?, row: AuditRow)]) -> [String] {
        var problems: [String] = []
        for wanted in expected {
            guard let row = rows.first(where: { $0.label == wanted.label })?.row else {
                problems.append("no row \(wanted.label ?? "-")")
                continue
            }
            let shown = "[\(row.range?.min ?? "")..\(row.range?.max ?? "")] \(row.reason ?? "")"
            if row.verdict != wanted.verdict {
                problems.append("row \(wanted.label ?? "-") is \(row.verdict.rawValue) \(shown), not \(wanted.verdict.rawValue)")
            }
            guard let range = wanted.range else { continue }
            let low = row.range.flatMap { Int128($0.min) } ?? 1
            let high = row.range.flatMap { Int128($0.max) } ?? 0
            if low > range.min || high < range.max {
                problems.append("UNSOUND row \(wanted.label ?? "-") \(shown) does not include \(range)")
            } else if wanted.isExact, low != range.min || high != range.max {
                problems.append("row \(wanted.label ?? "-") \(shown) is not \(range)")
            }
        }
        let wanted = Set(expected.map(\.label))
        for (label, row) in rows where !wanted.contains(label) {
            problems.append("unexpected row \(label ?? "-") \(row.verdict.rawValue)")
        }
        return problems
    }

    private static func narrowingProblems(_ one: WrittenCase, _ rows: [AuditRow], _ file: CaseFile) -> [String] {
        let lines = Set(rows.flatMap(\.narrowings).map(\.location.line))
        var problems: [String] = []
        if one.forbidsNarrowings, !lines.isEmpty { problems.append("narrowings on lines \(lines.sorted())") }
        for text in one.narrowings {
            guard let line = file.line(of: text) else {
                problems.append("the text '\(text)' is not on one line")
                continue
            }
            if !lines.contains(line) { problems.append("no narrowing on line \(line), but on \(lines.sorted())") }
        }
        return problems
    }
}
