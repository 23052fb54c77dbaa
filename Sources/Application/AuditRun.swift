import ClangAST
import Lowering
import ProgramModel
import Reports
import Rules
import ValueAnalysis
import XenTree

/// From an opened tree to the map.
public struct AuditRun: Sendable {
    private let opened: OpenedTree
    private let jobs: Int
    private let budget: AnalysisBudget
    private let observer: any RunObserver
    private let units: BuildUnits

    public init(opened: OpenedTree, request: AnalysisRequest, observer: any RunObserver) {
        self.init(opened: opened, units: BuildUnits(build: opened.build), request: request, observer: observer)
    }

    /// - Parameter units: those of the opened tree's build, with what was found out about them before.
    init(opened: OpenedTree, units: BuildUnits, request: AnalysisRequest, observer: any RunObserver) {
        self.opened = opened
        self.units = units
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

    /// Which handlers are analysed.
    enum Selection: Sendable {
        case all
        case focus(AuditFocus)
        case shard(Shard)
        /// By name; each is analysed on its own, so that what it depends on is known.
        case recorded(Set<String>)

        var focus: AuditFocus? { if case .focus(let focus) = self { focus } else { nil } }
        var isRecorded: Bool { if case .recorded = self { true } else { false } }

        func cells(of opened: OpenedTree, wide: [TableCell]) throws -> (cells: [TableCell], wide: [TableCell]) {
            let cells = opened.cells
            switch self {
            case .all: return (cells, wide)
            case .focus(let focus): return (try FocusedCells(opened: opened, focus: focus).cells, [])
            case .shard(let shard):
                let mine = shard.handlers(of: cells + wide)
                return (cells.filter { mine.contains($0.entry.handler) }, wide.filter { mine.contains($0.entry.handler) })
            case .recorded(let names):
                return (cells.filter { names.contains($0.entry.handler) }, wide.filter { names.contains($0.entry.handler) })
            }
        }
    }

    /// Which units the answer about each handler came from.
    struct Uses: Sendable {
        var unitsByHandler: [String: [String]]
        var searchesByHandler: [String: [String: [String]]]
        var membersByHandler: [String: [MemberSearch]]
        var index: BuildUnits
    }

    /// The map, with what the rules, merges and later runs want to know besides.
    struct Outcome: Sendable {
        var audit: Audit
        /// Empty where no rules were named.
        var facts: TreeFacts
        var gaps: [AuditPart.Gap]
        /// Of each row's cell among all cells.
        var positions: [Int]
        var uses: Uses

        func part(_ shard: Shard) -> AuditPart {
            AuditPart(index: shard.index, count: shard.count, unsupported: gaps, positions: positions)
        }
    }

    /// Analyses all cells of the table, or those of one handler or of a part of the handlers. The part is what a merge has
    /// to know; nil where everything was asked for.
    public func auditWithPart(focus: AuditFocus?, shard: Shard?) throws -> (audit: Audit, part: AuditPart?) {
        let outcome = try outcome(focus.map(Selection.focus) ?? shard.map(Selection.shard) ?? .all)
        return (outcome.audit, shard.map(outcome.part))
    }

    /// - Parameter rules: those that the map is for; nil where nobody asks for facts.
    func outcome(_ selection: Selection, for rules: [Rule]? = nil) throws -> Outcome {
        // Deep C makes deep trees, and those recurse when they are freed too.
        try BigStack.run { try outcomeOnThisThread(selection, for: rules) }
    }

    private func outcomeOnThisThread(_ selection: Selection, for rules: [Rule]?) throws -> Outcome {
        var (cells, wide) = try selection.cells(of: opened, wide: rules.map { opened.wideCells(for: $0) } ?? [])
        let handlers = Array(Set((cells + wide).map(\.entry.handler))).sorted()
        let needed = Array(Set(handlers.flatMap(units.units))).sorted()
        let program = ClangProgram(index: units, maximumLiveUnits: needed.count + UnitMemory.ofThisMachine().units)
        observer.noted("\(units.count) C files, of which \(needed.count) define the \(handlers.count) handlers")
        observer.progressed(phase: "parsing", finished: 0, total: needed.count, label: "")
        program.prefetch(units: needed.filter { units.recipe(forUnit: $0) != nil }, threads: jobs)

        let recorders = selection.isRecorded
            ? Dictionary(uniqueKeysWithValues: handlers.map { ($0, UseRecorder(program: program, index: units)) }) : [:]
        var facts = TreeFacts()
        if let rules {
            observer.progressed(phase: "comparing declarations", finished: 0, total: handlers.count, label: "")
            facts = opened.facts(of: handlers, program: program, recorders: recorders)
            let count = opened.cells.count
            cells += opened.chosen(wide, for: rules, facts: facts).map { cell in
                var cell = cell
                cell.position += count
                return cell
            }
        } else {
            facts.dispatchSites = opened.dispatchSites(in: program)
        }
        let audits = try audits(
            of: tasks(for: cells), program: program, by: analyzers(for: program, recorders: recorders))
        let unsupported = Self.byFunction(audits.values.map(\.unsupported))
        let (rows, positions) = rows(of: cells, results: audits, facts)
        let audit = Audit(
            tree: opened.audited, rows: try selection.focus?.filtered(rows) ?? rows,
            unsupported: AuditPart.total(Array(unsupported.values)), parseErrors: Self.errors(program.diagnostics),
            convention: opened.convention)
        return Outcome(
            audit: audit, facts: facts,
            gaps: unsupported.map { .init(function: $0.key.name, file: $0.key.unit ?? "", kinds: $0.value) },
            positions: positions,
            uses: Uses(
                unitsByHandler: recorders.mapValues(\.units), searchesByHandler: recorders.mapValues(\.searches),
                membersByHandler: recorders.mapValues(\.memberSearches), index: units))
    }

    /// Guest classes of one handler follow one another: what is found for the first is often true for the next. The largest
    /// handlers come first, so that the threads end together.
    private func audits(
        of tasks: [Task], program: ClangProgram, by analyzers: @escaping @Sendable (String) -> Analyzer
    ) throws -> [TaskKey: HandlerAudit] {
        let observer = observer
        let sized = try ParallelRun.map(Self.grouped(tasks), threads: jobs) { group in
            (group: group, size: program.size(of: group[0].handler))
        } finished: { _, _ in }
        let groups = sized.enumerated().sorted { ($1.element.size, $0.offset) < ($0.element.size, $1.offset) }
            .map(\.element.group)
        let audits = try ParallelRun.map(groups, threads: jobs) { group in
            group.map { task in
                analyzers(task.handler).audit(hypercall: task.hypercall, handler: task.handler, guest: task.guest)
            }
        } finished: { group, count in
            observer.progressed(
                phase: "analysing", finished: count, total: groups.count,
                label: "\(group[0].handler) for \(group.map(\.guest.name).joined(separator: ", "))")
        }
        let keys = groups.joined().map { TaskKey(handler: $0.handler, guest: $0.guest.name) }
        return Dictionary(zip(keys, audits.joined())) { first, _ in first }
    }

    /// The tasks of each handler, in the order of the first.
    private static func grouped(_ tasks: [Task]) -> [[Task]] {
        var order: [String] = []
        var groups: [String: [Task]] = [:]
        for task in tasks {
            if groups[task.handler] == nil { order.append(task.handler) }
            groups[task.handler, default: []].append(task)
        }
        return order.compactMap { groups[$0] }
    }

    /// One for all handlers, which then share what they found; or one for each, since what is shared is not asked for.
    private func analyzers(
        for program: ClangProgram, recorders: [String: UseRecorder]
    ) -> @Sendable (String) -> Analyzer {
        let models = opened.pack.models(for: opened.audited.architecture)
        let convention = opened.convention
        let shared = Analyzer(program: program, models: models, convention: convention, budget: budget)
        let own = recorders.mapValues { Analyzer(program: $0, models: models, convention: convention, budget: budget) }
        return { own[$0] ?? shared }
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
        of cells: [TableCell], results: [TaskKey: HandlerAudit], _ facts: TreeFacts
    ) -> (rows: [AuditRow], positions: [Int]) {
        var rows: [AuditRow] = []
        var positions: [Int] = []
        for cell in cells {
            let key = TaskKey(handler: cell.entry.handler, guest: cell.guest.name)
            rows += (results[key]?.rows ?? []).map { row in
                var row = row
                row.hypercall = cell.entry.hypercall
                // The table's declaration, where the body could not be read.
                if row.returnType.isEmpty { row.returnType = opened.table.prototypes[row.handler]?.returnType ?? "" }
                row.slots = facts.slots(of: row, for: cell.guest)
                return row
            }
            positions += Array(repeating: cell.position, count: rows.count - positions.count)
        }
        return (rows, positions)
    }

    /// Functions that several handlers share count once.
    private static func byFunction(
        _ found: [[FunctionReference: [String: Int]]]
    ) -> [FunctionReference: [String: Int]] {
        var byFunction: [FunctionReference: [String: Int]] = [:]
        for part in found {
            for (function, kinds) in part { byFunction[function, default: [:]].merge(kinds) { max($0, $1) } }
        }
        return byFunction
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

extension ClangProgram {
    /// Instructions of a function; 0 where it has no body.
    fileprivate func size(of function: String) -> Int {
        guard case .found(let body) = body(of: FunctionReference(name: function, unit: nil)) else { return 0 }
        return body.instructionCount
    }
}
