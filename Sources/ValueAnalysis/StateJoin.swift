import HashTreeCollections
import IntegerDomain
import ProgramModel

/// The point where paths meet; the symbols made there are named after it.
struct JoinPoint {
    var context: ContextID
    var block: Int32
}

/// A cell of a state under construction.
private struct CellPlace: Hashable, Comparable {
    var object: ObjectID
    var key: CellKey
    static func < (a: CellPlace, b: CellPlace) -> Bool { (a.object, a.key) < (b.object, b.key) }
}

extension Engine {
    /// What holds whichever of two ways was taken.
    ///
    /// - Parameters:
    ///   - thresholds: nil: the plain join; else `a` is the former state, and what grows is widened.
    ///   - isLoopHead: the ways are rounds of a loop, which no flag tells apart for long.
    ///   - goals: what the values that meet may be at most, besides what they were compared with.
    func join(
        _ a: State, _ b: State, at point: JoinPoint, widening thresholds: [Int128]? = nil, isLoopHead: Bool = false,
        goals: [TermID] = []
    ) -> State {
        let phis = phiCells(a, b, at: point)
        let phiSymbols = phis.map { names.symbol(.phi(point.context, block: point.block, $0.object, $0.key)).id }
        var result = State()
        result.collectionThreshold = max(a.collectionThreshold, b.collectionThreshold)
        result.taint = a.taint ?? b.taint
        result.escaped = a.escaped == b.escaped ? a.escaped : a.escaped.union(b.escaped)
        result.unfollowed = a.unfollowed == b.unfollowed ? a.unfollowed : a.unfollowed.union(b.unfollowed)
        result.ranges = joinedRanges(a, b, except: Set(phiSymbols), thresholds)
        result.relations = a.relations.filter { relation in
            b.relations.contains(relation) && !mentionsAny(relation.left, phiSymbols)
                && !mentionsAny(relation.right, phiSymbols)
        }
        let phiOf = Dictionary(uniqueKeysWithValues: zip(phis, phiSymbols))
        for (id, x) in a.objects {
            guard let y = b.objects[id] else {
                result.objects[id] = onlyCuts(of: id, x, in: a, without: phiSymbols, &result)
                continue
            }
            if case .pointee(let term) = names[id], mentionsAny(term, phiSymbols) { continue }
            result.objects[id] = joined(id, x, a, y, b, phiOf, phiSymbols, &result, thresholds)
        }
        for (id, y) in b.objects where a.objects[id] == nil {
            result.objects[id] = onlyCuts(of: id, y, in: b, without: phiSymbols, &result)
        }
        addRelations(of: phis, phiSymbols, a, b, mayGrow: thresholds == nil, goals, to: &result)
        let values = isLoopHead ? [] : meetingValues(phiOf, a, b)
        result.alternatives = AlternativeJoin(engine: self, a: a, b: b, values: values).alternatives(in: result)
            .compactMap { isLoopHead ? $0.forgetting(phiSymbols) : $0 }
        return result
    }

    private func meetingValues(_ phiOf: [CellPlace: SymbolID], _ a: State, _ b: State) -> [MeetingValue] {
        phiOf.sorted { $0.key < $1.key }.compactMap { place, phi in
            guard let x = a.objects[place.object], let y = b.objects[place.object],
                let first = cell(place.key, x.lookup(place.key), like: y.lookup(place.key)),
                let second = cell(place.key, y.lookup(place.key), like: x.lookup(place.key))
            else { return nil }
            // The new name has the type of the first.
            return meeting(first.value, a, reformatted(second.value, to: first.value.range.format), b, phi)
        }
    }

    private func meeting(_ x: Value, _ a: State, _ y: Value, _ b: State, _ phi: SymbolID) -> MeetingValue {
        MeetingValue(
            phi: phi, terms: (x.term, y.term), ranges: (currentRange(of: x, in: a), currentRange(of: y, in: b)),
            mayBeContinuation: x.sources.union(y.sources).contains(.continuation))
    }

