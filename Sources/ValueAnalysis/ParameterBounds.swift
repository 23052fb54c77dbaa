import IntegerDomain
import ProgramModel

// Results that are at most what a parameter is (`if ( cur < order ) return cur + 1;`): a summary for any arguments can say
// no number, but each caller knows one.

extension Engine {
    /// The function that is run for its summary: what it returns is compared with its parameters.
    var summarizedFrame: Frame? { nested == nil ? nil : frames.first }

    /// The integer parameters of the function that is summarised, by index.
    func integerParameters(of frame: Frame) -> [(index: Int, term: TermID)] {
        frame.function.parameters.enumerated().compactMap { index, parameter in
            let type = frame.function[parameter].type
            guard let format = type.format, !type.isPointer else { return nil }
            return (index, terms.symbol(names.symbol(.parameter(frame.context, index)).id, format))
        }
    }

    /// The parameters that a value, as a number, is surely not above.
    func parametersAbove(_ value: Value, of frame: Frame, in state: State) -> Set<Int> {
        guard !value.sources.contains(.continuation) else { return [] }
        let range = currentRange(of: value, in: state)
        var found: Set<Int> = []
        for (index, parameter) in integerParameters(of: frame) {
            if let high = range.max, let low = terms.range(parameter, in: state).min, high <= low {
                found.insert(index)
            } else if let term = value.term, terms.provesAtMost(term, asNumberOf: parameter, in: state) {
                found.insert(index)
            }
        }
        return found
    }

    /// What meets stays below a parameter of another type if both sides are: `rc = cur + 1` beside `rc = -EINVAL`.
    func addParameterBounds(
        _ phi: TermID, _ s: TermID, _ t: TermID, _ a: State, _ b: State, _ known: [Relation], mayGrow: Bool,
        to result: inout State
    ) {
        guard let outer = summarizedFrame, let number = terms.asNumber(phi) else { return }
        for (_, parameter) in integerParameters(of: outer) where terms[parameter].format != terms[phi].format {
            guard let bound = terms.asNumber(parameter), known.contains(where: { $0.right == parameter || $0.right == bound })
            else { continue }
            let relation = Relation(.le, number, bound)
            guard mayGrow || a.relations.contains(relation) else { continue }
            if terms.provesAtMost(s, asNumberOf: parameter, in: a), terms.provesAtMost(t, asNumberOf: parameter, in: b) {
                terms.add(relation, to: &result)
            }
        }
    }
}

extension TermTable {
    /// Whether a term, as a number, is at most another, whatever their types.
    func provesAtMost(_ term: TermID, asNumberOf bound: TermID, in state: State) -> Bool {
        var term = term
        let lowest = range(bound, in: state).min
        while true {
            let own = range(term, in: state)
            if let high = own.max, let lowest, high <= lowest { return true }
            if self[term].format == self[bound].format {
                if provesAtMost(term, bound, in: state) { return true }
            } else if let a = asNumber(term), let b = asNumber(bound), knows(.le, a, b, in: state) {
                return true
            }
            // No conversion of a number that is not negative makes it larger.
            guard case .convert(let inner) = self[term].node, let low = range(inner, in: state).min, low >= 0 else {
                return false
            }
            term = inner
        }
    }

    /// A term of at most 32 bits as a number: in a type that has room for all its values.
    func asNumber(_ term: TermID) -> TermID? {
        self[term].format.width <= 32 ? make(.convert(term), .s64) : nil
    }
}
