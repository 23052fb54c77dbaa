import IntegerDomain

extension Engine {
    /// Whether two states say the same.
    func isSame(_ a: State, _ b: State) -> Bool {
        guard a.taint == b.taint, a.relations == b.relations, a.alternatives == b.alternatives, a.objects.count == b.objects.count,
            a.ranges.count == b.ranges.count, a.escaped == b.escaped, a.unfollowed == b.unfollowed
        else { return false }
        for (id, x) in a.objects {
            guard let y = b.objects[id] else { return false }
            if x === y { continue }
            guard x.fills == y.fills, x.cells.count == y.cells.count else { return false }
            for (first, second) in zip(x.cells, y.cells) {
                guard first.key == second.key, first.tag == second.tag, first.value.isSame(as: second.value) else {
                    return false
                }
            }
        }
        return a.ranges == b.ranges
    }

    /// A state of which nothing is known but what was cut; nothing may be claimed either if not even that settles.
    func forgetting(_ state: State, isEndless: Bool) -> State {
        var result = State(escaped: state.escaped, unfollowed: state.unfollowed, taint: state.taint)
        for (id, contents) in state.objects {
            let cuts = onlyCuts(of: id, contents, in: state, &result)
            if !isEndless { result.objects[id] = cuts }
        }
        if isEndless, result.taint == nil {
            result.taint = "the loop at \(location.file):\(location.line) does not settle in \(FunctionRun.maximumRounds * 2) rounds"
        }
        return result
    }

    /// Whether all that `new` can be is allowed by `old`.
    func covers(_ old: State, _ new: State) -> Bool {
        if old.taint == nil, new.taint != nil { return false }
        for (symbol, range) in old.ranges {
            guard let other = new.ranges[symbol], other.format == range.format, other == range || other.isSubset(of: range)
            else { return false }
        }
        for relation in old.relations where !new.relations.contains(relation) { return false }
        for alternative in old.alternatives where !new.alternatives.contains(alternative) { return false }
        if !(old.unfollowed == new.unfollowed || new.unfollowed.isSubset(of: old.unfollowed)) { return false }
        if !(old.escaped == new.escaped || new.escaped.isSubset(of: old.escaped)) { return false }
        for (id, x) in old.objects {
            let y = new.objects[id] ?? .empty
            if x === y { continue }
            guard covers(x, y, new) else { return false }
        }
        // Knowing nothing of a local does not say what it was cut from. Where nothing is claimed anyway, it need not.
        return old.taint != nil || new.objects.allSatisfy { id, y in old.objects[id] != nil || !keepsOneSided(id, y) }
    }

    private func covers(_ old: [Drift], _ new: [Drift]) -> Bool {
        old.allSatisfy { drift in new.contains { $0.base == drift.base && drift.low <= $0.low && $0.high <= drift.high } }
    }

    private func covers(_ old: ObjectContents, _ new: ObjectContents, _ state: State) -> Bool {
        guard old.fills == new.fills || old.fills.isEmpty else { return false }
        for cell in new.cells {
            guard case .fill(let kind) = old.lookup(cell.key) else { continue }
            guard !cell.value.mayHideCuts, kind != .zero || currentRange(of: cell.value, in: state).constantValue == 0 else {
                return false
            }
        }
        return old.cells.allSatisfy { cell in
            let found = new.lookup(cell.key)
            if case .fill(let kind) = found, kind != .zero {
                return cell.isAnything && (kind != .guest || cell.value.sources.contains(.guest))
            }
            guard case .exact(let other) = found, other.value.range.format == cell.value.range.format else { return false }
            // Of an untagged cell it is not known which member's stores leave it alone.
            guard cell.tag == nil || cell.tag == other.tag else { return false }
            let (x, y) = (cell.value, other.value)
            if x.isSame(as: y) { return true }
            guard x.term == nil || x.term == y.term else { return false }
            return currentRange(of: y, in: state).isSubset(of: x.range) && x.pointees.join(y.pointees) == x.pointees
                && x.sources.union(y.sources) == x.sources && covers(x.drifts, allDrifts(of: y))
                && Value.mergedNarrowings(x.narrowings, y.narrowings) == x.narrowings
                && (x.uncut?.contains(y.shown(y.range)) ?? (y.uncut == nil))
        }
    }
}
