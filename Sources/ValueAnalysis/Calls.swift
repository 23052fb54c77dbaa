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
        if candidates == nil {
            let need = need(of: call, arguments, partition, state)
            if need == .effects || need != .nothing && call.returnType.integerType != nil { candidates = storedCallees(of: call) }
        }
        guard let candidates, candidates.isComplete else {
            return try callAnything(call, candidates, arguments, partition, &state)
        }
        let result = try self.call(candidates, call, arguments, partition, state)
        // One that is not understood says less than the type does.
        let isSpoilt = state.taint == nil && result.values.contains { $0.taint != nil }
        if isSpoilt, !candidates.storedIn.isEmpty { return try callAnything(call, nil, arguments, partition, &state) }
        return result
    }

    /// A call of a function of which nothing is known but its type; of some that it may be it is known what they cut.
    private func callAnything(
        _ call: Call, _ candidates: Candidates?, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ state: inout State
    ) throws -> PartitionedStates {
        let narrowings = try candidates.map { try self.narrowings(of: $0, arguments, in: state) } ?? []
        escape(aggregates: arguments, in: &state)
        giveAway(arguments.compactMap(\.value), in: &state)
        try storeAny(
            call, how: "called through a pointer that can be any function of its type", narrowings: narrowings,
            in: &state)
        if !narrowings.isEmpty, let candidates { try note(candidates, call, in: &state) }
        return [partition: state]
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
                callee, call, arguments, partition, state, isSummarized: !candidates.storedIn.isEmpty)
            for (exit, after) in exits.sorted(by: { $0.key < $1.key }) {
                result[exit] = result[exit].map {
                    join($0, after, at: JoinPoint(context: callPoint.context, block: -400_000 - Int32(index)))
                } ?? after
            }
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

    /// The functions that may be called, as far as the pointer tells; nil: unknown.
    private func callees(of call: Call, in state: inout State) throws -> Candidates? {
        switch call.callee {
        case .direct(let reference): return Candidates(functions: [reference])
        case .indirect(let id, _):
            let pointer = try evaluate(id, in: &state)
            guard case .targets(let targets) = pointer.pointees, targets.count <= Pointees.maximumTargets else { return nil }
            var found: [FunctionReference] = []
            for target in targets {
                guard case .function(let reference) = names[target.object] else { return nil }
                if !found.contains(reference) { found.append(reference) }
            }
            return found.isEmpty ? nil : Candidates(functions: found)
        }
    }

    /// What the members of structs point to is in the callee's reach too.
    func escape(aggregates: [ArgumentValue], in state: inout State) {
        for case .aggregate(let place, _) in aggregates {
            let targets: [Pointees.Target] =
                switch place.location {
                case .targets(let targets), .elements(let targets, _, _, _): targets
                case .unknown: []
                }
            for target in targets {
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
            return fill(try resolve(place, in: &state), .unknown, in: &state)
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

    private func call(
        _ callee: FunctionReference, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ start: State, isSummarized: Bool = false
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
        guard need != .nothing || isCheap else {
            return try skip(call, arguments, partition, &state, how: "its type")
        }
        let function: Function
        switch shared.body(of: callee, program) {
        case .found(let body): function = body
        case .missing(let reason): return try missing(reason, callee, call, arguments, partition, &state)
        }
        if function.isNoReturn { return [:] }
        // A function that calls itself is not inlined into itself for its result.
        if !activations.isEmpty, need == .result || need == .command {
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
            if state.taint == nil, need == .effects || need != .nothing && Self.hidesCuts(call.returnType) {
                state.taint = "\(callee.name)(): \(reason)"
            }
            return try skip(call, arguments, partition, &state, how: "\(reason): any value of its type")
        }
        let facts = shared.facts(of: function)
        let isTelling = facts.isTelling
        if need == .nothing, call.result == nil, !isTelling {
            return try skip(call, arguments, partition, &state, how: "its type")
        }
        let isInlined: Bool =
            switch need {
            case .effects, .command: true
            case .nothing: facts.isPredicate || arguments.contains { isInteresting($0, isTelling) }
            // A summary says nothing of the members of a struct.
            case .result:
                try (shared.isSmall(function) && function.blocks.count <= 12) || call.returnType.format == nil
                    || facts.size <= Self.inlinedSizeOfCuts && returnsCut(function, arguments)
            }
        // One of several functions is opened in place only where that is cheap, and tells no sub-operations apart.
        let isSimple = shared.isSmall(function) && !facts.hasNamedCases
        if isInlined, !isSummarized || need == .effects && isSimple {
            return try inline(function, call, arguments, partition, state, includesStores: need == .effects)
        }
        return try summarized(function, call, arguments, partition, &state, effects: shared.effects(of: callee, program))
    }

    /// Activations of a function inside one another that are followed for what they leave in locals.
    private static let mostActivations = 2

    /// Instructions of a function that is inlined where an argument was cut: a summary does not know what becomes of it.
    private static let inlinedSizeOfCuts = 200

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
        let isResultWanted = call.result.map { place in
            if case .local(let local) = place.base { frame.relevant[local.index] } else { true }
        } ?? false
        if arguments.indices.contains(where: { !except.contains($0) && pointsToRelevantLocal(arguments[$0], in: state) }) {
            return .effects
        }
        guard isResultWanted else { return .nothing }
        if partition.isNone, isPartitioned, arguments.contains(where: { isGuestChosen($0, in: state) }),
            case .direct(let callee) = call.callee, shared.mayTellCommands(callee, program) { return .command }
        // A pointer is interesting for what is behind it, which nobody but its maker knows.
        if call.returnType.isPointer { return .nothing }
        return .result
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

    /// The callee is not looked into: what it can reach may have changed, its result has its type.
    private func skip(
        _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ state: inout State, how: String
    ) throws -> PartitionedStates {
        let effects: WriteEffects? = if case .direct(let callee) = call.callee { shared.effects(of: callee, program) } else { nil }
        escape(aggregates: arguments, in: &state)
        giveAway(arguments.compactMap(\.value), effects, in: &state)
        try storeAny(call, how: how, in: &state)
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

    // MARK: Models

    /// False if the function never returns.
    private func apply(
        _ model: FunctionModel, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ state: inout State
    ) throws -> Bool {
        if model.neverReturns { return false }
        for write in model.writes where write.argument < arguments.count {
            if let value = arguments[write.argument].value { overwrite(value, in: &state) }
        }
        if let index = model.deferredCallback, index < arguments.count, let value = arguments[index].value,
            case .targets(let targets) = value.pointees {
            for target in targets {
                if case .function(let reference) = names[target.object] {
                    deferred.insert(DeferredResult(partition: partition, function: reference))
                }
            }
        }
        guard let format = call.returnType.format else {
            if let place = call.result { fill(try resolve(place, in: &state), .unknown, in: &state) }
            return true
        }
        if model.isContinuation, let place = call.result {
            var value = Value(.bottom(format))
            value.sources = .continuation
            value.origin = Origin(.note("continuation: \(model.reason)"), at: location, range: value.range, parent: nil)
            try store(value, to: place, in: &state)
            return true
        }
        var range = IntValue.top(format).clamped(
            low: model.minimum.map { Int128($0) }, high: model.maximum.map { Int128($0) })
        if let index = model.atMostArgument, index < arguments.count, let limit = arguments[index].value {
            let bound = currentRange(of: limit, in: state)
            if bound.format.isSigned == format.isSigned || (bound.min ?? -1) >= 0 { range = range.clamped(low: nil, high: bound.max) }
        }
        if let index = model.insideArgument, index < arguments.count, let pointer = arguments[index].value,
            let bytes = bytesAhead(of: pointer), bytes > 0 {
            range = range.clamped(low: nil, high: Int128(bytes - 1))
        }
        if range.isBottom { range = .top(format) }
        try storeAny(call, how: "model", range: range, in: &state)
        if model.isContinuationTest { continuationTests.insert(names.symbol(.made(point, part: 0)).id) }
        return true
    }

    /// Any value is written through a pointer, from where it points upwards.
    private func overwrite(_ pointer: Value, in state: inout State) {
        guard case .targets(let targets) = pointer.pointees else {
            if case .none = pointer.pointees, pointer.range.constantValue != nil { return }
            return forgetAllAliases(except: nil, in: &state)
        }
        if targets.contains(where: { isShared($0.object, in: state) }) { forgetAllAliases(except: nil, in: &state) }
        for target in targets {
            let contents = state.objects[target.object] ?? .empty
            state.objects[target.object] = contents.filling(target.offset ?? 0, Fill.end, .guest)
        }
    }
}
