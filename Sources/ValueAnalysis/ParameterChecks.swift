import IntegerDomain
import ProgramModel

/// What the result of a function says of its parameters, whatever they are: where `check(n)` returns zero, `n` is small.
struct ParameterChecks: Sendable {
    struct Check: Sendable {
        var parameter: Int
        var range: IntValue
    }

    var whenZero: [Check] = []
    var otherwise: [Check] = []

    var isEmpty: Bool { whenZero.isEmpty && otherwise.isEmpty }
}

extension Engine {
    /// What is known of the parameters of the function that is summarised on the ways that return zero, and on the others.
    func checks(of frame: Frame, _ result: Value, in exit: State) -> ParameterChecks {
        guard result.term != nil, !result.sources.contains(.continuation) else { return ParameterChecks() }
        func known(_ isZero: Bool) -> [ParameterChecks.Check] {
            guard let state = assuming(result, !isZero, exit) else { return [] }
            return integerParameters(of: frame).compactMap { index, term in
                let range = terms.range(term, in: state)
                return range == terms.range(term, in: exit) || range.isBottom ? nil : .init(parameter: index, range: range)
            }
        }
        return ParameterChecks(whenZero: known(true), otherwise: known(false))
    }

    /// Keeps what a result says of the arguments beside the state, for when it is asked.
    func remember(_ checks: ParameterChecks, of arguments: [ArgumentValue], result: Value, in state: inout State) {
        guard !checks.isEmpty, let term = result.term, case .symbol(let flag) = terms[term].node else { return }
        let format = result.range.format
        let zero = result.range.meet(.constant(0, format))
        let others = result.range.excluding(0)
        guard !zero.isBottom, !others.isBottom else { return }
        let cases = [(zero, checks.whenZero), (others, checks.otherwise)].map { range, checks in
            Alternative.Case(flag: range, facts: facts(of: checks, arguments, flag, in: state))
        }
        let alternative = Alternative(flag: flag, cases: cases)
        guard alternative.isTelling else { return }
        state.alternatives = Array((state.alternatives + [alternative]).suffix(Alternative.maximumCount))
    }

    /// What checks of parameters say of what the arguments are computed from.
    private func facts(
        of checks: [ParameterChecks.Check], _ arguments: [ArgumentValue], _ flag: SymbolID, in state: State
    ) -> [Alternative.Fact] {
        var way = state
        var symbols: Set<SymbolID> = []
        for check in checks where check.parameter < arguments.count {
            guard let value = arguments[check.parameter].value, !value.sources.contains(.continuation),
                let term = value.term, terms[term].format == check.range.format
            else { continue }
            var refined = way
            guard terms.refine(term, to: check.range, in: &refined) else { continue }
            way = refined
            symbols.formUnion(terms[term].symbols)
        }
        return symbols.subtracting([flag]).sorted().compactMap { symbol in
            guard let range = way.ranges[symbol], state.ranges[symbol] != range else { return nil }
            return Alternative.Fact(symbol: symbol, range: range)
        }
    }
}
