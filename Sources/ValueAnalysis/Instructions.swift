import IntegerDomain
import ProgramModel

extension Engine {
    /// Every instruction but calls.
    func execute(_ instruction: Instruction, in state: inout State) throws {
        switch instruction.kind {
        case .assign(let place, let id):
            var value = try evaluate(id, in: &state)
            guard place.type.format != nil else { return try storeOpaque(place, in: &state) }
            if let name = assignedName(place) {
                value.origin = Origin.extend(
                    value.origin, .assigned(name: name), at: location, range: currentRange(of: value, in: state))
            }
            try store(value, to: place, in: &state)
        case .copy(let to, let from): try copy(to: to, from: from, in: &state)
        case .zero(let place): try zero(place, in: &state)
        case .declare(let local): state.objects[object(of: local)] = nil
        case .assembly(let outputs, let inputs, let clobbersMemory):
            try assembly(outputs, inputs, clobbersMemory, in: &state)
        case .unsupported(let kind): noteUnsupported(kind, at: location, in: &state)
        case .call: break
        }
    }

    private func storeOpaque(_ place: Place, in state: inout State) throws {
        fill(try resolve(place, in: &state), .unknown, in: &state)
    }

    private func assignedName(_ place: Place) -> String? {
        if case .field(_, let name, _, _) = place.path.last, !name.isEmpty { return name }
        guard case .local(let id) = place.base, place.path.isEmpty, !function[id].isTemporary else { return nil }
        return function[id].name
    }

    private func assembly(
        _ outputs: [Place], _ inputs: [ExpressionID], _ clobbersMemory: Bool, in state: inout State
    ) throws {
        let values = try inputs.map { try evaluate($0, in: &state) }
        if clobbersMemory {
            giveAway(values, in: &state)
        } else if !outputs.isEmpty {
            // An address that went in may come out, or be stored where something comes out.
            for value in values { escape(value, in: &state) }
        }
        for (index, place) in outputs.enumerated() {
            guard let format = place.type.format else {
                try storeOpaque(place, in: &state)
                continue
            }
            var value = Value(.top(format))
            if place.type.isPointer { value.pointees = .unknown }
            value.origin = Origin(.note("set by inline assembly"), at: location, range: value.range, parent: nil)
            value.term = freshTerm(.made(point, part: 100 + index), value.range, in: &state)
            try store(value, to: place, in: &state)
        }
    }

    /// Code out of sight gets these values: what it can reach may change.
    func giveAway(_ values: [Value], _ effects: WriteEffects? = nil, in state: inout State) {
        for value in values { escape(value, in: &state) }
        guard let effects else { return forgetSharedMemory(in: &state) }
        forget(effects, in: &state)
    }

    // MARK: Conditions

    /// The state where a value is, or is not, zero; nil if it cannot be.
    func assuming(_ value: Value, _ holds: Bool, _ state: State) -> State? {
        var next = state
        guard !value.sources.contains(.continuation) else {
            return besideContinuation(value, state) { terms.assume($0, holds, in: &$1) }
        }
        let range = currentRange(of: value, in: state)
        if range.isBottom { return nil }
        if holds ? range.constantValue == 0 : !range.contains(0) { return nil }
        guard let term = value.term else { return next }
        guard terms.assume(term, holds, in: &next), settleAlternatives(in: &next) else { return nil }
        noteChecks(term, state, next)
        if !holds { settleContinuations(term, in: &next) }
        return next
    }

    func restricting(_ value: Value, to allowed: IntValue, _ state: State) -> State? {
        guard !value.sources.contains(.continuation) else {
            return besideContinuation(value, state) { terms.refine($0, to: allowed, in: &$1) }
        }
        let range = currentRange(of: value, in: state).meet(allowed)
        if range.isBottom { return nil }
        var next = state
        guard let term = value.term else { return next }
        guard terms.refine(term, to: range, in: &next), settleAlternatives(in: &next) else { return nil }
        noteChecks(term, state, next)
        return next
    }

    private func noteChecks(_ term: TermID, _ before: State, _ after: State) {
        for symbol in terms[term].symbols {
            guard let range = after.ranges[symbol], range.format.width > 32, Self.fits32(range) else { continue }
            if let old = before.ranges[symbol], Self.fits32(old) { continue }
            checks[symbol] = location
        }
    }

    private static func fits32(_ range: IntValue) -> Bool {
        guard let low = range.min, let high = range.max else { return true }
        return low >= Boundary.intMin && high <= Boundary.intMax
    }

    /// The check that keeps a value within 32 bits.
    private func check(of value: Value) -> SourceLocation? {
        guard let term = value.term, Self.fits32(value.range) else { return nil }
        return terms[term].symbols.compactMap { checks[$0] }.min()
    }

