import IntegerDomain
import ProgramModel

/// Reading of places.
extension Engine {
    func load(_ place: Place, in state: inout State) throws -> Value {
        let resolved = try resolve(place, in: &state)
        guard let format = place.type.format else { return Value(.top(.u8)) }
        if let root = rootRead(resolved) { return pointer(toRoot: [root], format) }
        let isUnfollowed = mayBeUnfollowed(resolved, place.type, in: state)
        var value = try load(resolved, place.type, format, in: &state)
        value.sources.formUnion(resolved.origins)
        if isUnfollowed { value.sources.insert(.passedOver) }
        if case .field(_, _, _, .some(let bits)) = place.path.last, bits < format.width {
            let field = IntFormat(width: bits, isSigned: format.isSigned)
            value.range = value.range.meet(IntValue.top(field).converted(to: format))
            if let term = value.term { _ = terms.refine(term, to: value.range, in: &state) }
        }
        let known = bounded(value, resolved, place)
        guard known.range.isBottom, !value.range.isBottom else { return known }
        // A bound that leaves no value would make all that follows unreachable, and so safe.
        if state.taint == nil {
            state.taint = "what is vouched for leaves no value that could be read at \(location.file):\(location.line)"
        }
        return value
    }

    /// A volatile object may hold anything its type can at every read; where a pointer leads is taken to stay the same.
    func loadVolatile(_ place: Place, in state: inout State) throws -> Value {
        var value = try load(place, in: &state)
        if case .targets = value.pointees { return value }
        value.range = .top(value.range.format)
        value.term = nil
        value.drifts = []
        value.narrowings = value.narrowings.map(\.spread)
        return value
    }

    private func rootRead(_ resolved: ResolvedPlace) -> String? {
        if let field = resolved.field, let root = facts.root(ofField: field.record, field.name) { return root }
        guard case .targets(let targets) = resolved.location, targets.count == 1,
            case .global(let reference) = names[targets[0].object]
        else { return nil }
        return facts.root(ofGlobal: reference.name)
    }

    func pointer(toRoot path: [String], _ format: IntFormat) -> Value {
        let target = Pointees.Target(object: names.object(.root(path)), offset: 0)
        return Value(addressRange(format), pointees: .targets([target]))
    }

    /// Objects are not at address 0, nor in the last page, where error pointers are.
    func addressRange(_ format: IntFormat) -> IntValue {
        let unsigned = IntFormat(width: format.width, isSigned: false)
        return IntValue.range(1, unsigned.max - 4095, unsigned).converted(to: format)
    }

    private func bounded(_ value: Value, _ resolved: ResolvedPlace, _ place: Place) -> Value {
        guard !models.bounds.isEmpty else { return value }
        var value = value
        for bound in models.bounds {
            switch bound.subject {
            case .field(let record, let name):
                guard let field = resolved.field, field.record == record, field.name == name else { continue }
            case .global(let name):
                guard case .global(let reference) = place.base, reference.name == name, place.path.isEmpty else { continue }
            case .result: continue
            }
            value.range = value.range.clamped(low: bound.minimum.map { Int128($0) }, high: bound.maximum.map { Int128($0) })
            value.term = nil
            value.origin = Origin.extend(
                value.origin, .note("vouched for: \(bound.reason)"), at: location, range: value.range)
        }
        return value
    }

    private func load(
        _ resolved: ResolvedPlace, _ type: CType, _ format: IntFormat, in state: inout State
    ) throws -> Value {
        switch resolved.location {
        case .unknown: return unknownMemory(type, format, resolved, in: &state)
        case .targets(let targets):
            var result: Value?
            for target in targets {
                let value = load(target, resolved, type, format, in: &state)
                result = result.map { joinKeepingTargets($0, value, in: &state) } ?? value
            }
            return result ?? unknownMemory(type, format, resolved, in: &state)
        case .elements(let targets, let stride, let first, let count):
            var result: Value?
            for target in targets {
                let value = loadElement(target, stride, first, count, resolved, type, format, in: &state)
                result = result.map { joinKeepingTargets($0, value, in: &state) } ?? value
            }
            return result ?? unknownMemory(type, format, resolved, in: &state)
        }
    }

