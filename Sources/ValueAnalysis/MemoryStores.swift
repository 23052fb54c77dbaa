import IntegerDomain
import ProgramModel

/// Writing of scalars to places.
extension Engine {
    func set(_ cell: Cell, in object: ObjectID, _ state: inout State) {
        noteContinuation(cell.value)
        let contents = state.objects[object] ?? .empty
        let overlapped = contents.cells[contents.overlapping(cell.key)]
        noteLostCuts(overlapped.lazy.filter { !cell.key.contains($0.key) }, of: object, in: &state)
        state.objects[object] = contents.storing(cell, mask: valueMask(cell.value))
    }

    func store(_ value: Value, to place: Place, in state: inout State) throws {
        let resolved = try resolve(place, in: &state)
        store(value, resolved, in: &state)
    }

    func store(_ value: Value, _ resolved: ResolvedPlace, in state: inout State) {
        var value = value
        let width = resolved.width
        // A bit-field keeps only its bits (C11 6.7.2.1).
        if width < value.range.format.width, width >= 1 {
            let field = IntFormat(width: width, isSigned: value.range.format.isSigned)
            if Self.loses(value.range, field) { note(cut: &value, to: field) }
            let format = value.range.format
            value.range = value.range.converted(to: field).converted(to: format)
            value.narrowings = value.narrowings.map { entry in
                entry.mapped { $0.format == format ? $0.converted(to: field).converted(to: format) : .top(format) }
            }
            if !value.range.fits(field) || value.term != nil { value.term = nil }
        }
        name(&value, in: &state)
        switch resolved.location {
        case .targets(let targets) where targets.count == 1 && targets[0].offset != nil:
            let target = targets[0]
            let key = CellKey(offset: target.offset ?? 0, width: width)
            if isShared(target.object, in: state) {
                forgetAliases(of: resolved, except: target.object, in: &state)
                escape(value, in: &state)
            }
            set(Cell(key: key, tag: resolved.tag, value: value), in: target.object, &state)
        case .targets(let targets), .elements(let targets, _, _, _):
            storeWeakly(value, resolved, targets, in: &state)
        case .unknown:
            forgetAliases(of: resolved, except: nil, in: &state)
            escape(value, in: &state)
        }
    }

    /// A stored value has a name. One of which a condition says more than can be said of its operands (`n = x & 63;
    /// if ( n > 30 )`) gets one of its own, equal to its term.
    private func name(_ value: inout Value, in state: inout State) {
        guard let term = value.term else { return rename(&value, .made(point, part: 0), in: &state) }
        guard case .binary(let op, _, _) = terms[term].node, op == .and || op == .shr || op == .rem,
            !value.sources.contains(.continuation)
        else { return }
        let key = SymbolKey.made(point, part: 0)
        if mentionsAny(term, [names.symbol(key).id]) { return }
        value.range = currentRange(of: value, in: state)
        rename(&value, key, in: &state)
        if let named = value.term { terms.add(Relation(.eq, named, term), to: &state) }
    }

    /// What a bit-field cannot keep is lost as in a conversion.
    private func note(cut value: inout Value, to field: IntFormat) {
        let type = spelling(.integer(IntType(width: value.range.format.width, isSigned: field.isSigned)))
        value.uncut = value.shown(value.range)
        let site = NarrowingEntry.Site(
            location: location, from: type, to: "\(type):\(field.width)", function: function.reference.name, target: field)
        value.narrowings = Value.mergedNarrowings(
            value.narrowings,
            [NarrowingEntry(site: site, range: value.range, term: value.term, kept: Self.lost(value.range, field))])
    }

    /// One of several cells gets the value, or none.
    private func storeWeakly(
        _ value: Value, _ resolved: ResolvedPlace, _ targets: [Pointees.Target], in state: inout State
    ) {
        if targets.contains(where: { isShared($0.object, in: state) }) {
            forgetAliases(of: resolved, except: nil, in: &state)
            escape(value, in: &state)
        }
        scatter(value, over: targets.map(\.object), in: &state)
        for target in targets {
            guard let contents = state.objects[target.object] else {
                escape(value, in: &state)
                continue
            }
            if case .elements(_, let stride, let first, let count) = resolved.location, let base = target.offset, let count,
                count <= 256 {
                var next = contents
                for index in first..<(first + count) {
                    let key = CellKey(offset: base + index * stride, width: resolved.width)
                    next = weakly(value, at: key, resolved.tag, next, &state)
                }
                state.objects[target.object] = next
            } else if let offset = target.offset, case .targets = resolved.location {
                state.objects[target.object] = weakly(
                    value, at: CellKey(offset: offset, width: resolved.width), resolved.tag, contents, &state)
            } else {
                for cell in contents.cells { escape(cell.value, in: &state) }
                escape(value, in: &state)
                state.objects[target.object] = contents.filling(0, Fill.end, weakFill(contents), keepsCuts: isLocal(target.object))
            }
        }
    }

    func weakFill(_ contents: ObjectContents) -> Fill.Kind {
        contents.fills.contains { $0.kind == .guest } ? .guest : .unknown
    }

    private func weakly(
        _ value: Value, at key: CellKey, _ tag: FieldTag?, _ contents: ObjectContents, _ state: inout State
    ) -> ObjectContents {
        switch contents.lookup(key) {
        case .exact(let cell) where cell.value.range.format == value.range.format:
            var joined = joinKeepingTargets(cell.value, value, in: &state)
            joined.term = nil
            return contents.storing(Cell(key: key, tag: tag, value: joined), mask: valueMask(joined))
        case .fill(.zero):
            var joined = join(Value(.constant(0, value.range.format)), value, in: state)
            joined.term = nil
            return contents.storing(Cell(key: key, tag: tag, value: joined), mask: valueMask(joined))
        default:
            escape(value, in: &state)
            for index in contents.overlapping(key) { escape(contents.cells[index].value, in: &state) }
            return contents.filling(key.offset, key.end, weakFill(contents), keepsCuts: true)
        }
    }
}
