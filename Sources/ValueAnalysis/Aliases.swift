import IntegerDomain
import ProgramModel

/// What a store, or code out of sight, may change beside what it names.
extension Engine {
    /// Drops what a store may have changed in other objects. Stores to a member change that member of other objects of the
    /// type, and scalars accessed without a member's name (docs/soundness.md: aliasing by field).
    func forgetAliases(of resolved: ResolvedPlace, except object: ObjectID?, in state: inout State) {
        let isAnything = resolved.tag == nil && resolved.width <= 8
        for (id, contents) in state.objects where id != object && isShared(id, in: state) {
            // Bytes that were set to zero may be that member, or that scalar, whether or not they were ever read as such;
            // but two variables are never the same.
            let areVariables = object.map(isVariable) == true && isVariable(id)
            let next = contents.dropping(forgetsZeros: !areVariables, keepsCuts: isLocal(id)) { cell in
                if isAnything { return true }
                guard let tag = resolved.tag, let other = cell.tag else { return cell.key.width == resolved.width }
                return tag == other
            }
            if next !== contents { state.objects[id] = next }
        }
    }

    /// Forgets all that code out of sight may change.
    func forgetSharedMemory(in state: inout State) {
        forgetAllAliases(except: nil, in: &state)
    }

    /// The locals that a value points to, and those that their contents point to, can be changed by code out of sight.
    func escape(_ value: Value, in state: inout State) {
        guard case .targets(let targets) = value.pointees else { return }
        var pending = targets.map(\.object)
        while let object = pending.popLast() {
            guard case .local = names[object], !state.escaped.contains(object) else { continue }
            state.escaped.insert(object)
            for cell in (state.objects[object] ?? .empty).cells {
                if case .targets(let inner) = cell.value.pointees { pending += inner.map(\.object) }
            }
        }
    }

    func forgetAllAliases(except object: ObjectID?, in state: inout State) {
        for (id, contents) in state.objects where id != object && isShared(id, in: state) {
            // That the guest had its hand in it is not forgotten: it tells sub-operations from other switches.
            let isGuest = weakFill(contents) == .guest || contents.cells.contains { $0.value.sources.contains(.guest) }
            if isGuest, isLocal(id) {
                var next = contents.filling(0, Fill.end, .guest, keepsCuts: true)
                for key in (commandCells[id] ?? []).sorted() {
                    if case .exact(let cell) = contents.lookup(key) { next = next.storing(cell, mask: valueMask(cell.value)) }
                }
                state.objects[id] = next
            } else {
                state.objects[id] = isLocal(id) ? contents.ifKept : nil
            }
        }
    }

    /// What code out of sight did to other objects is nothing that is followed anyway.
    func isLocal(_ object: ObjectID) -> Bool { if case .local = names[object] { true } else { false } }

    /// A function gets these arguments and may change what it can reach; what it does not keep is out of reach again when it
    /// has returned.
    func lend(_ arguments: [ArgumentValue], to callee: Function, _ effects: WriteEffects?, in state: inout State) {
        let uncaptured = shared.facts(of: callee).parameterUses.uncaptured
        var lasting = state
        for (index, argument) in arguments.enumerated() {
            guard let value = argument.value else { continue }
            guard uncaptured.contains(index), case .targets(let targets) = value.pointees else {
                escape(value, in: &lasting)
                continue
            }
            // Pointers that are stored there are its to keep.
            for target in targets {
                for cell in (state.objects[target.object] ?? .empty).cells { escape(cell.value, in: &lasting) }
            }
        }
        giveAway(arguments.compactMap(\.value), effects, in: &state)
        state.escaped = lasting.escaped
    }
}
