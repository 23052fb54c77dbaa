import IntegerDomain
import ProgramModel

/// Two values that one expression may mean.
extension Engine {
    /// Two values that may be meant by one expression in one state.
    func join(_ a: Value, _ b: Value, in state: State) -> Value {
        if a.term != nil, a.term == b.term, a.pointees == b.pointees, a.narrowings.isEmpty, b.narrowings.isEmpty,
            a.sources == b.sources { return a }
        return joined(a, currentRange(of: a, in: state), b, currentRange(of: b, in: state))
    }

    /// The same, where it is no longer known which locals the result points to: from then on they count as given away, or
    /// stores through it would miss them.
    func joinKeepingTargets(_ a: Value, _ b: Value, in state: inout State) -> Value {
        let result = join(a, b, in: state)
        escapeLost([a, b], result.pointees, in: &state)
        return result
    }

    func escapeLost(_ values: [Value], _ result: Pointees, in state: inout State) {
        guard case .unknown = result else { return }
        for value in values { escape(value, in: &state) }
    }

    /// The join of two values with their ranges in their states; its term is nil unless it is the same in both.
    func joined(_ a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> Value {
        var result = Value(x.join(y), term: a.term == b.term ? a.term : nil, pointees: joinedPointees(a, x, b, y))
        result.sources = a.sources.union(b.sources)
        result.narrowings = Value.mergedNarrowings(
            a.narrowings.filter { $0.concerns(x) }, b.narrowings.filter { $0.concerns(y) })
        result.origin = Origin.met(a, x, b, y)
        if !result.narrowings.isEmpty { result.uncut = .joined(a.shown(x), b.shown(y)) }
        if result.term == nil { result.drifts = joinedDrifts(a, b) }
        return result
    }

    /// A number beside a pointer: where it cannot be told from an address, it is no longer known where the pointer points.
    private func joinedPointees(_ a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> Pointees {
        switch (a.pointees, b.pointees) {
        case (.none, .targets): besideNumber(b.pointees, x)
        case (.targets, .none): besideNumber(a.pointees, y)
        default: a.pointees.join(b.pointees)
        }
    }

    private func besideNumber(_ pointees: Pointees, _ number: IntValue) -> Pointees {
        if number.meet(addressRange(number.format)).isBottom { return pointees }
        return number.constantValue == nil ? .unknown : pointees.offset(byBits: nil)
    }
}
