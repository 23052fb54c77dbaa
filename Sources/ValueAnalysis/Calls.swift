import HashTreeCollections
import IntegerDomain
import ProgramModel

/// An evaluated argument.
enum ArgumentValue {
    case scalar(Value, CType)
    case aggregate(ResolvedPlace, CType)

    var value: Value? { if case .scalar(let value, _) = self { value } else { nil } }
}

extension Engine {
    /// Runs a call; returns what holds after it, nothing if it never returns.
    func call(_ call: Call, _ partition: PartitionID, _ start: State) throws -> PartitionedStates {
        var state = start
        let arguments = try call.arguments.map { argument -> ArgumentValue in
            switch argument {
            case .scalar(let id): .scalar(try evaluate(id, in: &state), function[id].type)
            case .aggregate(let place): .aggregate(try resolve(place, in: &state), place.type)
            }
        }
        var candidates = try callees(of: call, in: &state)
        if call.isNoReturn { return [:] }
        var need = Need.nothing
        if candidates == nil {
            need = self.need(of: call, arguments, partition, state)
            if need == .effects || need != .nothing && call.returnType.integerType != nil { candidates = storedCallees(of: call) }
        }
        guard let candidates, candidates.isComplete else {
            // What the known ones leave in locals they may have cut before.
            let known = need == .effects
                ? try candidates.map { try self.call($0, call, arguments, partition, state) } : nil
            let any = try callAnything(call, candidates, arguments, partition, &state)
            return known.map { join($0, any, at: -500_000) } ?? any
        }
        let result = try self.call(candidates, call, arguments, partition, state)
        let isSpoilt = state.taint == nil && result.values.contains { $0.taint != nil }
        // A cut that is known is worth more than that the rest is not.
        if isSpoilt, !candidates.storedIn.isEmpty, try !self.narrowings(of: candidates, arguments, in: state).isEmpty {
            return try callAnything(call, candidates, arguments, partition, &state)
        }
        return result
    }

    /// Whether a function that is not known may return what is left of a wider value. What the program stores nowhere comes
    /// from outside, as a function without a body does: of that its type says all there is.
    private func mayHideCuts(_ call: Call, _ candidates: Candidates?) -> Bool {
        guard isResultWanted(call), hidesCuts(call.returnType) else { return false }
        return candidates != nil || !comesFromOutside(call)
    }

    /// A call of a function of which nothing is known but its type; of some that it may be it is known what they cut.
    private func callAnything(
        _ call: Call, _ candidates: Candidates?, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ state: inout State
    ) throws -> PartitionedStates {
        let narrowings = try candidates.map { try self.narrowings(of: $0, arguments, in: state) } ?? []
        if state.taint == nil, narrowings.isEmpty, mayHideCuts(call, candidates) {
            state.taint = "what is called through a pointer at \(location.file):\(location.line) may be any function of its type"
        }
        escape(aggregates: arguments, in: &state)
        giveAway(arguments.compactMap(\.value), in: &state)
        if try isThroughParameter(call, in: &state) { callsParameter = true }
        let sources = isResultWanted(call) ? .plain : notePassedOver(call, arguments, in: &state)
        try storeAny(
            call, how: "called through a pointer that can be any function of its type",
            sources: sources, narrowings: narrowings, in: &state)
        if !narrowings.isEmpty, let candidates { try note(candidates, call, in: &state) }
        return [partition: state]
    }

    /// Whether the caller of the function that is summarised knows what is called.
    private func isThroughParameter(_ call: Call, in state: inout State) throws -> Bool {
        guard case .indirect(let pointer, _) = call.callee else { return false }
        return try evaluate(pointer, in: &state).sources.containsParameter
    }

    /// One of several functions is called: each in a copy of the state.
    private func call(
        _ candidates: Candidates, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: State
    ) throws -> PartitionedStates {
        var result: PartitionedStates = [:]
        let callPoint = point
        let callLocation = location
        for (index, callee) in candidates.functions.enumerated() {
            point = callPoint
            location = callLocation
            let exits = try self.call(
                callee, call, arguments, partition, state, among: candidates.storedIn.isEmpty ? 1 : candidates.functions.count)
            point = callPoint
            result = join(result, exits, at: -400_000 - Int32(index))
        }
        point = callPoint
        location = callLocation
        for exit in result.keys.sorted() where !candidates.storedIn.isEmpty {
            if var after = result[exit] {
                try note(candidates, call, in: &after)
                result[exit] = after
            }
        }
        return result
    }