    private func load(
        _ target: Pointees.Target, _ resolved: ResolvedPlace, _ type: CType, _ format: IntFormat, in state: inout State
    ) -> Value {
        guard let offset = target.offset else {
            return loadAnywhere(target.object, resolved, type, format, in: &state)
        }
        let key = CellKey(offset: offset, width: resolved.width)
        let contents = state.objects[target.object] ?? .empty
        switch contents.lookup(key) {
        case .exact(let cell):
            var value = cell.value
            if value.term == nil {
                // A name, so that a condition on what is read now says something of the next read.
                value.term = freshTerm(.loaded(point, target.object, key), value.range, in: &state)
                set(Cell(key: key, tag: cell.tag, value: value), in: target.object, &state)
            }
            value.range = currentRange(of: value, in: state)
            return reformatted(settled(value, in: state), to: format)
        case .part(let cell):
            escapeParts(of: target.object, key, in: &state)
            var value = extracted(key, from: cell, format, in: state)
            if type.isPointer { value.pointees = .unknown }
            return value
        case .fill(.zero): return Value(.constant(0, format), term: terms.constant(0, format))
        case .fill(let kind):
            return firstRead(target.object, key, kind, resolved, type, format, in: &state)
        case .mixed(let cells):
            var value = Value(.top(format))
            if type.isPointer { value.pointees = .unknown }
            escapeParts(of: target.object, key, in: &state)
            for cell in cells { value.sources.formUnion(cell.value.sources) }
            value.sources.remove(.continuation)
            if hidesCuts(type), cells.contains(where: \.value.mayHideCuts) { value.sources.insert(.passedOver) }
            value.origin = Origin(.unknownMemory(type: spelling(type)), at: location, range: value.range, parent: nil)
            return value
        }
    }

    /// The first read of a cell of which nothing is known: it gets a name and is kept.
    private func firstRead(
        _ object: ObjectID, _ key: CellKey, _ kind: Fill.Kind, _ resolved: ResolvedPlace, _ type: CType,
        _ format: IntFormat, in state: inout State
    ) -> Value {
        var value = Value(.top(format))
        if kind == .guest { value.sources.insert(.guest) }
        switch names[object] {
        case .global(let reference):
            if let constant = constant(reference, key, type, format) { return constant }
            value.origin = Origin(
                .global(name: reference.name, type: spelling(type)), at: location, range: value.range, parent: nil)
        case .root(let path):
            let place = FactPlace(object: path, key: key)
            let known = facts.lookup(place)
            answers[place] = .some(known)
            switch known {
            case .pointer(let to): return pointer(toRoot: to, format)
            case .bounds(let low, let high): value.range = .range(Int128(low), Int128(high), format)
            case nil: break
            }
        case .function: return value
        case .local: if hidesCuts(type), state.unfollowed.contains(object) { value.sources.insert(.passedOver) }
        default: break
        }
        if value.origin == nil {
            value.origin = origin(ofField: resolved, type, range: value.range, kind)
        }
        if type.isPointer { value.pointees = .unknown }
        value.term = freshTerm(.loaded(point, object, key), value.range, in: &state)
        set(Cell(key: key, tag: resolved.tag, value: value), in: object, &state)
        return value
    }

    private func origin(ofField resolved: ResolvedPlace, _ type: CType, range: IntValue, _ kind: Fill.Kind) -> Origin {
        let step: Origin.Step
        if let name = resolved.fieldName {
            step = .field(name: name, type: spelling(type))
        } else {
            step = .unknownMemory(type: spelling(type))
        }
        let read = Origin(step, at: location, range: range, parent: nil)
        return kind == .guest ? Origin(.note("copied from the guest"), at: location, range: range, parent: read) : read
    }

    func spelling(_ type: CType) -> String { type.spelling(longWidth: longWidth) }

    private func unknownMemory(
        _ type: CType, _ format: IntFormat, _ resolved: ResolvedPlace, in state: inout State
    ) -> Value {
        var value = Value(.top(format))
        if type.isPointer { value.pointees = .unknown }
        value.origin = origin(ofField: resolved, type, range: value.range, .unknown)
        return value
    }

