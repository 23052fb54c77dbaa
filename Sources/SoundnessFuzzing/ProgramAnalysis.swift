import Lowering
import ProgramFuzzing
import ValueAnalysis

/// What the analyzer says of a generated program, by guest.
struct ProgramAnalysis {
    let program: GeneratedProgram
    let rows: [GuestMode: [AuditRow]]

    init(_ program: GeneratedProgram, modes: [GuestMode], budget: AnalysisBudget) throws {
        self.program = program
        let source = ClangProgram(index: try ProgramOnDisk(program))
        // One analyzer for all guests, as in an audit: what it shares between them is under test too.
        let analyzer = Analyzer(program: source, models: AnalysisModels(), budget: budget)
        var rows: [GuestMode: [AuditRow]] = [:]
        for mode in modes {
            rows[mode] = analyzer.audit(hypercall: "fuzz", handler: GeneratedProgram.entry, guest: mode.guest).rows
        }
        self.rows = rows
    }

    func permissions(_ mode: GuestMode) -> [RowPermission] { (rows[mode] ?? []).map(RowPermission.init) }

    /// The rows that may speak of a command: its label's, and that of the paths outside any `case`, which a return before
    /// the switch takes.
    func rows(_ mode: GuestMode, command: UInt64) -> [AuditRow] {
        let label = program.label(forCommand: command)?.name
        return (rows[mode] ?? []).filter { $0.subOperation == nil || $0.subOperation == label }
    }
}

/// The values that a row allows, with its numbers read once.
struct RowPermission {
    let subOperation: String?
    private let verdict: Verdict
    private let returned: ClosedRange<Int128>?
    /// Also of what is cut.
    private let range: ClosedRange<Int128>?

    init(_ row: AuditRow) {
        subOperation = row.subOperation
        verdict = row.verdict
        range = row.range.flatMap(Self.numbers)
        returned = (row.returned ?? row.range).flatMap(Self.numbers)
    }

    private static func numbers(_ range: ValueRange) -> ClosedRange<Int128>? {
        guard let low = Int128(range.min), let high = Int128(range.max), low <= high else { return nil }
        return low...high
    }

    func allows(_ value: Int64) -> Bool { allows(value, in: returned) }

    /// Whether the row speaks of a value that may have been cut on the way: its verdict is about those too.
    func covers(_ value: Int64) -> Bool { allows(value, in: range) }

    private func allows(_ value: Int64, in range: ClosedRange<Int128>?) -> Bool {
        if verdict == .unknown { return true }
        return range?.contains(Int128(value)) == true && verdict.allows(Int128(value))
    }
}

extension Verdict {
    private static let intMin = -(Int128(1) << 31)

    /// Whether a handler of this verdict may return a value.
    func allows(_ value: Int128) -> Bool {
        switch self {
        case .fitsInt: Self.intMin <= value && value < Int128(1) << 31
        case .fitsUnsigned: Self.intMin <= value && value <= (Int128(1) << 32) - 4096
        case .errnoAmbiguous: Self.intMin <= value && value < Int128(1) << 32
        case .exceeds32Bit, .unknown: true
        // Generated programs have neither.
        case .continuation, .registerRestore: false
        }
    }
}