    /// - Parameter block: a number of its own for each place of the call where states meet.
    private func join(_ a: PartitionedStates, _ b: PartitionedStates, at block: Int32) -> PartitionedStates {
        var result = a
        for (exit, after) in b.sorted(by: { $0.key < $1.key }) {
            result[exit] = result[exit].map { join($0, after, at: JoinPoint(context: point.context, block: block)) } ?? after
        }
        return result
    }

    /// The functions that may be called, as far as the pointer tells; nil: unknown.
    private func callees(of call: Call, in state: inout State) throws -> Candidates? {
        switch call.callee {
        case .direct(let reference): return Candidates(functions: [reference])
        case .indirect(let id, _):
            let pointer = try evaluate(id, in: &state)
            return functions(behind: pointer).map { Candidates(functions: $0) }
        }
    }

    /// The functions that a value points to; nil: it may point to something else.
    func functions(behind pointer: Value) -> [FunctionReference]? {
        guard case .targets(let targets) = pointer.pointees, targets.count <= Pointees.maximumTargets else { return nil }
        var found: [FunctionReference] = []
        for target in targets {
            guard case .function(let reference) = names[target.object] else { return nil }
            if !found.contains(reference) { found.append(reference) }
        }
        return found.isEmpty ? nil : found
    }

    /// What the members of structs point to is in the callee's reach too.
    func escape(aggregates: [ArgumentValue], in state: inout State) {
        for case .aggregate(let place, _) in aggregates {
            for target in place.targets ?? [] {
                for cell in (state.objects[target.object] ?? .empty).cells { escape(cell.value, in: &state) }
            }
        }
    }

    // MARK: Results of what is not opened

    /// The call's result is any value of its type.
    func storeAny(
        _ call: Call, how: String, range: IntValue? = nil, sources: ValueSources = .plain,
        narrowings: [NarrowingEntry] = [], in state: inout State
    ) throws {
        guard let place = call.result else { return }
        guard let format = call.returnType.format else {
            let resolved = try resolve(place, in: &state)
            fill(resolved, .unknown, in: &state)
            if sources.contains(.passedOver) { markUnfollowed(resolved, in: &state) }
            return
        }
        var value = Value(range.map { $0.meet(.top(format)) } ?? .top(format))
        if call.returnType.isPointer { value.pointees = .unknown }
        value.sources = sources
        value.narrowings = narrowings
        value.origin = Origin(
            .returned(by: name(of: call.callee), how: how), at: location, range: value.range, parent: nil)
        value.term = freshTerm(.made(point, part: 0), value.range, in: &state)
        try store(value, to: place, in: &state)
    }

    func name(of callee: Callee) -> String {
        switch callee {
        case .direct(let reference): reference.name
        case .indirect: "a function pointer"
        }
    }

    // MARK: One callee

