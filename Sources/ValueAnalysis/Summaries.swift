import Foundation
import IntegerDomain
import ProgramModel

/// An abstract argument without names: what a summary may depend on.
struct SummaryArgument: Hashable, Sendable {
    var range: IntValue
    /// Globals, functions and roots that it points to; nil: unknown.
    var targets: [ObjectKeyTarget]?
    var isPointer: Bool

    struct ObjectKeyTarget: Hashable, Sendable {
        var key: ObjectKey
        var offset: Int?
    }
}

struct SummaryKey: Hashable, Sendable {
    var function: FunctionReference
    /// nil: any arguments.
    var arguments: [SummaryArgument]?
}

/// What a function can return, by itself.
struct Summary: Sendable {
    /// nil: it never returns.
    var value: Value?
    /// Where the value points, if that has a name outside of the run.
    var targets: [SummaryArgument.ObjectKeyTarget]?
    var taint: String?
    var deferred: [DeferredCallee]
    var unsupported: [FunctionReference: [String: Int]]
    /// Set where the evaluation was cut off.
    var note: String?
    /// It is the same for all guest classes whose facts give these answers.
    var answers: FactAnswers = [:]
    /// Parameters that the value, as a number, is never above.
    var atMost: Set<Int> = []
    /// What the value says of the parameters.
    var checks = ParameterChecks()
    /// Whether it calls a function that a parameter leads to, and that is not known without the arguments.
    var callsParameter = false
    /// What it would be elsewhere.
    var standing = Standing()
}

/// What the runs of one audit have found out about functions by themselves. Thread-safe.
final class SharedKnowledge: @unchecked Sendable {
    private let lock = NSLock()
    private var facts: [FunctionReference: FunctionFacts] = [:]
    /// One for each set of answers of a guest class's facts.
    private var summaries: [SummaryKey: [Summary]] = [:]
    private var audits: [AuditKey: [(answers: FactAnswers, audit: HandlerAudit)]] = [:]
    private var bodies: [FunctionReference: BodyLookup] = [:]
    private var effects: [FunctionReference: (effects: WriteEffects?, height: Int)] = [:]
    private var globals: [GlobalKey: GlobalDefinition?] = [:]

    private struct GlobalKey: Hashable {
        var reference: GlobalReference
        var unit: String
    }

    func facts(of function: Function) -> FunctionFacts {
        if let known = lock.withLock({ facts[function.reference] }) { return known }
        let made = FunctionFacts(function)
        return lock.withLock {
            if let known = facts[function.reference] { return known }
            facts[function.reference] = made
            return made
        }
    }

    func body(of reference: FunctionReference, _ program: any ProgramSource) -> BodyLookup {
        if let known = lock.withLock({ bodies[reference] }) { return known }
        let found = program.body(of: reference)
        lock.withLock { bodies[reference] = found }
        return found
    }

    func global(_ reference: GlobalReference, unit: String, _ program: any ProgramSource) -> GlobalDefinition? {
        let key = GlobalKey(reference: reference, unit: reference.unit ?? unit)
        if let known = lock.withLock({ globals[key] }) { return known }
        let found = program.global(reference, unit: key.unit)
        lock.withLock { globals[key] = .some(found) }
        return found
    }

    /// Whether looking into a function costs next to nothing: a small function of a unit that is parsed anyway.
    func isCheap(_ reference: FunctionReference, _ program: any ProgramSource) -> Bool {
        guard reference.unit != nil, case .found(let function) = body(of: reference, program) else { return false }
        return isSmall(function)
    }

    func isSmall(_ function: Function) -> Bool { facts(of: function).size <= Self.cheapSize }

    /// Instructions of a function that is looked into whoever asks.
    static let cheapSize = 60

    /// Whether a `switch` in a function, or behind a small wrapper, may tell sub-operations apart.
    func mayTellCommands(_ reference: FunctionReference, _ program: any ProgramSource, depth: Int = 0) -> Bool {
        guard case .found(let function) = body(of: reference, program) else { return false }
        let facts = facts(of: function)
        if facts.hasNamedCases { return true }
        guard depth < 2, facts.size <= Self.cheapSize else { return false }
        return facts.callees.contains { mayTellCommands($0, program, depth: depth + 1) }
    }

