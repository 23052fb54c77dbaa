import HashTreeCollections
import IntegerDomain
import ProgramModel

// Reading and writing of places.

extension Engine {
    // MARK: Loads

    func load(_ place: Place, in state: inout State) throws -> Value {
        let resolved = try resolve(place, in: &state)
        guard let format = place.type.format else { return Value(.top(.u8)) }
        if let root = rootRead(resolved) { return pointer(toRoot: [root], format) }
        var value = try load(resolved, place.type, format, in: &state)
        if case .field(_, _, _, .some(let bits)) = place.path.last, bits < format.width {
            let field = IntFormat(width: bits, isSigned: format.isSigned)
            value.range = value.range.meet(IntValue.top(field).converted(to: format))
            if let term = value.term { _ = terms.refine(term, to: value.range, in: &state) }
        }
        return bounded(value, resolved, place)
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
            usesFacts = true
            switch facts.lookup(path, key) {
            case .pointer(let to): return pointer(toRoot: to, format)
            case .bounds(let low, let high): value.range = .range(Int128(low), Int128(high), format)
            case nil: break
            }
        case .function: return value
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

    // MARK: Constant globals

    private func definition(_ reference: GlobalReference) -> GlobalDefinition? {
        shared.global(reference, unit: function.unit, program)
    }

    private func constant(_ reference: GlobalReference, _ key: CellKey, _ type: CType, _ format: IntFormat) -> Value? {
        guard let definition = definition(reference), definition.isConstant, let elements = definition.elements,
            key.offset % 8 == 0
        else { return nil }
        guard let element = elements.first(where: { $0.byteOffset == key.offset / 8 }) else {
            // What an initialiser does not mention is zero (C11 6.7.9p21); the inside of an element is not that.
            let end = (key.end + 7) / 8
            let isCovered = elements.contains { element in
                let size = (bitWidth(of: element.type) + 7) / 8
                return element.byteOffset < end && key.offset / 8 < element.byteOffset + Swift.max(size, 1)
            }
            return isCovered || end > definition.byteSize ? nil : Value(.constant(0, format), term: terms.constant(0, format))
        }
        guard bitWidth(of: element.type) == key.width else { return nil }
        return value(of: element.value, format)
    }

    private func value(of element: GlobalDefinition.Value, _ format: IntFormat) -> Value? {
        switch element {
        case .integer(let bits):
            let value = IntValue.constant(Int128(bits), format)
            return Value(value, term: value.constantValue.map { terms.constant($0, format) })
        case .function(let reference): return address(of: .function(reference), format)
        case .address(let reference): return address(of: .global(reference), format)
        case .unknown: return nil
        }
    }

    private func address(of key: ObjectKey, _ format: IntFormat) -> Value {
        let target = Pointees.Target(object: names.object(key), offset: 0)
        return Value(addressRange(format), pointees: .targets([target]))
    }

    /// The join of all elements of one width in a constant table.
    private func anyElement(_ reference: GlobalReference, _ width: Int, _ type: CType, _ format: IntFormat) -> Value? {
        guard let definition = definition(reference), definition.isConstant, let elements = definition.elements,
            elements.count <= 4096
        else { return nil }
        var result = Value(.constant(0, format))
        for element in elements {
            // A part of an element, or several at once, is none of the numbers in the list.
            guard bitWidth(of: element.type) == width, let value = value(of: element.value, format) else { return nil }
            result = Value(
                result.range.join(value.range), pointees: result.pointees.join(value.pointees), origin: result.origin)
        }
        return result
    }

    // MARK: Stores

    func set(_ cell: Cell, in object: ObjectID, _ state: inout State) {
        noteContinuation(cell.value)
        let contents = state.objects[object] ?? .empty
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
                state.objects[target.object] = contents.filling(0, Fill.end, weakFill(contents))
            }
        }
    }

    private func weakFill(_ contents: ObjectContents) -> Fill.Kind {
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
            return contents.filling(key.offset, key.end, weakFill(contents))
        }
    }

    // MARK: Aliases

    /// Drops what a store may have changed in other objects. Stores to a member change that member of other objects of the
    /// type, and scalars accessed without a member's name (docs/soundness.md: aliasing by field).
    private func forgetAliases(of resolved: ResolvedPlace, except object: ObjectID?, in state: inout State) {
        let isAnything = resolved.tag == nil && resolved.width <= 8
        for (id, contents) in state.objects where id != object && isShared(id, in: state) {
            // Bytes that were set to zero may be that member, or that scalar, whether or not they were ever read as such;
            // but two variables are never the same.
            let areVariables = object.map(isVariable) == true && isVariable(id)
            let next = contents.dropping(forgetsZeros: !areVariables) { cell in
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

    // MARK: Aggregates

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

    func forgetAllAliases(except object: ObjectID?, in state: inout State) {
        for (id, contents) in state.objects where id != object && isShared(id, in: state) {
            // That the guest had its hand in it is not forgotten: it tells sub-operations from other switches.
            let isGuest = weakFill(contents) == .guest || contents.cells.contains { $0.value.sources.contains(.guest) }
            if isGuest, case .local = names[id] {
                var next = ObjectContents.empty.filling(0, Fill.end, .guest)
                for key in (commandCells[id] ?? []).sorted() {
                    if case .exact(let cell) = contents.lookup(key) { next = next.storing(cell, mask: valueMask(cell.value)) }
                }
                state.objects[id] = next
            } else {
                state.objects[id] = nil
            }
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
        else { return fill(target, guestKind(of: source, in: state), in: &state) }
        let contents = state.objects[sources[0].object] ?? .empty
        fill(target, .unknown, in: &state)
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