    /// - Parameter count: how many functions it is one of, of those that the program stores somewhere.
    private func call(
        _ callee: FunctionReference, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ start: State, among count: Int
    ) throws -> PartitionedStates {
        var state = start
        if try storesBytes(callee.name, call, arguments, in: &state) { return [partition: state] }
        if let model = models.functions[callee.name] {
            return try apply(model, call, arguments, partition, &state) ? [partition: state] : [:]
        }
        if let root = facts.root(ofResult: callee.name), let place = call.result, let format = call.returnType.format {
            try store(pointer(toRoot: [root], format), to: place, in: &state)
            return [partition: state]
        }
        let activations = frames.filter { $0.function.reference == callee }
        let need = self.need(
            of: call, arguments, partition, state, except: activations.last?.facts.parameterUses.readOnly ?? [])
        let isCheap = shared.isCheap(callee, program)
        guard need != .nothing || isCheap else { return try passOver(call, arguments, partition, &state) }
        let function: Function
        switch shared.body(of: callee, program) {
        case .found(let body): function = body
        case .missing(let reason): return try missing(reason, callee, call, arguments, partition, &state)
        }
        if function.isNoReturn { return [:] }
        if function.isVariadic {
            // Nothing says what becomes of these.
            let others = Array(arguments.dropFirst(function.parameters.count))
            escape(aggregates: others, in: &state)
            for value in others.compactMap(\.value) { escape(value, in: &state) }
        }
        // A function that calls itself is not inlined into itself for its result, nor for what can be any value afterwards.
        if !activations.isEmpty, need != .nothing, need != .effects || !hidesCuts(behind: arguments, in: state) {
            return try summarized(
                function, call, arguments, partition, &state, effects: shared.effects(of: callee, program))
        }
        let isTooDeep = frames.count >= budget.callDepth
        let isFollowed = activations.count < Self.mostActivations
        if let last = activations.last,
            need == .nothing || showsAll(last, arguments, in: state) || !isFollowed && last !== frame {
            return try skip(call, arguments, partition, &state, how: "recursion: any value of its type")
        }
        if isTooDeep || !isFollowed {
            let reason = isTooDeep ? "more than \(budget.callDepth) calls deep" : "recursion"
            // What it would have left in a local, it may have cut before.
            if state.taint == nil,
                need == .effects && hidesCuts(behind: arguments, in: state)
                    || need != .nothing && hidesCuts(call.returnType) {
                state.taint = "\(callee.name)(): \(reason)"
            }
            return try skip(call, arguments, partition, &state, how: "\(reason): any value of its type")
        }
        let facts = shared.facts(of: function)
        let isTelling = facts.isTelling
        if need == .nothing, call.result == nil, !isTelling { return try passOver(call, arguments, partition, &state) }
        let isInlined: Bool =
            switch need {
            case .effects, .command: true
            case .nothing: facts.isPredicate || facts.isWrapper || arguments.contains { isInteresting($0, isTelling) }
            // A summary says nothing of the members of a struct.
            case .result:
                try (shared.isSmall(function) && function.blocks.count <= 12) || call.returnType.format == nil
                    || facts.size <= Self.inlinedSizeOfCuts && returnsCut(function, arguments)
                    || callsWhatIsBehind(arguments, function, in: state)
            }
        // One of several functions is opened in place only where that is cheap, and tells no sub-operations apart.
        let largest = count > 2 ? SharedKnowledge.cheapSize : Self.inlinedSizeOfCuts
        if isInlined, count == 1 || need == .effects && facts.size <= largest && !facts.hasNamedCases {
            return try inline(function, call, arguments, partition, state, includesStores: need == .effects)
        }
        return try summarized(function, call, arguments, partition, &state, effects: shared.effects(of: callee, program))
    }

    /// Activations of a function inside one another that are followed for what they leave in locals.
    private static let mostActivations = 2

    /// Instructions of a function that is inlined where an argument was cut: a summary does not know what becomes of it.
    private static let inlinedSizeOfCuts = 200

    /// Whether a function calls what the memory behind its arguments may tell: a summary knows nothing of that memory.
    private func callsWhatIsBehind(_ arguments: [ArgumentValue], _ callee: Function, in state: State) throws -> Bool {
        let holdsFunction = arguments.contains { argument in
            cells(reachedBy: argument, in: state).contains { functions(behind: $0.value) != nil }
        }
        guard holdsFunction else { return false }
        let summary = try summary(of: callee, nil)
        return summary.callsParameter || !isHarmless(summary, callee)
    }

    /// Whether the result may be made of an argument that was cut.
    private func returnsCut(_ callee: Function, _ arguments: [ArgumentValue]) throws -> Bool {
        let cut = arguments.indices.filter { arguments[$0].value?.narrowings.isEmpty == false }
        guard !cut.isEmpty else { return false }
        let sources = try summary(of: callee, nil).value?.sources ?? []
        return cut.contains { sources.contains(.parameter($0)) }
    }

    /// What a call can do to the wanted results.
    private enum Need { case nothing, result, effects, command }

