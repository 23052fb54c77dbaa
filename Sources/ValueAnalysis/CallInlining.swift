import HashTreeCollections
import IntegerDomain
import ProgramModel

/// A call path, for a sub-operation.
struct InlineKey: Hashable {
    var context: ContextID
    var partition: PartitionID
}

/// The last time that a call path was followed: loops around it come by again, often with nothing new.
struct InlinedCall {
    var entry: State
    var exits: PartitionedStates
    /// How often it was followed.
    var runs: Int
}

extension Engine {
    /// Runs a callee in the caller's state.
    func inline(
        _ callee: Function, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID, _ start: State,
        includesStores: Bool
    ) throws -> PartitionedStates {
        let context = names.context(calledFrom: point, function: callee.reference)
        let facts = shared.facts(of: callee)
        let inner = Frame(
            function: callee, facts: facts, context: context,
            relevant: includesStores ? facts.storeRelevant : facts.returnRelevant, isRoot: false,
            splitsExits: includesStores && call.result != nil && partition.variant == 0)
        let callPoint = point
        let callLocation = location
        var state = start
        noteUnsupported(of: callee)
        frames.append(inner)
        frameOfContext[context] = inner
        defer {
            frames.removeLast()
            frameOfContext[context] = nil
        }
        try bind(arguments, to: inner, in: &state)
        let exits = try exits(of: inner, partition, state)
        point = callPoint
        location = callLocation
        var result: PartitionedStates = [:]
        frames.removeLast()
        defer { frames.append(inner) }
        for (exit, after) in exits.sorted(by: { $0.key < $1.key }) {
            var (exit, after) = (exit, after)
            // Ways that a call before this one has told apart stay apart where it is only asked about its result.
            if exit.variant == 0, facts.isPredicate { exit.variant = partition.variant }
            try takeResult(of: inner, call, in: &after)
            removeLocals(of: inner, in: &after)
            collectGarbage(in: &after)
            result[exit] = result[exit].map {
                join($0, after, at: JoinPoint(context: callPoint.context, block: -600_000 - callPoint.block))
            } ?? after
        }
        return result
    }

    /// What holds after a callee, in its own frame. From the rounds of loops around loops the same call comes by very often:
    /// then it is followed for all that it was followed for so far at once, and not again for less.
    private func exits(of inner: Frame, _ partition: PartitionID, _ state: State) throws -> PartitionedStates {
        let key = InlineKey(context: inner.context, partition: partition)
        var entry = state
        let known = inlined[key]
        if let known {
            if isSame(known.entry, state) { return known.exits }
            if known.runs >= budget.callRuns {
                if covers(known.entry, state) { return known.exits }
                entry = join(known.entry, state, at: JoinPoint(context: inner.context, block: -700_000), isLoopHead: true)
            }
        }
        inner.entry = entry
        let exits = try FunctionRun(engine: self, frame: inner, entry: [partition: entry]).run()
        inlined[key] = InlinedCall(entry: entry, exits: exits, runs: (known?.runs ?? 0) + 1)
        return exits
    }

    func noteUnsupported(of callee: Function) {
        if !callee.unsupported.isEmpty { unsupported[callee.reference] = callee.unsupported }
    }

    /// Gives the parameters their values; surplus arguments (variadic, or a lying prototype) stay out of reach.
    func bind(_ arguments: [ArgumentValue], to inner: Frame, in state: inout State) throws {
        let arguments = withoutOldNames(arguments, of: inner, in: &state)
        for (index, parameter) in inner.function.parameters.enumerated() {
            let local = inner.function[parameter]
            let object = names.object(.local(inner.context, parameter))
            state.objects[object] = nil
            guard index < arguments.count else { continue }
            switch arguments[index] {
            case .scalar(var value, _):
                guard let format = local.type.format else { continue }
                value.range = currentRange(of: value, in: state)
                value = reformatted(value, to: format)
                if value.term == nil { rename(&value, .parameter(inner.context, index), in: &state) }
                let key = CellKey(offset: 0, width: bitWidth(of: local.type))
                set(Cell(key: key, tag: nil, value: value), in: object, &state)
            case .aggregate(let place, let type):
                let target = ResolvedPlace(
                    location: .targets([.init(object: object, offset: 0)]), tag: nil, width: bitWidth(of: type))
                copy(to: target, from: place, in: &state)
            }
        }
    }

    /// Arguments may be made of what the same call was given in an earlier round, whose names are about to be used again.
    private func withoutOldNames(
        _ arguments: [ArgumentValue], of inner: Frame, in state: inout State
    ) -> [ArgumentValue] {
        let symbols = inner.function.parameters.indices.compactMap { index -> SymbolID? in
            let (symbol, isOld) = names.symbol(.parameter(inner.context, index))
            return isOld ? symbol : nil
        }
        guard !symbols.isEmpty else { return arguments }
        return arguments.map { argument in
            guard case .scalar(let value, let type) = argument else { return argument }
            let renamed = forgetting(symbols, in: value, state)
            if renamed.pointees != value.pointees { escape(value, in: &state) }
            return .scalar(renamed, type)
        }
    }

    private func takeResult(of inner: Frame, _ call: Call, in state: inout State) throws {
        guard let place = call.result else { return }
        let object = resultObject(of: inner)
        let target = try resolve(place, in: &state)
        guard let format = call.returnType.format else {
            let source = ResolvedPlace(
                location: .targets([.init(object: object, offset: 0)]), tag: nil, width: target.width)
            return copy(to: target, from: source, in: &state)
        }
        let key = CellKey(offset: 0, width: format.width)
        guard case .exact(let cell)? = state.objects[object]?.lookup(key) else {
            return try storeAny(call, how: "its type", in: &state)
        }
        var value = cell.value
        value.range = currentRange(of: value, in: state)
        value = reformatted(value, to: format)
        value.origin = Origin.extend(
            value.origin, .returned(by: inner.function.reference.name, how: "call"), at: location, range: value.range)
        store(value, target, in: &state)
    }

    func removeLocals(of inner: Frame, in state: inout State) {
        state.objects[resultObject(of: inner)] = nil
        for index in inner.function.locals.indices {
            let object = names.object(.local(inner.context, LocalID(index)))
            if state.objects[object] != nil { state.objects[object] = nil }
            if state.escaped.contains(object) { state.escaped.remove(object) }
            if state.unfollowed.contains(object) { state.unfollowed.remove(object) }
        }
    }
}
