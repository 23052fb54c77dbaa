import IntegerDomain
import ProgramModel

extension Engine {
    func evaluate(_ id: ExpressionID, in state: inout State) throws -> Value {
        let expression = function[id]
        switch expression.kind {
        case .load(let place): return try load(place, in: &state)
        case .volatileLoad(let place): return try loadVolatile(place, in: &state)
        case .addressOf(let place): return try address(of: place, expression.type, in: &state)
        default: break
        }
        guard let format = expression.type.format else { return Value(.top(.u8)) }
        switch expression.kind {
        case .constant(let bits):
            let value = constantValue(bits: bits, format: format)
            return Value(.constant(value, format), term: terms.constant(value, format))
        case .functionAddress(let reference):
            let target = Pointees.Target(object: names.object(.function(reference)), offset: 0)
            return Value(addressRange(format), pointees: .targets([target]))
        case .unary(let op, let a):
            let operand = try evaluate(a, in: &state)
            let value = unary(op, operand, format, in: state)
            escapeLost([operand], value.pointees, in: &state)
            return value
        case .binary(let op, let a, let b):
            let (x, y) = (try evaluate(a, in: &state), try evaluate(b, in: &state))
            let value = binary(op, x, y, format, in: state)
            escapeLost([x, y], value.pointees, in: &state)
            return value
        case .compare(let op, let a, let b):
            var (x, y) = (try evaluate(a, in: &state), try evaluate(b, in: &state))
            name(&x, of: a, beside: &y, in: &state)
            name(&y, of: b, beside: &x, in: &state)
            return compare(op, x, y, format, in: state)
        case .pointerAdd(let pointer, let index, let size, let isSubtraction):
            return advance(
                try evaluate(pointer, in: &state), by: try evaluate(index, in: &state), size, isSubtraction, in: state)
        case .pointerDifference(let a, let b, let size):
            return difference(try evaluate(a, in: &state), try evaluate(b, in: &state), size, format, in: state)
        case .logicalNot(let a):
            let operand = try evaluate(a, in: &state)
            return truth(.eq, operand, format, term: operand.term.flatMap { terms.make(.not($0), format) }, in: state)
        case .logicalAnd(let a, let b):
            return logical(.and, try evaluate(a, in: &state), try evaluate(b, in: &state), format, in: state)
        case .logicalOr(let a, let b):
            return logical(.or, try evaluate(a, in: &state), try evaluate(b, in: &state), format, in: state)
        case .convert(let a, let isExplicit):
            return convert(try evaluate(a, in: &state), from: function[a].type, to: expression, isExplicit, in: state)
        case .anyValue(let reason):
            var value = Value(.top(format))
            if expression.type.isPointer { value.pointees = .unknown }
            value.origin = Origin(.note(reason), at: expression.location, range: value.range, parent: nil)
            return value
        case .unsupported(let kind):
            noteUnsupported(kind, at: expression.location, in: &state)
            return Value(.top(format))
        case .load, .volatileLoad, .addressOf: return Value(.top(format))
        }
    }

    func noteUnsupported(_ kind: String, at location: SourceLocation, in state: inout State) {
        if state.taint == nil {
            state.taint = "not understood: \(kind) at \(location.file):\(location.line):\(location.column)"
        }
    }

    private func address(of place: Place, _ type: CType, in state: inout State) throws -> Value {
        let format = type.format ?? .u64
        // `&p->member` of an unknown `p` is a number that is computed from `p`.
        if case .dereference(let pointer) = place.base {
            let base = try evaluate(pointer, in: &state)
            var bits = 0
            var isConstant = true
            for projection in place.path {
                switch projection {
                case .field(_, _, let offset, _): bits += offset
                case .element(let index, let size, _):
                    if let exact = try evaluate(index, in: &state).range.constantValue, let index = Int(exactly: exact),
                        index.magnitude < 1 << 40 {
                        bits += index * size * 8
                    } else {
                        isConstant = false
                    }
                }
            }
            if isConstant { return advance(reformatted(base, to: format), byBytes: bits / 8, in: state) }
            var value = Value(.top(format), pointees: base.pointees.offset(byBits: nil))
            if case .none = value.pointees { value.pointees = .unknown }
            return value
        }
        let resolved = try resolve(place, in: &state)
        switch resolved.location {
        case .targets(let targets): return Value(addressRange(format), pointees: .targets(targets.sorted()))
        case .elements(let targets, _, _, _):
            return Value(addressRange(format), pointees: .targets(targets.map { .init(object: $0.object, offset: nil) }.sorted()))
        case .unknown: return Value(.top(format), pointees: .unknown)
        }
    }