    /// What a call can change besides its result; nil: anything. Calls inside are followed for a few steps only.
    func effects(of reference: FunctionReference, _ program: any ProgramSource) -> WriteEffects? {
        effects(of: reference, program, depth: 0).effects
    }

    private static let effectsDepth = 4

    /// - Returns: the height too: the calls inside one another that were followed. What is known from elsewhere must not say
    ///   more than was found here, or the answer would depend on who asked first.
    private func effects(
        of reference: FunctionReference, _ program: any ProgramSource, depth: Int
    ) -> (effects: WriteEffects?, height: Int) {
        guard depth < Self.effectsDepth else { return (nil, 1) }
        if let known = lock.withLock({ effects[reference] }) {
            return depth + known.height <= Self.effectsDepth ? known : (nil, known.height)
        }
        var height = 1
        var result: WriteEffects?
        if reference.unit != nil, case .found(let function) = body(of: reference, program),
            facts(of: function).size <= Self.cheapSize * 2, !function.isNoReturn, function.unsupported.isEmpty {
            result = WriteEffects()
            for instruction in function.blocks.lazy.flatMap(\.instructions) where result != nil {
                result?.add(instruction.kind) { callee in
                    let inner = self.effects(of: callee, program, depth: depth + 1)
                    height = max(height, inner.height + 1)
                    return inner.effects
                } ?? ()
                if result?.isEverything == true { result = nil }
            }
        }
        // A negative answer can be one of the depth.
        if result != nil || depth == 0 { lock.withLock { effects[reference] = (result, result == nil ? 1 : height) } }
        return (result, height)
    }

    func summary(_ key: SummaryKey, _ facts: GuestFacts) -> Summary? {
        lock.withLock { summaries[key] }?.first { facts.agree(with: $0.answers) }
    }

    func keep(_ summary: Summary, for key: SummaryKey) {
        lock.withLock { summaries[key, default: []].append(summary) }
    }

    /// A handler for the guest classes whose registers are that wide.
    struct AuditKey: Hashable {
        var handler: String
        var argumentWidth: Int
    }

    func audit(_ key: AuditKey, _ facts: GuestFacts) -> HandlerAudit? {
        lock.withLock { audits[key] }?.first { facts.agree(with: $0.answers) }?.audit
    }

    func keep(_ audit: HandlerAudit, _ answers: FactAnswers, for key: AuditKey) {
        lock.withLock { audits[key, default: []].append((answers, audit)) }
    }
}

extension Engine {
    /// Instructions that one summary may take, its own callees' summaries not counted.
    static let summarySteps = 150_000
    /// Summaries inside one another.
    static let summaryDepth = 24

    /// Calls a function by its summary: without its arguments where that already says that its value is harmless, else
    /// with them.
    func summarized(
        _ callee: Function, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: inout State,
        effects: WriteEffects?
    ) throws -> PartitionedStates {
        let summary = try chosenSummary(of: callee, arguments, effects, in: state)
        unsupported.merge(summary.unsupported) { $1 }
        if summary.callsParameter { callsParameter = true }
        for callee in summary.deferred { deferred.insert(DeferredResult(partition: partition, callee: callee)) }
        if let taint = summary.taint, state.taint == nil { state.taint = taint }
        guard var value = summary.value else { return summary.taint == nil ? [:] : try any(call, arguments, partition, &state) }
        // Before the callee has it: what is given away is forgotten.
        let reached = narrowings(of: value.sources, arguments, in: state)
        let isUnfollowed = readsUnfollowed(value.sources, arguments, in: state)
        // A pointer that comes back may be one that was passed, and nobody knows which.
        if effects?.isEmpty != true || call.returnType.format == nil || call.returnType.isPointer {
            escape(aggregates: arguments, in: &state)
            lend(arguments, to: callee, effects, in: &state)
        }
        guard let place = call.result, let format = call.returnType.format else {
            try storeAny(call, how: "its type", in: &state)
            return [partition: state]
        }
        value = reformatted(value, to: format)
        value.range = bounded(value.range, by: summary.atMost, of: callee, arguments, in: state)
        if let targets = summary.targets {
            value.pointees = .targets(targets.map { .init(object: names.object($0.key), offset: $0.offset) }.sorted())
        }
        let own = value.sources
        value.sources.formIntersection([.plain, .continuation, .guest, .passedOver])
        value.narrowings = Value.mergedNarrowings(value.narrowings, reached)
        for (index, argument) in arguments.enumerated() where own.contains(.parameter(index)) {
            guard let given = argument.value else { continue }
            if !given.narrowings.isEmpty, value.uncut != nil {
                value.uncut = given.narrowings.reduce(value.uncut) { .joined($0, Bounds($1.range)) }
            }
            value.sources.formUnion(given.sources.subtracting(.continuation))
        }
        for (index, argument) in arguments.enumerated() where own.contains(.behind(index)) {
            value.sources.formUnion(argument.value?.sources.behind ?? [])
        }
        if isUnfollowed { value.sources.insert(.passedOver) }
        value.origin = Origin.extend(
            value.origin, .returned(by: callee.reference.name, how: summary.note ?? "call"), at: location, range: value.range)
        value.term = value.sources.contains(.continuation) ? nil : freshTerm(.made(point, part: 0), value.range, in: &state)
        remember(summary.checks, of: arguments, result: value, in: &state)
        try store(value, to: place, in: &state)
        return [partition: state]
    }

