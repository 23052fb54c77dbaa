import ProgramFuzzing
import ValueAnalysis

/// A value that was returned and that no row allows.
public struct SoundnessViolation: Sendable, Codable, CustomStringConvertible {
    public var seed: UInt64
    public var mode: GuestMode
    public var arguments: [UInt64]
    public var label: String?
    public var value: Int64
    /// The value is what it was before it was cut.
    public var isWhole: Bool
    public var rows: [AuditRow]

    public var description: String {
        let answers = rows.map { row in
            "\(row.subOperation ?? "-") \(row.verdict.rawValue) "
                + (row.range.map { "[\($0.min)..\($0.max)]" } ?? "nothing returns")
        }
        return """
            seed \(seed), \(mode.rawValue)-bit arguments \(arguments), sub-operation \(label ?? "-"): \
            \(isWhole ? "cuts" : "returns") \(value), but rows say \(answers.isEmpty ? "nothing" : answers.joined(separator: "; "))
            """
    }
}

/// How much rows said.
public struct PrecisionCount: Sendable, Codable {
    public var programs = 0
    public var rows = 0
    public var runs = 0
    /// The range is what was observed, no more.
    public var exact = 0
    /// The range is that of the return type, or more.
    public var typeWide = 0
    public var unknown = 0
    /// Reasons of unknown rows.
    public var reasons: [String: Int] = [:]

    public init() {}

    public mutating func add(_ other: PrecisionCount) {
        programs += other.programs
        rows += other.rows
        runs += other.runs
        exact += other.exact
        typeWide += other.typeWide
        unknown += other.unknown
        reasons.merge(other.reasons, uniquingKeysWith: +)
    }
}

/// Compares what programs return with what the analyzer says that they can return.
public struct SoundnessCheck: Sendable {
    public var runner: NativeRunner
    public var inputCount: Int
    public var budget: AnalysisBudget

    public init(
        runner: NativeRunner, inputCount: Int = 100, budget: AnalysisBudget = AnalysisBudget(instructions: 60_000)
    ) {
        self.runner = runner
        self.inputCount = inputCount
        self.budget = budget
    }

    public struct Report: Sendable, Codable {
        public var violations: [SoundnessViolation] = []
        /// Programs that did not compile, crashed or did not end, by seed.
        public var failures: [UInt64: String] = [:]
        public var precision = PrecisionCount()

        public init() {}

        public mutating func add(_ other: Report) {
            violations += other.violations
            failures.merge(other.failures) { $1 }
            precision.add(other.precision)
        }
    }

    /// Checks programs of one data model, which are compiled together. Where that fails, halves are, to find the one.
    public func check(_ programs: [GeneratedProgram], modes: [GuestMode]? = nil) -> Report {
        var report = Report()
        let inputs = programs.map(ProgramInputs.init)
        let lists = inputs.map { inputs -> [[UInt64]] in
            let lists = inputs.make(count: inputCount)
            return lists + lists.map(inputs.zeroExtended)
        }
        let outcomes: [[RunOutcome]]
        let whole: [[RunOutcome]?]
        do {
            outcomes = try runner.run(programs, inputs: lists)
            whole = try wholeValues(of: programs, lists)
        } catch {
            let middle = programs.count / 2
            if middle > 0 {
                report.add(check(Array(programs[..<middle]), modes: modes))
                report.add(check(Array(programs[middle...]), modes: modes))
            } else if let program = programs.first {
                report.failures[program.seed] = "\(error)"
            }
            return report
        }
        for index in programs.indices {
            let runs = Runs(arguments: lists[index], outcomes: outcomes[index], whole: whole[index])
            check(inputs[index], modes ?? GuestMode.modes(for: programs[index].model), runs, &report)
        }
        return report
    }

    /// How a program was run, and what came of it.
    private struct Runs {
        var arguments: [[UInt64]]
        var outcomes: [RunOutcome]
        /// What it would return if nothing were cut in its relays; nil: it has none.
        var whole: [RunOutcome]?
    }

    private func wholeValues(of programs: [GeneratedProgram], _ lists: [[[UInt64]]]) throws -> [[RunOutcome]?] {
        let relays = programs.indices.filter { programs[$0].hasRelays }
        var result = [[RunOutcome]?](repeating: nil, count: programs.count)
        guard !relays.isEmpty else { return result }
        var wide = runner
        wide.flags.append(GeneratedProgram.wideRelay)
        let outcomes = try wide.run(relays.map { programs[$0] }, inputs: relays.map { lists[$0] })
        for (index, outcome) in zip(relays, outcomes) { result[index] = outcome }
        return result
    }

