import IntegerDomain
import ProgramModel

/// Structs, arrays and unions as a whole: filled with zeros, forgotten, copied.
extension Engine {
    func zero(_ place: Place, in state: inout State) throws { try fill(place, .zero, in: &state) }

    private func fill(_ place: Place, _ kind: Fill.Kind, in state: inout State) throws {
        let resolved = try resolve(place, in: &state)
        fill(resolved, kind, in: &state)
    }

    func fill(_ resolved: ResolvedPlace, _ kind: Fill.Kind, in state: inout State) {
        switch resolved.location {
        case .targets(let targets) where targets.count == 1 && targets[0].offset != nil && resolved.width > 0:
            let target = targets[0]
            if isShared(target.object, in: state) { forgetAllAliases(except: target.object, in: &state) }
            let low = target.offset ?? 0
            state.objects[target.object] = (state.objects[target.object] ?? .empty).filling(low, low + resolved.width, kind)
            if low == 0 { settleUnfollowed(target.object, width: resolved.width, in: &state) }
        case .targets(let targets), .elements(let targets, _, _, _):
            if targets.contains(where: { isShared($0.object, in: state) }) { forgetAllAliases(except: nil, in: &state) }
            for target in targets {
                let contents = state.objects[target.object] ?? .empty
                state.objects[target.object] = contents.filling(
                    0, Fill.end, kind == .guest ? .guest : weakFill(contents))
            }
        case .unknown: forgetAllAliases(except: nil, in: &state)
        }
    }

    func copy(to: Place, from: Place, in state: inout State) throws {
        let source = try resolve(from, in: &state)
        let target = try resolve(to, in: &state)
        copy(to: target, from: source, in: &state)
    }

    func copy(to target: ResolvedPlace, from source: ResolvedPlace, in state: inout State) {
        guard case .targets(let sources) = source.location, sources.count == 1, let low = sources[0].offset,
            case .targets(let targets) = target.location, targets.count == 1, let start = targets[0].offset, target.width > 0
        else {
            let isUnfollowed = takesUnfollowed(from: source, isExact: false, in: state)
            fill(target, guestKind(of: source, in: state), in: &state)
            if isUnfollowed { markUnfollowed(target, in: &state) }
            return
        }
        let contents = state.objects[sources[0].object] ?? .empty
        let isUnfollowed = takesUnfollowed(from: source, isExact: true, in: state)
        fill(target, .unknown, in: &state)
        if isUnfollowed { markUnfollowed(target, in: &state) }
        var result = state.objects[targets[0].object] ?? .empty
        for fill in contents.fills where fill.low < low + target.width && low < fill.high {
            let from = Swift.max(fill.low, low) - low
            let to = (fill.high == Fill.end ? low + target.width : Swift.min(fill.high, low + target.width)) - low
            result = result.filling(start + from, start + to, fill.kind)
        }
        let key = CellKey(offset: low, width: target.width)
        for index in contents.overlapping(key) {
            let cell = contents.cells[index]
            if cell.key.offset < low || cell.key.end > low + target.width {
                let from = Swift.max(cell.key.offset, low) - low
                let to = Swift.min(cell.key.end, low + target.width) - low
                result = result.filling(start + from, start + to, .unknown)
                continue
            }
            var moved = cell
            moved.key.offset = start + cell.key.offset - low
            result = result.storing(moved, mask: valueMask(cell.value))
            if isShared(targets[0].object, in: state) { escape(cell.value, in: &state) }
        }
        state.objects[targets[0].object] = result
    }

    private func guestKind(of place: ResolvedPlace, in state: State) -> Fill.Kind {
        let objects: [ObjectID] =
            switch place.location {
            case .targets(let targets), .elements(let targets, _, _, _): targets.map(\.object)
            case .unknown: []
            }
        return objects.contains { weakFill(state.objects[$0] ?? .empty) == .guest } ? .guest : .unknown
    }
}