    private func joinedRanges(
        _ a: State, _ b: State, except phis: Set<SymbolID>, _ thresholds: [Int128]?
    ) -> TreeDictionary<SymbolID, IntValue> {
        var result = a.ranges
        for (symbol, x) in a.ranges {
            guard let y = b.ranges[symbol], !phis.contains(symbol), x.format == y.format else {
                result[symbol] = nil
                continue
            }
            if x == y { continue }
            let joined = thresholds.map { x.widen(x.join(y), thresholds: $0) } ?? x.join(y)
            result[symbol] = joined.isTop ? nil : joined
        }
        return result
    }

    // MARK: Which cells need a new name

    /// The cells whose values differ, and those that mention the names that these get.
    private func phiCells(_ a: State, _ b: State, at point: JoinPoint) -> [CellPlace] {
        var found: Set<CellPlace> = []
        for (id, x) in a.objects {
            guard let y = b.objects[id], x !== y else { continue }
            for cell in x.cells where !cell.isAnything {
                let other = y.lookup(cell.key)
                if other.isAnything { continue }
                if case .exact(let twin) = other, cell.value.term == twin.value.term, cell.value.term != nil { continue }
                found.insert(CellPlace(object: id, key: cell.key))
            }
            for cell in y.cells where !cell.isAnything {
                let other = x.lookup(cell.key)
                if other.isAnything { continue }
                if case .exact = other { continue }
                found.insert(CellPlace(object: id, key: cell.key))
            }
        }
        if found.isEmpty { return [] }
        closeOverMentions(&found, a, b, at: point)
        return found.sorted()
    }

    /// A cell that mentions a name that is about to stand for something new needs a new name too.
    private func closeOverMentions(_ found: inout Set<CellPlace>, _ a: State, _ b: State, at point: JoinPoint) {
        var pending = found.sorted()
        while !pending.isEmpty {
            var symbols: [SymbolID] = []
            for cell in pending {
                let (symbol, isOld) = names.symbol(.phi(point.context, block: point.block, cell.object, cell.key))
                if isOld { symbols.append(symbol) }
            }
            pending = []
            guard !symbols.isEmpty else { return }
            let mask = symbols.reduce(UInt64(0)) { $0 | (1 << UInt64($1.index & 63)) }
            for state in [a, b] {
                for (id, contents) in state.objects where contents.symbolMask & mask != 0 {
                    for cell in contents.cells {
                        let place = CellPlace(object: id, key: cell.key)
                        guard !found.contains(place), let term = cell.value.term, mentionsAny(term, symbols) else { continue }
                        found.insert(place)
                        pending.append(place)
                    }
                }
            }
            pending.sort()
        }
    }

    /// Whether the value of a cell that only one side knows is kept beside "anything": for the cuts that it tells of.
    func keepsOneSided(_ object: ObjectID, _ contents: ObjectContents) -> Bool {
        switch names[object] {
        case .local, .result: contents.cells.contains { $0.value.mayHideCuts }
        default: false
        }
    }

    // MARK: Contents

    /// What is left of an object of which nothing else is known any more: what was cut, under no name that is about to change.
    /// Where it points is given away.
    func onlyCuts(
        of id: ObjectID, _ contents: ObjectContents, in state: State, without symbols: [SymbolID] = [], _ result: inout State
    ) -> ObjectContents? {
        for cell in contents.cells { escapeLost(cell.value, state, in: &result) }
        guard keepsOneSided(id, contents), let kept = contents.ifKept else { return nil }
        let cells = kept.cells.map { cell in
            var cell = cell
            cell.value.narrowings = cleaned(cell.value.narrowings, symbols)
            return cell
        }
        return ObjectContents(cells: cells, fills: [], symbolMask: cells.reduce(0) { $0 | valueMask($1.value) })
    }

    private func cleaned(_ narrowings: [NarrowingEntry], _ symbols: [SymbolID]) -> [NarrowingEntry] {
        narrowings.map { entry in
            var entry = entry
            if let term = entry.term, mentionsAny(term, symbols) { entry.term = nil }
            return entry
        }
    }

