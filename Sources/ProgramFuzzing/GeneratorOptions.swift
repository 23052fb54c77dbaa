/// What generated programs look like.
public struct GeneratorOptions: Sendable {
    public var model: DataModel
    /// Adds a running checksum of variables, kept in a variable beside the result, so that a wrong value shows even where it
    /// does not reach the return. Leave it out where the result's range is what counts.
    public var traces: Bool
    /// Functions beside the entry.
    public var functions: ClosedRange<Int>
    /// Statements of a block.
    public var statements: ClosedRange<Int>
    public var expressionDepth: Int
    /// Each sub-operation is mostly about one construct instead of any statements: see `Scenarios`.
    public var scenarios: Bool
    /// Whether scenarios mostly carry values in variables that may be too small: see `RelayScenarios`.
    public var relays: Bool
    /// What `GeneratedProgram.callDepth` is to be.
    public var callDepth: Int?

    public init(
        model: DataModel = .lp64, traces: Bool = true, functions: ClosedRange<Int> = 1...3,
        statements: ClosedRange<Int> = 1...3, expressionDepth: Int = 3, scenarios: Bool = false,
        relays: Bool = false, callDepth: Int? = nil
    ) {
        self.model = model
        self.traces = traces
        self.functions = functions
        self.statements = statements
        self.expressionDepth = expressionDepth
        self.scenarios = scenarios
        self.relays = relays
        self.callDepth = callDepth
    }
}