    /// A scalar inside a wider one (a union's member, a byte of a word). Xen's architectures are little-endian.
    private func extracted(_ key: CellKey, from cell: Cell, _ format: IntFormat, in state: State) -> Value {
        let shift = key.offset - cell.key.offset
        var value = cell.value
        let wide = currentRange(of: value, in: state)
        guard wide.format.width >= shift + key.width, key.width >= 1 else { return Value(.top(format)) }
        let unsigned = wide.converted(to: IntFormat(width: wide.format.width, isSigned: false))
        let shifted = IntValue.apply(.shr, unsigned, .constant(Int128(shift), unsigned.format))
        let part = shifted.converted(to: IntFormat(width: key.width, isSigned: format.isSigned))
        value.range = part.format.width <= format.width ? part.converted(to: format) : .top(format)
        value.term = nil
        value.pointees = .none
        value.narrowings = []
        value.uncut = nil
        return value
    }

    private func loadElement(
        _ target: Pointees.Target, _ stride: Int, _ first: Int, _ count: Int?, _ resolved: ResolvedPlace,
        _ type: CType, _ format: IntFormat, in state: inout State
    ) -> Value {
        guard let base = target.offset, let count, count > 0, count <= 1024 else {
            return loadAnywhere(target.object, resolved, type, format, in: &state)
        }
        var result: Value?
        for index in first..<(first + count) {
            let key = CellKey(offset: base + index * stride, width: resolved.width)
            escapeParts(of: target.object, key, in: &state)
            var value = peek(target.object, key, type, format, in: state)
            if value.term != nil, count > 1 { value.term = nil }
            result = result.map { joinKeepingTargets($0, value, in: &state) } ?? value
            if result?.range.isTop == true, result?.pointees == .unknown || !type.isPointer { break }
        }
        return result ?? Value(.top(format))
    }

    /// Addresses of which only parts are read may be put together again where nobody follows them.
    private func escapeParts(of object: ObjectID, _ key: CellKey, in state: inout State) {
        switch (state.objects[object] ?? .empty).lookup(key) {
        case .part(let cell): escape(cell.value, in: &state)
        case .mixed(let cells): for cell in cells { escape(cell.value, in: &state) }
        case .exact, .fill: break
        }
    }

    /// A read that leaves no trace.
    private func peek(_ object: ObjectID, _ key: CellKey, _ type: CType, _ format: IntFormat, in state: State) -> Value {
        var value = Value(.top(format))
        if type.isPointer { value.pointees = .unknown }
        value.origin = Origin(.unknownMemory(type: spelling(type)), at: location, range: value.range, parent: nil)
        switch (state.objects[object] ?? .empty).lookup(key) {
        case .exact(let cell):
            value = cell.value
            value.range = currentRange(of: value, in: state)
            return reformatted(settled(value, in: state), to: format)
        case .part(let cell):
            var part = extracted(key, from: cell, format, in: state)
            part.pointees = value.pointees
            return part
        case .fill(.zero): return Value(.constant(0, format))
        case .fill(let kind):
            if case .global(let reference) = names[object],
                let constant = constant(reference, key, type, format) { return constant }
            if kind == .guest { value.sources.insert(.guest) }
            return value
        case .mixed: return value
        }
    }

    /// A read at an unknown offset.
    private func loadAnywhere(
        _ object: ObjectID, _ resolved: ResolvedPlace, _ type: CType, _ format: IntFormat, in state: inout State
    ) -> Value {
        var value = Value(.top(format))
        if type.isPointer { value.pointees = .unknown }
        if case .global(let reference) = names[object], let known = anyElement(reference, resolved.width, type, format) {
            return known
        }
        value.origin = origin(ofField: resolved, type, range: value.range, .unknown)
        for cell in (state.objects[object] ?? .empty).cells {
            value.sources.formUnion(cell.value.sources)
            escape(cell.value, in: &state)
            value.narrowings = Value.mergedNarrowings(value.narrowings, cell.value.narrowings.map(\.spread))
        }
        value.sources.remove(.continuation)
        for fill in (state.objects[object] ?? .empty).fills where fill.kind == .guest { value.sources.insert(.guest) }
        return value
    }

    func reformatted(_ value: Value, to format: IntFormat) -> Value {
        guard value.range.format != format else { return value }
        var value = value
        let old = value.range.format
        value.range = value.range.converted(to: format)
        value.term = value.term.flatMap { terms.make(.convert($0), format) }
        value.narrowings = value.narrowings.map { $0.mapped { $0.format == old ? $0.converted(to: format) : .top(format) } }
        return value
    }
}