    private func joined(
        _ id: ObjectID, _ x: ObjectContents, _ a: State, _ y: ObjectContents, _ b: State, _ phiOf: [CellPlace: SymbolID],
        _ phiSymbols: [SymbolID], _ result: inout State, _ thresholds: [Int128]?
    ) -> ObjectContents? {
        if x === y, !x.cells.contains(where: { phiOf[CellPlace(object: id, key: $0.key)] != nil || needsCleaning($0, phiSymbols) }) {
            return x
        }
        var cells: [Cell] = []
        // Where cells of different extents overlap, nothing is known of the bits.
        var holes: [CellKey] = []
        for key in mergedKeys(x, y) {
            let (here, there) = (x.lookup(key), y.lookup(key))
            let isAnything = here.isAnything || there.isAnything
            // Nothing is left to say of it but what was cut.
            let isForgotten = (here.isUnknownFill || there.isUnknownFill) && !here.hidesCuts && !there.hidesCuts
            guard !isForgotten, var first = cell(key, here, like: there), var second = cell(key, there, like: here) else {
                if !isForgotten {
                    holes.append(key)
                    noteLostCuts(x.cells[x.overlapping(key)] + y.cells[y.overlapping(key)], of: id, in: &result)
                }
                for index in x.overlapping(key) { escapeLost(x.cells[index].value, a, in: &result) }
                for index in y.overlapping(key) { escapeLost(y.cells[index].value, b, in: &result) }
                continue
            }
            first.value = settled(first.value, in: a)
            second.value = reformatted(settled(second.value, in: b), to: first.value.range.format)
            var cell = first
            cell.tag = first.tag == second.tag ? first.tag : nil
            cell.value = joinedValue(first.value, a, second.value, b, phiOf[CellPlace(object: id, key: key)], &result, thresholds)
            cell.value.narrowings = cleaned(cell.value.narrowings, phiSymbols)
            cell.value.pointees = cleaned(cell.value.pointees, phiSymbols)
            cell.value.drifts.removeAll { phiSymbols.contains($0.base) }
            if isAnything {
                cell.value.term = nil
                cell = cell.ifKept ?? cell
            }
            if case .unknown = cell.value.pointees {
                escapeLost(first.value, a, in: &result)
                escapeLost(second.value, b, in: &result)
            }
            if let last = cells.last, last.key.overlaps(cell.key) {
                holes += [last.key, cell.key]
                noteLostCuts([last, cell], of: id, in: &result)
                cells.removeLast()
            } else {
                cells.append(cell)
            }
        }
        let fills = x.fills == y.fills ? x.fills : commonFills(x.fills, y.fills)
        if cells.isEmpty, fills.isEmpty { return nil }
        var result = ObjectContents(cells: cells, fills: fills, symbolMask: cells.reduce(0) { $0 | valueMask($1.value) })
        if !fills.isEmpty { for hole in holes { result = result.filling(hole.offset, hole.end, .unknown) } }
        return result
    }

    /// Where a value points is forgotten in a join: the locals among that count as given away.
    func escapeLost(_ value: Value, _ side: State, in result: inout State) {
        guard case .targets = value.pointees else { return }
        var side = side
        escape(value, in: &side)
        result.escaped.formUnion(side.escaped)
    }

    private func needsCleaning(_ cell: Cell, _ symbols: [SymbolID]) -> Bool {
        let mask = symbols.reduce(UInt64(0)) { $0 | (1 << UInt64($1.index & 63)) }
        return valueMask(cell.value) & mask != 0
    }

    private func cleaned(_ pointees: Pointees, _ symbols: [SymbolID]) -> Pointees {
        guard case .targets(let targets) = pointees else { return pointees }
        let isStale = targets.contains { target in
            if case .pointee(let term) = names[target.object] { return mentionsAny(term, symbols) }
            return false
        }
        return isStale ? .unknown : pointees
    }

    private func mergedKeys(_ x: ObjectContents, _ y: ObjectContents) -> [CellKey] {
        var keys = x.cells.map(\.key)
        for cell in y.cells {
            if case .exact = x.lookup(cell.key) { continue }
            keys.append(cell.key)
        }
        return keys.sorted()
    }

    /// What one side has at a key: its cell, or the value that its fills give; nil where cells overlap otherwise.
    private func cell(
        _ key: CellKey, _ found: ObjectContents.Lookup, like other: ObjectContents.Lookup
    ) -> Cell? {
        switch found {
        case .exact(let cell): return cell
        case .fill(let kind):
            guard case .exact(let twin) = other else { return nil }
            let format = twin.value.range.format
            var value = Value(kind == .zero ? .constant(0, format) : .top(format))
            if kind != .zero { value.pointees = .unknown }
            if kind == .guest { value.sources.insert(.guest) }
            return Cell(key: key, tag: nil, value: value)
        case .part, .mixed: return nil
        }
    }