    private func advance(_ pointer: Value, byBytes bytes: Int, in state: State) -> Value {
        if bytes == 0 { return pointer }
        var value = pointer
        let format = pointer.range.format
        let range = currentRange(of: pointer, in: state)
        value.narrowings = pointer.narrowings.map(\.spread)
        value.pointees = pointer.pointees.offset(byBits: bytes * 8)
        value.range = IntValue.apply(.add, range, .constant(Int128(bytes), format))
        // Members of an object are inside it: no wrap to the null pointer or into the error pointers.
        if case .targets = value.pointees { value.range = value.range.meet(addressRange(format)) }
        if value.range.isBottom { value.range = addressRange(format) }
        value.term = pointer.term.flatMap { term in
            if case .binary(.add, let base, let step) = terms[term].node, case .constant(let old) = terms[step].node {
                let sum = IntValue.constant(old + Int128(bytes), format).constantValue ?? 0
                return sum == 0 ? base : terms.make(.binary(.add, base, terms.constant(sum, format)), format)
            }
            let sum = IntValue.constant(Int128(bytes), format).constantValue ?? 0
            return terms.make(.binary(.add, term, terms.constant(sum, format)), format)
        }
        return value
    }

    private func advance(
        _ pointer: Value, by index: Value, _ size: Int, _ isSubtraction: Bool, in state: State
    ) -> Value {
        if let exact = currentRange(of: index, in: state).constantValue, let count = Int(exactly: exact), count.magnitude < 1 << 40 {
            return advance(pointer, byBytes: (isSubtraction ? -count : count) * size, in: state)
        }
        let format = pointer.range.format
        var value = Value(.top(format), pointees: pointer.pointees.offset(byBits: nil))
        value.sources = pointer.sources.union(index.sources)
        if case .targets = value.pointees { value.range = addressRange(format) }
        value.origin = pointer.origin
        return value
    }

    private func difference(_ a: Value, _ b: Value, _ size: Int, _ format: IntFormat, in state: State) -> Value {
        if case .targets(let x) = a.pointees, case .targets(let y) = b.pointees, x.count == 1, y.count == 1,
            x[0].object == y[0].object, let from = y[0].offset, let to = x[0].offset, size > 0 {
            let value = Int128((to - from) / 8 / size)
            return Value(.constant(value, format), term: terms.constant(value, format))
        }
        return Value(.top(format), origin: a.origin ?? b.origin)
    }

    // MARK: Integers

    private func unary(_ op: ProgramModel.UnaryOperator, _ a: Value, _ format: IntFormat, in state: State) -> Value {
        let a = reformatted(a, to: format)
        var value = Value(.apply(op.domainOperator, currentRange(of: a, in: state)), origin: a.origin)
        value.term = a.term.flatMap { terms.make(.unary(op.domainOperator, $0), format) }
        value.sources = a.sources
        value.narrowings = a.narrowings.map { $0.mapped { .apply(op.domainOperator, $0) } }
        // The complement of an address is a number that becomes an address again when it is complemented.
        if a.pointees != .none { value.pointees = .unknown }
        return value
    }

    private func binary(
        _ op: ProgramModel.BinaryOperator, _ a: Value, _ b: Value, _ format: IntFormat, in state: State
    ) -> Value {
        let operation = op.domainOperator
        let isShift = operation == .shl || operation == .shr
        let a = reformatted(a, to: format)
        let b = isShift ? b : reformatted(b, to: format)
        let (x, y) = (currentRange(of: a, in: state), currentRange(of: b, in: state))
        var value = Value(IntValue.apply(operation, x, y), origin: origin(of: a, x, b, y))
        if value.range.isBottom, !x.isBottom, !y.isBottom { value.range = .top(format) }
        if let s = a.term, let t = b.term {
            value.term = terms.binary(operation, s, t, format)
            if let term = value.term {
                let known = terms.range(term, in: state)
                if known.format == format, !known.isBottom { value.range = value.range.meet(known) }
            }
        }
        value.drifts = drifts(operation, a, x, b, y)
        value.sources = a.sources.union(b.sources)
        value.narrowings = Value.mergedNarrowings(
            lasting(a.narrowings, operation, partner: y).map { entry in
                entry.mapped { $0.format == x.format ? .apply(operation, $0, y) : .top(format) }
            },
            lasting(b.narrowings, operation, partner: x).map { entry in
                entry.mapped { $0.format == y.format ? .apply(operation, x, $0) : .top(format) }
            })
        value.pointees = pointees(operation, a, b, format)
        return value
    }

    /// A pointer that is computed with as a number (`RELOC_HIDE`) still points into its object.
    private func pointees(_ op: BinaryOp, _ a: Value, _ b: Value, _ format: IntFormat) -> Pointees {
        switch (a.pointees, b.pointees) {
        case (.none, .none): return .none
        case (let some, .none) where op == .add || op == .sub:
            if op == .add, let exact = b.range.constantValue, let bytes = Int(exactly: exact), bytes.magnitude < 1 << 40 {
                return some.offset(byBits: bytes * 8)
            }
            return some.offset(byBits: nil)
        case (.none, let some) where op == .add: return some.offset(byBits: nil)
        case (let some, .none) where op == .and || op == .or: return some.offset(byBits: nil)
        default: return .unknown
        }
    }

