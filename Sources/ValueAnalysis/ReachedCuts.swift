import ProgramModel

/// Cuts that a function which is not opened takes from memory.
extension Engine {
    /// What was cut on the way into what a result comes from: the arguments, and the memory behind them.
    func narrowings(of sources: ValueSources, _ arguments: [ArgumentValue], in state: State) -> [NarrowingEntry] {
        var found: [NarrowingEntry] = []
        for (index, argument) in arguments.enumerated() {
            if sources.contains(.parameter(index)), let given = argument.value {
                found = Value.mergedNarrowings(found, given.narrowings.map(\.spread))
            }
            guard sources.contains(.behind(index)) else { continue }
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