    private func joinedValue(
        _ first: Value, _ a: State, _ second: Value, _ b: State, _ phi: SymbolID?, _ result: inout State,
        _ thresholds: [Int128]?
    ) -> Value {
        let (x, y) = (currentRange(of: first, in: a), currentRange(of: second, in: b))
        var value = joined(first, x, second, y)
        if let thresholds {
            let range = value.range
            if range != x { value.range = x.widen(range, thresholds: thresholds) }
            value.drifts = value.drifts.filter { first.drifts.contains($0) }
            value.narrowings = Value.mergedNarrowings(first.narrowings, second.narrowings, widening: true)
            if let old = first.shown(x) { value.uncut = value.uncut?.widened(from: old) }
        }
        guard let phi else { return value }
        value.term = terms.symbol(phi, value.range.format)
        noteContinuation(value)
        result.ranges[phi] = value.range.isTop ? nil : value.range
        return value
    }

    private func commonFills(_ x: [Fill], _ y: [Fill]) -> [Fill] {
        // A guest's copy on one side only still may be the guest's; zeros on one side only are not zeros.
        let isGuest = (x + y).contains { $0.kind == .guest }
        return isGuest ? [Fill(low: 0, high: Fill.end, kind: .guest)] : []
    }

    // MARK: Relations of new names

    /// What both sides know of the values that meet: `φ <= t` (what a loop counter keeps towards its bound), and relations
    /// of one side in whose terms the value that meets is replaced by `φ`.
    private func addRelations(
        of phis: [CellPlace], _ symbols: [SymbolID], _ a: State, _ b: State, mayGrow: Bool, _ goals: [TermID],
        to result: inout State
    ) {
        let known = Array(Set(a.relations + b.relations)).sorted().filter { $0.op == .lt || $0.op == .le }
        guard !known.isEmpty || !goals.isEmpty else { return }
        // What a continuation returned compares in any way with anything.
        let candidates = Set(known.map(\.right) + goals).filter { !mentionsAny($0, symbols) && !mayBeContinuation($0) }.sorted()
        for (place, symbol) in zip(phis, symbols) where !continuations.contains(symbol) {
            guard case .exact(let first)? = a.objects[place.object]?.lookup(place.key),
                case .exact(let second)? = b.objects[place.object]?.lookup(place.key),
                let s = first.value.term, let t = second.value.term, terms[s].format == terms[t].format
            else { continue }
            let phi = terms.symbol(symbol, terms[s].format)
            for candidate in candidates where terms[candidate].format == terms[s].format {
                let relation = Relation(.le, phi, candidate)
                guard mayGrow || a.relations.contains(relation) else { continue }
                if terms.provesAtMost(s, candidate, in: a), terms.provesAtMost(t, candidate, in: b) {
                    terms.add(relation, to: &result)
                }
            }
            addParameterBounds(phi, s, t, a, b, known, mayGrow: mayGrow, to: &result)
            for (own, other, state) in [(s, t, b), (t, s, a)] where terms[own].symbols.isEmpty == false {
                let side = own == s ? a : b
                for relation in side.relations
                where (relation.op == .lt || relation.op == .le) && !mayBeContinuation(relation.right) {
                    guard let left = terms.replacing(own, by: phi, in: relation.left, state: result), left != relation.left,
                        !mentionsAny(relation.right, symbols), isApart(own, from: symbols, in: relation.left, result),
                        let proof = terms.replacing(own, by: other, in: relation.left, state: state)
                    else { continue }
                    let kept = Relation(.le, left, relation.right)
                    guard mayGrow || a.relations.contains(kept) else { continue }
                    if terms.provesAtMost(proof, relation.right, in: state) { terms.add(kept, to: &result) }
                }
            }
        }
    }

    /// Whether the rest of a term, around one of its parts, says nothing of names that are about to stand for new values: the
    /// part would get the new name, and the rest would mean the old one.
    private func isApart(_ part: TermID, from symbols: [SymbolID], in term: TermID, _ state: State) -> Bool {
        let nothing = terms.constant(0, terms[part].format)
        guard let rest = terms.replacing(part, by: nothing, in: term, state: state) else { return false }
        return !mentionsAny(rest, symbols)
    }
}
