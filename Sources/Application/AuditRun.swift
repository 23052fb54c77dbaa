import ClangAST
import Lowering
import ProgramModel
import Rules
import ValueAnalysis
import XenTree

/// From an opened tree to the map.
public struct AuditRun: Sendable {
    private let opened: OpenedTree
    private let jobs: Int
    private let budget: AnalysisBudget
    private let observer: any RunObserver

    public init(opened: OpenedTree, request: AnalysisRequest, observer: any RunObserver) {
        self.opened = opened
        jobs = request.jobs
        budget = request.budget
        self.observer = observer
    }

    /// A handler and a guest class: what is analysed once, however many hypercalls lead to it.
    private struct Task: Hashable, Sendable {
        var handler: String
        var guest: GuestClass
        /// The first hypercall that leads to it.
        var hypercall: String
    }

    private struct TaskKey: Hashable {
        var handler: String
        var guest: String
    }

    /// The map with what the rules want to know besides.
    public struct Outcome: Sendable {
        public var audit: Audit
        public var facts: TreeFacts
    }

    /// Analyses all cells of the table, or those of one handler.
    public func audit(focus: AuditFocus? = nil) throws -> Audit {
        // Deep C makes deep trees, and those recurse when they are freed too.
        try BigStack.run { try auditOnThisThread(focus: focus, rules: nil).audit }
    }

    /// Analyses all cells of the table, and what the rules need besides.
    public func outcome(for rules: [Rule]) throws -> Outcome {
        try BigStack.run { try auditOnThisThread(focus: nil, rules: rules) }
    }

    private func auditOnThisThread(focus: AuditFocus?, rules: [Rule]?) throws -> Outcome {
        var cells = opened.cells
        if let focus { cells = try FocusedCells(opened: opened, focus: focus).cells }
        let units = BuildUnits(build: opened.build)
        let wide = rules.map { opened.wideCells(for: $0) } ?? []
        let handlers = Array(Set((cells + wide).map(\.entry.handler))).sorted()
        let needed = Array(Set(handlers.flatMap(units.units))).sorted()
        let program = ClangProgram(index: units, maximumLiveUnits: needed.count + 48)
        observer.noted("\(units.count) C files, of which \(needed.count) define the \(handlers.count) handlers")
        observer.progressed(phase: "parsing", finished: 0, total: needed.count, label: "")
        program.prefetch(units: needed.filter { units.recipe(forUnit: $0) != nil }, threads: jobs)

        var facts = TreeFacts()
        if let rules {
            observer.progressed(phase: "comparing declarations", finished: 0, total: handlers.count, label: "")
            facts = opened.facts(of: handlers, index: units, program: program)
            cells += opened.chosen(wide, for: rules, facts: facts)
        }
        let analyzer = Analyzer(
            program: program, models: opened.pack.models(for: opened.audited.architecture),
            convention: opened.convention, budget: budget)
        let tasks = tasks(for: cells)
        let total = tasks.count
        let observer = observer
        let audits = try ParallelRun.map(tasks, threads: jobs) { task in
            analyzer.audit(hypercall: task.hypercall, handler: task.handler, guest: task.guest)
        } finished: { task, count in
            observer.progressed(
                phase: "analysing", finished: count, total: total, label: "\(task.handler) for \(task.guest.name)")
        }
        let results = Dictionary(
            zip(tasks.map { TaskKey(handler: $0.handler, guest: $0.guest.name) }, audits)) { first, _ in first }
        let audit = Audit(
            tree: opened.audited, rows: try rows(of: cells, results: results, focus: focus),
            unsupported: Self.merged(audits.map(\.unsupported)), parseErrors: Self.errors(program.diagnostics))
        return Outcome(audit: audit, facts: facts)
    }

    private func tasks(for cells: [TableCell]) -> [Task] {
        var seen: Set<TaskKey> = []
        return cells.compactMap { cell in
            let key = TaskKey(handler: cell.entry.handler, guest: cell.guest.name)
            guard seen.insert(key).inserted else { return nil }
            return Task(handler: cell.entry.handler, guest: cell.guest, hypercall: cell.entry.hypercall)
        }
    }

    private func rows(
        of cells: [TableCell], results: [TaskKey: HandlerAudit], focus: AuditFocus?
    ) throws(ApplicationError) -> [AuditRow] {
        var rows: [AuditRow] = []
        for cell in cells {
            let key = TaskKey(handler: cell.entry.handler, guest: cell.guest.name)
            rows += (results[key]?.rows ?? []).map { row in
                var row = row
                row.hypercall = cell.entry.hypercall
                // The table's declaration, where the body could not be read.
                if row.returnType.isEmpty { row.returnType = opened.table.prototypes[row.handler]?.returnType ?? "" }
                return row
            }
        }
        return try focus?.filtered(rows) ?? rows
    }

    /// Functions that several handlers share count once.
    private static func merged(_ found: [[FunctionReference: [String: Int]]]) -> [String: Int] {
        var byFunction: [FunctionReference: [String: Int]] = [:]
        for part in found {
            for (function, kinds) in part { byFunction[function, default: [:]].merge(kinds) { max($0, $1) } }
        }
        return byFunction.values.reduce(into: [:]) { sum, kinds in sum.merge(kinds, uniquingKeysWith: +) }
    }

    /// Several units meet the same error of a header.
    private static func errors(_ diagnostics: [ParseDiagnostic]) -> [AuditDiagnostic] {
        let errors = diagnostics.filter { ["error", "fatal"].contains($0.severity) }.map {
            AuditDiagnostic(
                location: SourceLocation(file: $0.file, line: $0.line, column: $0.column), message: $0.message)
        }
        return Set(errors).sorted()
    }
}