    /// A result that is at most what some parameters are, here.
    private func bounded(
        _ range: IntValue, by parameters: Set<Int>, of callee: Function, _ arguments: [ArgumentValue], in state: State
    ) -> IntValue {
        var result = range
        for index in parameters.sorted() where index < arguments.count {
            guard let value = arguments[index].value, let format = callee[callee.parameters[index]].type.format else { continue }
            let given = currentRange(of: value, in: state)
            guard let high = (given.format == format ? given : given.converted(to: format)).max else { continue }
            let clamped = result.clamped(low: nil, high: high)
            if !clamped.isBottom { result = clamped }
        }
        return result
    }

    /// The summary for any arguments where that is good enough, else the one for these.
    func chosenSummary(
        of callee: Function, _ arguments: [ArgumentValue], _ effects: WriteEffects? = nil, in state: State
    ) throws -> Summary {
        let summary = try self.summary(of: callee, nil)
        let pointsSomewhere = effects?.isEmpty == true && arguments.contains {
            if case .targets? = $0.value?.pointees { true } else { false }
        }
        let isDispatcher = isPartitioned && shared.mayTellCommands(callee.reference, program) && arguments.contains {
            guard let value = $0.value, value.sources.contains(.guest) else { return false }
            return currentRange(of: value, in: state).constantValue != nil
        }
        let callsArgument = summary.callsParameter && arguments.contains { $0.value.flatMap { functions(behind: $0) } != nil }
        guard pointsSomewhere || isDispatcher || callsArgument || !isHarmless(summary, callee) else { return summary }
        return try self.summary(of: callee, arguments.map { abstracted($0, in: state) })
    }

    private func any(
        _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: inout State
    ) throws -> PartitionedStates {
        escape(aggregates: arguments, in: &state)
        giveAway(arguments.compactMap(\.value), in: &state)
        try storeAny(call, how: "its type", in: &state)
        return [partition: state]
    }

    func isHarmless(_ summary: Summary, _ callee: Function) -> Bool {
        guard let value = summary.value else { return true }
        guard value.narrowings.isEmpty, summary.taint == nil else { return false }
        return callee.returnType.isPointer || value.range.isBottom || value.range.fits(.s32)
    }

    private func abstracted(_ argument: ArgumentValue, in state: State) -> SummaryArgument {
        guard case .scalar(let value, let type) = argument else {
            return SummaryArgument(range: .top(.u8), targets: nil, isPointer: false)
        }
        let range = currentRange(of: value, in: state)
        guard case .targets(let targets) = value.pointees else {
            return SummaryArgument(range: range, targets: value.pointees == .none ? [] : nil, isPointer: type.isPointer)
        }
        return SummaryArgument(
            range: range, targets: outsideTargets(.targets(targets)), isPointer: type.isPointer)
    }

    /// Targets whose names mean the same in every run.
    private func outsideTargets(_ pointees: Pointees) -> [SummaryArgument.ObjectKeyTarget]? {
        guard case .targets(let targets) = pointees else { return nil }
        var keys: [SummaryArgument.ObjectKeyTarget] = []
        for target in targets {
            switch names[target.object] {
            case .global, .function, .root: keys.append(.init(key: names[target.object], offset: target.offset))
            default: return nil
            }
        }
        return keys
    }

