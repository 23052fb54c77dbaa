import ProgramModel

/// Bounds on what one handler and guest class may cost; hitting one is said in the row or in the evidence.
public struct AnalysisBudget: Hashable, Sendable {
    /// Instructions interpreted for one handler and guest class before its rows become `unknown`.
    public var instructions: Int
    /// Calls inside one another that are followed; deeper ones count as any value of their type.
    public var callDepth: Int
    /// How often one call on one path is followed for a state of its own; from then on for all those states at once.
    public var callRuns = 48
    /// Blocks that a function has run when its loops begin to start from what they came to the last time.
    public var blocksUntilWarm = 4000

    public init(instructions: Int = 20_000_000, callDepth: Int = 40) {
        self.instructions = instructions
        self.callDepth = callDepth
    }
}

/// What one handler can return to one guest class.
public struct HandlerAudit: Sendable {
    /// In the order of the source.
    public var rows: [AuditRow]
    /// Unsupported constructs met, by function: handlers share callees, which count once in a map.
    public var unsupported: [FunctionReference: [String: Int]]

    public init(rows: [AuditRow], unsupported: [FunctionReference: [String: Int]]) {
        self.rows = rows
        self.unsupported = unsupported
    }
}

/// Analyses handlers of a program. Thread-safe; the answer to a question does not depend on earlier ones.
public final class Analyzer: Sendable {
    private let program: any ProgramSource
    private let models: AnalysisModels
    private let convention: ErrorConvention
    private let budget: AnalysisBudget
    private let shared = SharedKnowledge()

    public init(
        program: any ProgramSource, models: AnalysisModels, convention: ErrorConvention = .standard,
        budget: AnalysisBudget = AnalysisBudget()
    ) {
        self.program = program
        self.models = models
        self.convention = convention
        self.budget = budget
    }

    /// The rows of one handler for one guest class.
    public func audit(hypercall: String, handler: String, guest: GuestClass) -> HandlerAudit {
        let run = HandlerRun(
            program: program, models: models, shared: shared, budget: budget, convention: convention,
            hypercall: hypercall, guest: guest)
        return run.audit(handler)
    }
}
