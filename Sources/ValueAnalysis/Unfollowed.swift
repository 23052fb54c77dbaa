import ProgramModel

/// Locals where cuts may be that nobody has seen (`State.unfollowed`): a function that was passed over got their address, or
/// what was cut went where it is not told from the rest, to one of several elements.
extension Engine {
    /// Whether what is read may be such a cut value.
    func mayBeUnfollowed(_ resolved: ResolvedPlace, _ type: CType, in state: State) -> Bool {
        guard !state.unfollowed.isEmpty, hidesCuts(type) else { return false }
        switch resolved.location {
        case .unknown: return false
        case .elements(let targets, _, _, _): return targets.contains { state.unfollowed.contains($0.object) }
        case .targets(let targets):
            return targets.contains { target in
                guard state.unfollowed.contains(target.object) else { return false }
                guard let offset = target.offset, let contents = state.objects[target.object] else { return true }
                // What was stored there since is known.
                if case .exact = contents.lookup(CellKey(offset: offset, width: resolved.width)) { return false }
                return true
            }
        }
    }

    /// Whether such a value may be in the memory that a result comes from.
    func readsUnfollowed(_ sources: ValueSources, _ arguments: [ArgumentValue], in state: State) -> Bool {
        arguments.enumerated().contains { index, argument in
            guard sources.contains(.behind(index)) else { return false }
            let cells = cells(reachedBy: argument, in: state)
            if cells.contains(where: { $0.value.sources.contains(.passedOver) }) { return true }
            guard !state.unfollowed.isEmpty else { return false }
            var reached = cells.flatMap { targets(of: $0.value) } + (argument.value.map(targets) ?? [])
            if case .aggregate(let place, _) = argument { reached += place.targets ?? [] }
            return reached.contains { state.unfollowed.contains($0.object) }
        }
    }

    /// A value was stored in one of several places: where it was cut, that is not seen in each of them.
    func scatter(_ value: Value, over objects: [ObjectID], in state: inout State) {
        guard value.mayHideCuts else { return }
        state.unfollowed.formUnion(objects.filter(isLocal))
    }

    /// Whether a struct that is copied from there, exactly or to one of several places, takes such values along.
    func takesUnfollowed(from source: ResolvedPlace, isExact: Bool, in state: State) -> Bool {
        (source.targets ?? []).contains { place in
            if state.unfollowed.contains(place.object) { return true }
            guard !isExact, let contents = state.objects[place.object] else { return false }
            return contents.cells.contains { $0.value.mayHideCuts }
        }
    }

    /// Cells of a local are forgotten though bits of them are left: what was cut there is not seen any more.
    func noteLostCuts(_ cells: some Sequence<Cell>, of object: ObjectID, in state: inout State) {
        if isLocal(object), cells.contains(where: \.value.mayHideCuts) { state.unfollowed.insert(object) }
    }

    func markUnfollowed(_ place: ResolvedPlace, in state: inout State) {
        state.unfollowed.formUnion((place.targets ?? []).map(\.object).filter(isLocal))
    }

    /// What a call that is passed over leaves behind: marks on the locals that it was given, and these sources of its result.
    func notePassedOver(_ call: Call, _ arguments: [ArgumentValue], in state: inout State) -> ValueSources {
        let given = arguments.compactMap(\.value).flatMap(targets).map(\.object)
        state.unfollowed.formUnion(given.filter(hidesCuts(in:)))
        return hidesCuts(call.returnType) ? [.plain, .passedOver] : .plain
    }

    /// A local that is overwritten as a whole holds nothing of what was there.
    func settleUnfollowed(_ object: ObjectID, width: Int, in state: inout State) {
        guard state.unfollowed.contains(object), case .local(let context, let local) = names[object],
            let owner = frameOfContext[context], bitWidth(of: owner.function[local].type) <= width
        else { return }
        state.unfollowed.remove(object)
    }
}