    func typeSummary(_ callee: Function, note: String) -> Summary {
        var value = Value(.top(callee.returnType.format ?? .u8))
        value.origin = Origin(
            .returned(by: callee.reference.name, how: note), at: callee.location, range: value.range, parent: nil)
        return Summary(value: value, targets: nil, taint: nil, deferred: [], unsupported: [:], note: note)
    }

    /// Runs one function with these arguments in a state of which nothing else is known.
    func summarize(_ callee: Function, _ arguments: [SummaryArgument]?) -> Summary {
        let context = ContextID.root
        let functionFacts = shared.facts(of: callee)
        let outer = Frame(
            function: callee, facts: functionFacts, context: context, relevant: functionFacts.returnRelevant, isRoot: false)
        frames = [outer]
        frameOfContext[context] = outer
        noteUnsupported(of: callee)
        do {
            var state = State()
            bindParameters(of: outer, arguments, in: &state)
            outer.entry = state
            let run = FunctionRun(engine: self, frame: outer, entry: [.none: state])
            let exits = try run.run()
            guard let exit = exits[.none] else {
                return Summary(
                    value: nil, targets: nil, taint: nil, deferred: deferredCallees, unsupported: unsupported, note: nil)
            }
            let format = callee.returnType.format ?? .u8
            let key = CellKey(offset: 0, width: format.width)
            var value = Value(.top(format))
            var checks = ParameterChecks()
            if case .exact(let cell)? = exit.objects[resultObject(of: outer)]?.lookup(key) {
                value = cell.value
                checks = self.checks(of: outer, value, in: exit)
                value.range = currentRange(of: value, in: exit)
            }
            return Summary(
                value: withoutNames(value), targets: outsideTargets(value.pointees), taint: exit.taint,
                deferred: deferredCallees, unsupported: unsupported, note: nil, atMost: run.atMost, checks: checks)
        } catch let error as BudgetExceeded {
            return unseen(callee, error.reason)
        } catch {
            return unseen(callee, "\(error)")
        }
    }

    /// The summary of a function that is not looked into. Where its type hides what may have been cut on the way, nothing
    /// can be said of its result.
    func unseen(_ callee: Function, _ reason: String) -> Summary {
        var summary = typeSummary(callee, note: "\(reason): any value of its type")
        if hidesCuts(callee.returnType) { summary.taint = "\(callee.reference.name)(): \(reason)" }
        return summary
    }

    private var deferredCallees: [DeferredCallee] { deferred.map(\.callee).sorted() }

    private func bindParameters(of outer: Frame, _ arguments: [SummaryArgument]?, in state: inout State) {
        for (index, parameter) in outer.function.parameters.enumerated() {
            guard let format = outer.function[parameter].type.format else { continue }
            var value = Value(.top(format))
            value.sources = [.plain, .parameter(index)]
            let isPointer = outer.function[parameter].type.isPointer
            if isPointer { value.pointees = .unknown }
            if let given = arguments, index < given.count {
                let argument = given[index]
                value.range = argument.range.format == format ? argument.range : argument.range.converted(to: format)
                if let targets = argument.targets, !targets.isEmpty {
                    value.pointees = .targets(targets.map { .init(object: names.object($0.key), offset: $0.offset) }.sorted())
                }
            }
            value.origin = Origin(
                .note("parameter '\(outer.function[parameter].name)'"), at: outer.function[parameter].location,
                range: value.range, parent: nil)
            value.term = freshTerm(.parameter(outer.context, index), value.range, in: &state)
            let object = names.object(.local(outer.context, parameter))
            let key = CellKey(offset: 0, width: bitWidth(of: outer.function[parameter].type))
            set(Cell(key: key, tag: nil, value: value), in: object, &state)
        }
    }

    private func withoutNames(_ value: Value) -> Value {
        var value = value
        value.term = nil
        value.drifts = []
        value.narrowings = value.narrowings.map { NarrowingEntry(site: $0.site, range: $0.range, term: nil, kept: $0.kept) }
        // Objects are numbered by run; where a result points is rarely of use to the caller.
        if value.pointees != .none { value.pointees = .unknown }
        return value
    }
}
