import HashTreeCollections
import IntegerDomain
import ProgramModel

/// Stops the interpretation of something that costs too much; caught where the cost can be cut off.
struct BudgetExceeded: Error {
    var reason: String
}

/// One activation of a function.
final class Frame {
    let function: Function
    let facts: FunctionFacts
    let context: ContextID
    /// Locals that the wanted results depend on.
    let relevant: [Bool]
    /// The handler that is audited: its returns become rows.
    let isRoot: Bool
    /// Whether the ways that return zero are kept apart from the others: what was written behind a pointer differs.
    let splitsExits: Bool
    /// The block being interpreted.
    var block = 0
    /// What held where it was entered.
    var entry: State?

    init(
        function: Function, facts: FunctionFacts, context: ContextID, relevant: [Bool], isRoot: Bool,
        splitsExits: Bool = false
    ) {
        self.splitsExits = splitsExits
        self.function = function
        self.facts = facts
        self.context = context
        self.relevant = relevant
        self.isRoot = isRoot
    }
}

/// One run of the interpreter: a handler for a guest class, or one function that is summarised.
///
/// A run belongs to one thread. What it learns about functions by themselves it shares through `SharedKnowledge`.
final class Engine {
    let program: any ProgramSource
    let models: AnalysisModels
    let shared: SharedKnowledge
    let budget: AnalysisBudget
    let names = Names()
    let terms = TermTable()
    let facts: GuestFacts
    /// Functions being interpreted, outermost first.
    var frames: [Frame] = []
    /// Where the interpreter is: new symbols are named after it.
    var point = ProgramPoint(context: .root, block: 0, instruction: 0)
    var location = SourceLocation.unknown
    var steps = 0
    let maximumSteps: Int
    var partitions = Partitions()
    /// Where a condition last brought a value that did not fit 32 bits within them.
    var checks: [SymbolID: SourceLocation] = [:]
    /// Where the commands are that told sub-operations apart.
    var commandCells: [ObjectID: Set<CellKey>] = [:]
    var inlined: [InlineKey: InlinedCall] = [:]
    /// Symbols that may stand for what a continuation returned.
    var continuations: Set<SymbolID> = []
    var formatOfContinuation: [SymbolID: IntFormat] = [:]
    /// Results of functions that tell whether there was a continuation.
    var continuationTests: Set<SymbolID> = []
    /// What a guest class's facts said of the places that were read.
    var answers: FactAnswers = [:]
    /// Set in runs for summaries only.
    var nested: NestedSummaries?
    /// Functions whose result is delivered later, by the partition that handed them over.
    var deferred: Set<DeferredResult> = []
    /// Unsupported constructs by function.
    var unsupported: [FunctionReference: [String: Int]] = [:]
    /// Whether a function was called that only the caller of the function that is summarised knows.
    var callsParameter = false
    /// Calls that were not followed because of where they stood, so that the result is not that of the function by itself.
    var cutOffs = CutOffs()
    /// Summaries inside one another below this run.
    var summaryHeight = 0
    /// Functions being summarised, outermost first.
    let summaryStack: [FunctionReference]
    let longWidth: Int
    /// Frames by context, for the relevance of their locals.
    var frameOfContext: [ContextID: Frame] = [:]

    init(
        program: any ProgramSource, models: AnalysisModels, shared: SharedKnowledge, budget: AnalysisBudget,
        facts: GuestFacts, longWidth: Int, maximumSteps: Int, summaryStack: [FunctionReference]
    ) {
        self.program = program
        self.models = models
        self.shared = shared
        self.budget = budget
        self.facts = facts
        self.longWidth = longWidth
        self.maximumSteps = maximumSteps
        self.summaryStack = summaryStack
    }

    var frame: Frame { frames[frames.count - 1] }
    var function: Function { frame.function }

    func spend(_ amount: Int = 1) throws {
        steps += amount
        if steps > maximumSteps {
            throw BudgetExceeded(reason: "the budget of \(maximumSteps) interpreted instructions is used up")
        }
    }

    // MARK: Symbols

    /// A name for a value that is made now; whatever an earlier value of that name was, is forgotten.
    func freshTerm(_ key: SymbolKey, _ range: IntValue, in state: inout State) -> TermID {
        let (symbol, isOld) = names.symbol(key)
        if isOld { forget([symbol], in: &state) }
        if range.isTop {
            state.ranges[symbol] = nil
        } else {
            state.ranges[symbol] = range
        }
        return terms.symbol(symbol, range.format)
    }

    /// Remembers that a value's symbol may stand for a continuation's result.
    func noteContinuation(_ value: Value) {
        guard value.sources.contains(.continuation), let term = value.term,
            case .symbol(let symbol) = terms[term].node
        else { return }
        continuations.insert(symbol)
        formatOfContinuation[symbol] = terms[term].format
    }

    func mayBeContinuation(_ term: TermID) -> Bool { terms[term].symbols.contains(where: continuations.contains) }

    private func mask(of symbols: [SymbolID]) -> UInt64 {
        symbols.reduce(0) { $0 | (1 << UInt64($1.index & 63)) }
    }

    func symbolMask(_ term: TermID?) -> UInt64 { term.map { mask(of: terms[$0].symbols) } ?? 0 }