    /// Masking makes a narrowing harmless if only bits below the upper half of those that were kept are left: that is a field of the
    /// value. To clear the lower ones is to align it.
    private func lasting(_ entries: [NarrowingEntry], _ op: BinaryOp, partner: IntValue) -> [NarrowingEntry] {
        guard !entries.isEmpty else { return [] }
        switch op {
        case .add, .sub, .mul, .or, .xor, .shl, .div, .rem, .shr: return entries
        case .and:
            guard let mask = partner.max, let low = partner.min, low >= 0 else { return entries }
            return entries.filter { entry in
                let width = Int128(entry.site.target.width)
                return mask >= (Int128(1) << width) - (Int128(1) << (width / 2))
            }
        }
    }

    private func origin(of a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> Origin? {
        guard x.constantValue == nil || y.constantValue == nil else { return a.origin ?? b.origin }
        if x.constantValue != nil { return b.origin ?? a.origin }
        if y.constantValue != nil { return a.origin ?? b.origin }
        return Origin.moreTelling(a, x, b, y)
    }

    private func compare(
        _ op: ProgramModel.ComparisonOperator, _ a: Value, _ b: Value, _ format: IntFormat, in state: State
    ) -> Value {
        let b = reformatted(b, to: a.range.format)
        let operation = op.domainOperator
        var value = Value(
            IntValue.compare(operation, currentRange(of: a, in: state), currentRange(of: b, in: state)).converted(to: format))
        value.sources = a.sources.union(b.sources).subtracting(.passedOver)
        // A pointer that may be null or an error besides is not surely what it points to.
        let areAddresses = [a, b].allSatisfy { currentRange(of: $0, in: state).isSubset(of: addressRange($0.range.format)) }
        if let decided = comparePointees(operation, a.pointees, b.pointees, areAddresses: areAddresses) {
            value.range = .constant(decided ? 1 : 0, format)
            return value
        }
        if let s = a.term, let t = b.term, terms[s].format == terms[t].format,
            let term = terms.make(.compare(operation, s, t), format) {
            value.term = term
            value.range = value.range.meet(terms.range(term, in: state).converted(to: format))
        }
        // What a continuation returned compares in any way; the term is for the ordinary values beside it.
        if value.sources.contains(.continuation) { value.range = .range(0, 1, format) }
        return value
    }

    /// A name for a number that has none, so that what it is compared with is bounded by it: an element of a table of limits.
    private func name(_ value: inout Value, of id: ExpressionID, beside other: inout Value, in state: inout State) {
        guard value.term == nil, value.pointees == .none, !value.range.isTop, !value.range.isBottom,
            !value.sources.contains(.continuation)
        else { return }
        if let exact = value.range.constantValue {
            value.term = terms.constant(exact, value.range.format)
            return
        }
        let term = freshTerm(.made(point, part: 10_000 + id.index), value.range, in: &state)
        value.term = term
        if let own = other.term, mentionsAny(own, terms[term].symbols) { other.term = nil }
    }

    private func comparePointees(_ op: CompareOp, _ a: Pointees, _ b: Pointees, areAddresses: Bool) -> Bool? {
        guard op == .eq || op == .ne, case .targets(let x) = a, case .targets(let y) = b else { return nil }
        if areAddresses, x.count == 1, x == y, x[0].offset != nil, isOneObject(x[0].object) { return op == .eq }
        // Distinct variables are at distinct addresses.
        let areVariables = (x + y).allSatisfy { isVariable($0.object) }
        if areVariables, Set(x.map(\.object)).isDisjoint(with: y.map(\.object)) { return op == .ne }
        return nil
    }

    private func isOneObject(_ object: ObjectID) -> Bool {
        switch names[object] {
        case .local, .global, .function, .root: true
        case .pointee, .string, .result: false
        }
    }

    func isVariable(_ object: ObjectID) -> Bool {
        switch names[object] {
        case .local, .global, .function: true
        case .pointee, .root, .string, .result: false
        }
    }

    private func truth(_ op: CompareOp, _ a: Value, _ format: IntFormat, term: TermID?, in state: State) -> Value {
        let range = currentRange(of: a, in: state)
        var value = Value(IntValue.compare(op, range, .constant(0, range.format)).converted(to: format), term: term)
        value.sources = a.sources.subtracting([.continuation, .passedOver])
        if a.sources.contains(.continuation) {
            value.range = .range(0, 1, format)
            value.term = nil
        }
        return value
    }

    private func logical(_ op: BinaryOp, _ a: Value, _ b: Value, _ format: IntFormat, in state: State) -> Value {
        let (x, y) = (truth(.ne, a, format, term: nil, in: state), truth(.ne, b, format, term: nil, in: state))
        var value = Value(IntValue.apply(op, x.range.toBool(), y.range.toBool()).converted(to: format))
        value.sources = x.sources.union(y.sources)
        let hasContinuation = a.sources.union(b.sources).contains(.continuation)
        if !hasContinuation, let s = a.term, let t = b.term {
            value.term = terms.make(op == .and ? .and(s, t) : .or(s, t), format)
        }
        return value
    }
}
