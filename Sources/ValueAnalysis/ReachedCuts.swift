import ProgramModel

/// Cuts that a function which is not opened takes from memory.
extension Engine {
    /// What was cut on its way into the memory that a result comes from.
    func narrowings(
        of sources: ValueSources, reachedBy arguments: [ArgumentValue], in state: State
    ) -> [NarrowingEntry] {
        var found: [NarrowingEntry] = []
        for (index, argument) in arguments.enumerated() where sources.contains(.behind(index)) {
            for cell in cells(reachedBy: argument, in: state) {
                found = Value.mergedNarrowings(found, settled(cell.value, in: state).narrowings.map(\.spread))
            }
        }
        return found
    }

    /// From a member's address the rest of the object is in reach; of a struct that is passed only what it is itself.
    private func cells(reachedBy argument: ArgumentValue, in state: State) -> [Cell] {
        switch argument {
        case .scalar(let value, _):
            guard case .targets(let targets) = value.pointees else { return [] }
            return targets.flatMap { state.objects[$0.object]?.cells ?? [] }
        case .aggregate(let place, _):
            return (place.targets ?? []).flatMap { target in
                let cells = state.objects[target.object]?.cells ?? []
                guard case .targets = place.location, let start = target.offset else { return cells }
                return cells.filter { $0.key.offset >= start && $0.key.end <= start + place.width }
            }
        }
    }
}