    func mentionsAny(_ term: TermID, _ symbols: [SymbolID]) -> Bool {
        let mentioned = terms[term].symbols
        return symbols.contains { mentioned.contains($0) }
    }

    /// Removes every mention of symbols that are about to stand for new values.
    func forget(_ symbols: [SymbolID], in state: inout State) {
        let wanted = mask(of: symbols)
        for (id, contents) in state.objects {
            if case .pointee(let term) = names[id], mentionsAny(term, symbols) {
                state.objects[id] = nil
                continue
            }
            guard contents.symbolMask & wanted != 0 else { continue }
            for cell in contents.cells { escapeLost([cell.value], forgetting(symbols, in: cell.value.pointees), in: &state) }
            state.objects[id] = forgetting(symbols, in: contents, state)
        }
        state.relations.removeAll { mentionsAny($0.left, symbols) || mentionsAny($0.right, symbols) }
        state.alternatives = state.alternatives.compactMap { $0.forgetting(symbols) }
        for symbol in symbols { state.ranges[symbol] = nil }
    }

    private func forgetting(_ symbols: [SymbolID], in contents: ObjectContents, _ state: State) -> ObjectContents {
        var mask: UInt64 = 0
        let cells = contents.cells.map { cell -> Cell in
            var cell = cell
            cell.value = forgetting(symbols, in: cell.value, state)
            mask |= valueMask(cell.value)
            return cell
        }
        return ObjectContents(cells: cells, fills: contents.fills, symbolMask: mask)
    }

    /// A value without mention of symbols that are about to stand for new values.
    func forgetting(_ symbols: [SymbolID], in value: Value, _ state: State) -> Value {
        var value = value
        if let term = value.term, mentionsAny(term, symbols) {
            value.range = currentRange(of: value, in: state)
            value.term = nil
        }
        for index in value.narrowings.indices {
            if let term = value.narrowings[index].term, mentionsAny(term, symbols) { value.narrowings[index].term = nil }
        }
        value.pointees = forgetting(symbols, in: value.pointees)
        value.drifts.removeAll { symbols.contains($0.base) }
        return value
    }

    /// Gives a value a name of its own, under which it is not yet in the state.
    func rename(_ value: inout Value, _ key: SymbolKey, in state: inout State) {
        let (symbol, isOld) = names.symbol(key)
        if isOld {
            let before = value.pointees
            value = forgetting([symbol], in: value, state)
            if value.pointees != before { escape(Value(value.range, pointees: before), in: &state) }
        }
        value.term = freshTerm(key, value.range, in: &state)
    }

    func valueMask(_ value: Value) -> UInt64 {
        var mask = symbolMask(value.term)
        for entry in value.narrowings { mask |= symbolMask(entry.term) }
        for drift in value.drifts { mask |= self.mask(of: [drift.base]) }
        if case .targets(let targets) = value.pointees {
            for target in targets { if case .pointee(let term) = names[target.object] { mask |= symbolMask(term) } }
        }
        return mask
    }

    private func forgetting(_ symbols: [SymbolID], in pointees: Pointees) -> Pointees {
        guard case .targets(let targets) = pointees else { return pointees }
        let isStale = targets.contains { target in
            if case .pointee(let term) = names[target.object] { return mentionsAny(term, symbols) }
            return false
        }
        return isStale ? .unknown : pointees
    }

    /// A value's range with all that has been learnt since it was made.
    func currentRange(of value: Value, in state: State) -> IntValue {
        guard let term = value.term else { return value.range }
        let known = terms.range(term, in: state)
        return known.format == value.range.format ? value.range.meet(known) : value.range
    }
}

/// What runs later, and whose result becomes the hypercall's.
enum DeferredCallee: Hashable, Comparable, Sendable {
    case function(FunctionReference)
    /// A function that could not be told, handed over here.
    case unknown(SourceLocation)
}

struct DeferredResult: Hashable, Comparable {
    var partition: PartitionID
    var callee: DeferredCallee

    static func < (a: Self, b: Self) -> Bool { (a.partition, a.callee) < (b.partition, b.callee) }
}

struct PartitionID: Hashable, Sendable, Comparable {
    /// Index of the sub-operation's label.
    var index: Int32
    /// After a call that fills in what its result says is there: 1 where the result is zero, 0 elsewhere. Until ways meet.
    var variant: Int8 = 0

    /// The paths outside any `case`.
    static let none = PartitionID(index: 0)
    var isNone: Bool { index == 0 }
    var withoutVariant: PartitionID { PartitionID(index: index) }
    static func < (a: PartitionID, b: PartitionID) -> Bool { (a.index, a.variant) < (b.index, b.variant) }
}

/// Sub-operations, interned in the order in which they are met.
struct Partitions {
    struct Label {
        var name: String
        var location: SourceLocation
    }
    private(set) var labels: [Label] = [Label(name: "", location: .unknown)]
    private var ids: [String: PartitionID] = [:]

    mutating func id(_ name: String, at location: SourceLocation) -> PartitionID {
        if let known = ids[name] { return known }
        let id = PartitionID(index: Int32(labels.count))
        labels.append(Label(name: name, location: location))
        ids[name] = id
        return id
    }

    subscript(id: PartitionID) -> Label { labels[Int(id.index)] }
}