    /// A number that is not constant: what a predicate says of it is worth knowing. Of a pointer only if it is tested.
    private func isInteresting(_ argument: ArgumentValue, _ isTelling: Bool) -> Bool {
        guard case .scalar(let value, let type) = argument else { return true }
        if case .targets(let targets) = value.pointees {
            let isLocal = targets.contains { if case .local = names[$0.object] { true } else { false } }
            return isLocal || isTelling && value.range.constantValue == nil
        }
        return (isTelling || !type.isPointer) && value.range.constantValue == nil
    }

    /// - Parameter except: arguments behind which nothing is written.
    private func need(
        of call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: State, except: Set<Int> = []
    ) -> Need {
        if arguments.indices.contains(where: { !except.contains($0) && pointsToRelevantLocal(arguments[$0], in: state) }) {
            return .effects
        }
        guard isResultWanted(call) else { return .nothing }
        if partition.isNone, isPartitioned, arguments.contains(where: { isGuestChosen($0, in: state) }),
            case .direct(let callee) = call.callee, shared.mayTellCommands(callee, program) { return .command }
        // A pointer may hold an error that was cut before; where it is as narrow as that, any address may be what is left of one.
        if call.returnType.isPointer, longWidth < 64 { return .nothing }
        return .result
    }

    private func isResultWanted(_ call: Call) -> Bool {
        guard let place = call.result else { return false }
        if case .local(let local) = place.base { return frame.relevant[local.index] }
        return true
    }

    /// Sub-operations are told apart on the way from the handler only, not in summaries.
    var isPartitioned: Bool { frames.first?.isRoot ?? false }

    private func isGuestChosen(_ argument: ArgumentValue, in state: State) -> Bool {
        switch argument {
        case .scalar(let value, _):
            if value.sources.contains(.guest) {
                return isCommand(value) && currentRange(of: value, in: state).constantValue == nil
            }
            // What is behind a pointer is read anew in every round of a loop.
            if frames.contains(where: { $0.facts.isInCycle[$0.block] }) { return false }
            guard case .targets(let targets) = value.pointees else { return false }
            return targets.contains { holdsGuestData($0.object, in: state) }
        case .aggregate: return false
        }
    }

    private func holdsGuestData(_ object: ObjectID, in state: State) -> Bool {
        guard case .local = names[object], let contents = state.objects[object] else { return false }
        return contents.fills.contains { $0.kind == .guest } || contents.cells.contains { $0.value.sources.contains(.guest) }
    }

    private func pointsToRelevantLocal(_ argument: ArgumentValue, in state: State) -> Bool {
        guard case .scalar(let value, _) = argument, case .targets(let targets) = value.pointees else { return false }
        return targets.contains { target in
            guard case .local(let context, let local) = names[target.object], let owner = frameOfContext[context] else {
                return false
            }
            return owner.relevant[local.index]
        }
    }

    /// The callee is not looked into, as nothing that is wanted is made of its result.
    private func passOver(
        _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: inout State
    ) throws -> PartitionedStates {
        let sources = notePassedOver(call, arguments, in: &state)
        return try skip(call, arguments, partition, &state, how: "its type", sources: sources)
    }

    /// What the callee can reach may have changed, its result has its type.
    private func skip(
        _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: inout State, how: String,
        sources: ValueSources = .plain
    ) throws -> PartitionedStates {
        let effects: WriteEffects? = if case .direct(let callee) = call.callee { shared.effects(of: callee, program) } else { nil }
        escape(aggregates: arguments, in: &state)
        giveAway(arguments.compactMap(\.value), effects, in: &state)
        try storeAny(call, how: how, sources: sources, in: &state)
        return [partition: state]
    }

    private func missing(
        _ reason: MissingBody, _ callee: FunctionReference, _ call: Call, _ arguments: [ArgumentValue],
        _ partition: PartitionID, _ state: inout State
    ) throws -> PartitionedStates {
        switch reason {
        case .noBody: return try skip(call, arguments, partition, &state, how: "no body in this build: any value of its type")
        case .parseError(let message):
            if state.taint == nil { state.taint = "\(callee.name)() did not parse: \(message)" }
            return try skip(call, arguments, partition, &state, how: "did not parse")
        case .ambiguous(let message):
            if state.taint == nil { state.taint = "\(callee.name)() is ambiguous: \(message)" }
            return try skip(call, arguments, partition, &state, how: "ambiguous")
        }
    }
}
