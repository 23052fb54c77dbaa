import IntegerDomain
import ProgramModel

/// The analysis of one handler for one guest class, and the rows that come of it.
struct HandlerRun {
    let program: any ProgramSource
    let models: AnalysisModels
    let shared: SharedKnowledge
    let budget: AnalysisBudget
    let convention: ErrorConvention
    let hypercall: String
    let guest: GuestClass

    func audit(_ handler: String) -> HandlerAudit {
        let reference = FunctionReference(name: handler, unit: nil)
        let function: Function
        switch shared.body(of: reference, program) {
        case .found(let body): function = body
        case .missing(let missing): return HandlerAudit(rows: [withoutBody(handler, missing)], unsupported: [:])
        }
        if models.registerRestoreHandlers.contains(handler) {
            return HandlerAudit(rows: [registerRestore(function)], unsupported: [:])
        }
        let facts = facts(for: function)
        let key = SharedKnowledge.AuditKey(handler: handler, argumentWidth: guest.argumentWidth)
        if let known = shared.audit(key, facts) { return renamed(known) }
        let outcome = interpret(function, facts)
        var rows = outcome.rows(self, function, handler: handler)
        var unsupported = outcome.engine.unsupported
        let late = outcome.engine.deferred.sorted().map { late in
            let name = outcome.engine.partitions[late.partition].name
            return DeferredRow(callee: late.callee, subOperation: name.isEmpty ? nil : name)
        }
        appendRows(of: late, to: &rows, &unsupported)
        let audit = HandlerAudit(rows: rows, unsupported: unsupported)
        shared.keep(audit, outcome.engine.answers, for: key)
        return audit
    }

    /// What was found for another guest class, whose facts say the same of what the handler reads.
    private func renamed(_ audit: HandlerAudit) -> HandlerAudit {
        var audit = audit
        for index in audit.rows.indices {
            audit.rows[index].guest = guest.name
            audit.rows[index].hypercall = hypercall
        }
        return audit
    }

    private func facts(for function: Function) -> GuestFacts {
        GuestFacts(models: models, guest: guest, hasFacts: true, program: program, unit: function.unit)
    }

    /// What runs later for a sub-operation.
    private struct DeferredRow: Hashable {
        var callee: DeferredCallee
        var subOperation: String?
    }

    /// Functions that run later, in another context, and whose values become the hypercall's, as those do that they leave the
    /// rest of their work to.
    private func appendRows(
        of late: [DeferredRow], to rows: inout [AuditRow], _ unsupported: inout [FunctionReference: [String: Int]]
    ) {
        var seen = Set(late)
        var waiting = late[...]
        while let next = waiting.popFirst() {
            switch next.callee {
            case .unknown(let place): rows.append(notTold(next, place))
            case .function(let reference):
                guard case .found(let function) = shared.body(of: reference, program) else {
                    var row = withoutBody(reference.name, .noBody)
                    row.subOperation = next.subOperation
                    rows.append(row)
                    continue
                }
                let outcome = interpret(function, nil)
                rows += outcome.rows(self, function, handler: reference.name).map { row in
                    var row = row
                    row.subOperation = next.subOperation
                    return row
                }
                unsupported.merge(outcome.engine.unsupported) { $1 }
                for later in outcome.engine.deferred.sorted() {
                    let row = DeferredRow(callee: later.callee, subOperation: next.subOperation)
                    if seen.insert(row).inserted { waiting.append(row) }
                }
            }
        }
    }

    // MARK: Interpretation

    struct Outcome {
        var engine: Engine
        var frame: Frame
        var exits: PartitionedStates
        /// Why there are no exits.
        var failure: String?
    }

