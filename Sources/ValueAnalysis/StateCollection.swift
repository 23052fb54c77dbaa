import HashTreeCollections
import ProgramModel

extension Engine {
    /// Drops what no live name leads to any more: ranges of forgotten symbols, and what was read through forgotten
    /// pointers. States are walked at every join, so their size is what the analysis costs.
    func collectGarbage(in state: inout State) {
        guard state.ranges.count + state.objects.count > state.collectionThreshold else { return }
        var live: Set<SymbolID> = []
        var pending: [(ObjectID, TermID)] = []
        for (id, contents) in state.objects {
            if case .pointee(let term) = names[id] {
                pending.append((id, term))
            } else {
                mark(contents, &live)
            }
        }
        for relation in state.relations {
            live.formUnion(terms[relation.left].symbols)
            live.formUnion(terms[relation.right].symbols)
        }
        // What is behind a live pointer keeps other pointers alive.
        var before = -1
        while before != pending.count {
            before = pending.count
            pending.removeAll { id, term in
                guard terms[term].symbols.allSatisfy(live.contains) else { return false }
                if let contents = state.objects[id] { mark(contents, &live) }
                return true
            }
        }
        for (id, _) in pending { state.objects[id] = nil }
        state.ranges = state.ranges.filter { live.contains($0.key) }
        state.alternatives = state.alternatives.compactMap { $0.forgetting($0.symbols.filter { !live.contains($0) }) }
        state.collectionThreshold = 2 * (state.ranges.count + state.objects.count) + State.smallSize
    }

    private func mark(_ contents: ObjectContents, _ live: inout Set<SymbolID>) {
        for cell in contents.cells {
            if let term = cell.value.term { live.formUnion(terms[term].symbols) }
            for entry in cell.value.narrowings { if let term = entry.term { live.formUnion(terms[term].symbols) } }
            guard case .targets(let targets) = cell.value.pointees else { continue }
            for target in targets {
                if case .pointee(let term) = names[target.object] { live.formUnion(terms[term].symbols) }
            }
        }
    }
}
