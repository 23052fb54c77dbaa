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

    /// Objects that are looked into from one argument.
    private static let mostReached = 16

    /// From a member's address the rest of the object is in reach, and what pointers in it lead to; of a struct that is passed
    /// only what it is itself.
    func cells(reachedBy argument: ArgumentValue, in state: State) -> [Cell] {
        var found: [Cell] = []
        switch argument {
        case .scalar(let value, _): if case .targets(let targets) = value.pointees { found = cells(of: targets, in: state) }
        case .aggregate(let place, _):
            for target in place.targets ?? [] {
                let cells = state.objects[target.object]?.cells ?? []
                guard case .targets = place.location, let start = target.offset else {
                    found += cells
                    continue
                }
                found += cells.filter { $0.key.offset >= start && $0.key.end <= start + place.width }
            }
        }
        var seen: Set<ObjectID> = []
        var next = 0
        while next < found.count, seen.count < Self.mostReached {
            if case .targets(let targets) = found[next].value.pointees {
                let new = targets.filter { seen.insert($0.object).inserted }
                found += cells(of: new, in: state)
            }
            next += 1
        }
        return found
    }

    private func cells(of targets: [Pointees.Target], in state: State) -> [Cell] {
        targets.flatMap { state.objects[$0.object]?.cells ?? [] }
    }
}