    /// - Parameter facts: nil outside the hypercall's own context.
    private func interpret(_ function: Function, _ guestFacts: GuestFacts?) -> Outcome {
        let facts = guestFacts ?? GuestFacts(
            models: models, guest: guest, hasFacts: false, program: program, unit: function.unit)
        let engine = Engine(
            program: program, models: models, shared: shared, budget: budget, facts: facts,
            longWidth: function.pointerWidth, maximumSteps: budget.instructions, summaryStack: [])
        let functionFacts = shared.facts(of: function)
        let frame = Frame(
            function: function, facts: functionFacts, context: .root, relevant: functionFacts.returnRelevant,
            isRoot: true)
        engine.frames = [frame]
        engine.frameOfContext[.root] = frame
        engine.noteUnsupported(of: function)
        var state = State()
        bindArguments(of: frame, engine, hasFacts: guestFacts != nil, in: &state)
        do {
            let exits = try FunctionRun(engine: engine, frame: frame, entry: [.none: state]).run()
            return Outcome(engine: engine, frame: frame, exits: exits, failure: nil)
        } catch let error as BudgetExceeded {
            return Outcome(engine: engine, frame: frame, exits: [:], failure: error.reason)
        } catch {
            return Outcome(engine: engine, frame: frame, exits: [:], failure: "\(error)")
        }
    }

    /// The guest's registers: what is wider than they are is zero above them.
    private func bindArguments(of frame: Frame, _ engine: Engine, hasFacts: Bool, in state: inout State) {
        let function = frame.function
        for (index, parameter) in function.parameters.enumerated() {
            let local = function[parameter]
            guard let format = local.type.format else { continue }
            var value = Value(.top(format))
            value.sources = [.plain, .guest]
            let isInRegister = format.width <= function.pointerWidth
            if hasFacts, isInRegister, format.width > guest.argumentWidth {
                value.range = .range(0, (Int128(1) << Int128(guest.argumentWidth)) - 1, format)
            }
            if local.type.isPointer { value.pointees = .unknown }
            value.origin = Origin(.argument(name: local.name), at: local.location, range: value.range, parent: nil)
            value.term = engine.freshTerm(.parameter(.root, index), value.range, in: &state)
            let key = CellKey(offset: 0, width: engine.bitWidth(of: local.type))
            engine.set(
                Cell(key: key, tag: nil, value: value), in: engine.names.object(.local(.root, parameter)), &state)
        }
    }

    // MARK: Rows without analysis

    private func withoutBody(_ handler: String, _ missing: MissingBody) -> AuditRow {
        let reason =
            switch missing {
            case .noBody: "\(handler)() has no body in this build"
            case .parseError(let message): "\(handler)() did not parse: \(message)"
            case .ambiguous(let message): "\(handler)() is ambiguous: \(message)"
            }
        return AuditRow(
            hypercall: hypercall, handler: handler, subOperation: nil, guest: guest.name, verdict: .unknown, range: nil,
            location: .unknown, evidence: [], narrowings: [], reason: reason, returnType: "", explanation: nil)
    }

    private func notTold(_ late: DeferredRow, _ place: SourceLocation) -> AuditRow {
        AuditRow(
            hypercall: hypercall, handler: "(a function that runs later)", subOperation: late.subOperation, guest: guest.name, verdict: .unknown,
            range: nil, location: place, evidence: [], narrowings: [],
            reason: "runs a function later whose result is the hypercall's, and which one could not be told",
            returnType: "", explanation: nil)
    }

    private func registerRestore(_ function: Function) -> AuditRow {
        AuditRow(
            hypercall: hypercall, handler: function.reference.name, subOperation: nil, guest: guest.name,
            verdict: .registerRestore, range: nil, location: function.location, evidence: [], narrowings: [],
            reason: nil, returnType: function.returnTypeSpelling,
            explanation: "restores the guest's registers: there is no result")
    }
}

extension Function {
    /// Bits of a pointer, which are those of `long` on all of Xen's machines.
    var pointerWidth: Int {
        for local in locals { if case .pointer(_, let width) = local.type { return width } }
        for expression in expressions { if case .pointer(_, let width) = expression.type { return width } }
        if case .integer(let type) = returnType, returnTypeSpelling.hasSuffix("long"), !returnTypeSpelling.contains("long long") {
            return type.width
        }
        return 64
    }
}