    /// What the analyzer says of a program.
    public func rows(of program: GeneratedProgram) throws -> [AuditRow] {
        let modes = GuestMode.modes(for: program.model)
        let analysis = try ProgramAnalysis(program, modes: modes, budget: budget(for: program))
        return modes.flatMap { analysis.rows[$0] ?? [] }
    }

    private func budget(for program: GeneratedProgram) -> AnalysisBudget {
        var budget = budget
        if let depth = program.callDepth { budget.callDepth = depth }
        // What only large functions come to otherwise, these are too small for.
        if program.seed % 3 == 0 {
            budget.callRuns = Int(program.seed / 3 % 3)
            budget.blocksUntilWarm = Int(program.seed / 9 % 3) * 8
        }
        return budget
    }

    private func check(
        _ inputs: ProgramInputs, _ modes: [GuestMode], _ runs: Runs, _ report: inout Report
    ) {
        let analysis: ProgramAnalysis
        do {
            analysis = try ProgramAnalysis(inputs.program, modes: modes, budget: budget(for: inputs.program))
        } catch {
            report.failures[inputs.program.seed] = "\(error)"
            return
        }
        report.precision.programs += 1
        report.precision.runs += runs.outcomes.count + (runs.whole?.count ?? 0)
        for mode in modes { compare(analysis, inputs, mode, runs, &report) }
    }

    /// Whether all bits of a value are left: what is read as negative where it was not is another matter.
    private static func isKept(_ value: Int64, in result: Int64) -> Bool {
        Int64(Int32.min) <= value && value <= Int64(UInt32.max)
            && UInt32(truncatingIfNeeded: value) == UInt32(truncatingIfNeeded: result)
    }

    /// At most one violation for each guest: more of the same program rarely tell more.
    private func compare(
        _ analysis: ProgramAnalysis, _ inputs: ProgramInputs, _ mode: GuestMode, _ runs: Runs, _ report: inout Report
    ) {
        var seen: [String?: (low: Int64, high: Int64)] = [:]
        var violation: SoundnessViolation?
        let rows = analysis.permissions(mode)
        for (index, (arguments, outcome)) in zip(runs.arguments, runs.outcomes).enumerated() {
            if mode == .narrow, inputs.zeroExtended(arguments) != arguments { continue }
            let label = inputs.program.label(forCommand: arguments[0])?.name
            let old = seen[label] ?? (outcome.value, outcome.value)
            seen[label] = (min(old.low, outcome.value), max(old.high, outcome.value))
            guard violation == nil else { continue }
            let applicable = rows.filter { $0.subOperation == nil || $0.subOperation == label }
            let whole = runs.whole?[index].value
            let isAllowed = applicable.contains { $0.allows(outcome.value) }
            let isCovered = whole.map { value in
                Self.isKept(value, in: outcome.value) || applicable.contains { $0.allows(value) || $0.covers(value) }
            } ?? true
            guard !isAllowed || !isCovered else { continue }
            violation = SoundnessViolation(
                seed: inputs.program.seed, mode: mode, arguments: arguments, label: label,
                value: isAllowed ? whole ?? outcome.value : outcome.value, isWhole: isAllowed,
                rows: analysis.rows(mode, command: arguments[0]))
        }
        if let violation { report.violations.append(violation) }
        for row in analysis.rows[mode] ?? [] {
            report.precision.count(row, observed: seen[row.subOperation], model: inputs.program.model)
        }
    }
}

extension PrecisionCount {
    fileprivate mutating func count(_ row: AuditRow, observed: (low: Int64, high: Int64)?, model: DataModel) {
        rows += 1
        if row.verdict == .unknown {
            unknown += 1
            reasons[row.reason ?? "", default: 0] += 1
            return
        }
        guard let range = row.range, let low = Int128(range.min), let high = Int128(range.max) else { return }
        let bits = Int128(model.longWidth - 1)
        if low <= -(Int128(1) << bits), high >= (Int128(1) << bits) - 1 { typeWide += 1 }
        if let observed, low == Int128(observed.low), high == Int128(observed.high) { exact += 1 }
    }
}