    /// A condition on a value that may be a continuation's. That goes either way, so nothing is learnt of other values; of
    /// the ordinary values beside it only those remain that the condition lets through, maybe none.
    private func besideContinuation(
        _ value: Value, _ state: State, _ condition: (TermID, inout State) -> Bool
    ) -> State {
        guard let term = value.term else { return state }
        var next = state
        var refined = state
        let isPossible = condition(term, &refined)
        for symbol in terms[term].symbols where continuations.contains(symbol) {
            if isPossible {
                next.ranges[symbol] = refined.ranges[symbol]
            } else if let format = formatOfContinuation[symbol] {
                next.ranges[symbol] = .bottom(format)
            }
        }
        return next
    }

    /// A function that tells whether there was a continuation said no: then no value is a continuation's.
    private func settleContinuations(_ term: TermID, in state: inout State) {
        guard case .symbol(let symbol) = terms[term].node, continuationTests.contains(symbol) else { return }
        for (id, contents) in state.objects where contents.cells.contains(where: { $0.value.sources.contains(.continuation) }) {
            let cells = contents.cells.map { cell -> Cell in
                var cell = cell
                // A value that was nothing but a continuation's cannot be here; as its range is empty, it stays harmless.
                cell.value.sources.remove(.continuation)
                return cell
            }
            state.objects[id] = ObjectContents(cells: cells, fills: contents.fills, symbolMask: contents.symbolMask)
        }
    }

    /// Whether a switch on a value tells sub-operations apart: the guest chose it, and in a loop it is the same every time.
    func isCommand(_ value: Value) -> Bool {
        // A summary is of a whole function; and what returns a pointer dispatches no commands.
        guard value.sources.contains(.guest), isPartitioned, !frames.contains(where: { $0.function.returnType.isPointer })
        else { return false }
        guard frames.contains(where: { $0.facts.isInCycle[$0.block] }) else { return true }
        guard let term = value.term else { return false }
        return terms[term].symbols.allSatisfy { symbol in
            if case .parameter = names[symbol] { true } else { false }
        }
    }

    /// Remembers where a command is kept: code out of sight does not change it (docs/soundness.md).
    func noteCommand(_ operand: ExpressionID, in state: inout State) throws {
        var operand = operand
        while case .convert(let inner, _) = function[operand].kind { operand = inner }
        guard case .load(let place) = function[operand].kind else { return }
        let resolved = try resolve(place, in: &state)
        guard case .targets(let targets) = resolved.location, targets.count == 1, let offset = targets[0].offset,
            case .local = names[targets[0].object]
        else { return }
        commandCells[targets[0].object, default: []].insert(CellKey(offset: offset, width: resolved.width))
    }

    /// What a block's test compares, as far as it is known when the block is entered.
    func compared(in block: Int, _ frame: Frame, _ state: State) -> Comparison? {
        guard case .branch(let condition, _, _) = frame.function.blocks[block].terminator.kind else { return nil }
        var state = state
        guard case .compare(let op, let a, let b) = frame.function[condition].kind,
            let x = try? evaluate(a, in: &state), let y = try? evaluate(b, in: &state)
        else { return nil }
        return Comparison(
            isEquality: op == .equal || op == .notEqual, terms: [x, y].compactMap(\.term),
            highs: [x, y].compactMap { currentRange(of: $0, in: state).max })
    }

    struct Comparison {
        var isEquality: Bool
        var terms: [TermID]
        /// The largest values of the sides.
        var highs: [Int128]
    }

    // MARK: Results

    func resultObject(of frame: Frame) -> ObjectID { names.object(.result(frame.context)) }

    func keepResult(_ value: Value, of frame: Frame, at location: SourceLocation, in state: inout State) {
        var value = value
        value.range = currentRange(of: value, in: state)
        if value.term == nil { rename(&value, .made(point, part: 1), in: &state) }
        value = settled(value, in: state)
        let key = CellKey(offset: 0, width: value.range.format.width)
        if frame.isRoot {
            if value.sources.contains(.passedOver), value.narrowings.isEmpty, state.taint == nil {
                state.taint = "a result that was not followed is returned at \(location.file):\(location.line)"
            }
            if let place = check(of: value) {
                value.origin = Origin.extend(value.origin, .checked, at: place, range: value.range)
            }
            value.origin = Origin.extend(
                value.origin, .returned(by: frame.function.reference.name, how: "return"), at: location, range: value.range)
        }
        set(Cell(key: key, tag: nil, value: value), in: resultObject(of: frame), &state)
    }
}
