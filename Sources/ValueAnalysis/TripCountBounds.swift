import HashTreeCollections
import IntegerDomain

/// What the number of a loop's rounds says of its variables.
///
/// At the head, a counter `c` that every round increases by `k` shows how many rounds there were: at most
/// `(max c - min c0) / k`. A variable that every round increases by at most `d` is then at most `max x0 + rounds * d`.
struct TripCountBounds {
    let engine: Engine
    let point: JoinPoint
    /// Before the loop, at its head, and at the end of a round.
    let entry: State
    let head: State
    let back: State

    private struct Variable {
        var symbol: SymbolID
        var range: IntValue
        var start: IntValue
        /// What a round adds.
        var step: IntValue
    }

    /// The head's state with better upper bounds; nil if there are none.
    var bounded: State? {
        let variables = self.variables
        guard let rounds = variables.compactMap(rounds).min() else { return nil }
        var result = head
        var isBetter = false
        for variable in variables {
            guard let start = variable.start.max, let step = variable.step.max, let old = variable.range.max,
                let low = variable.step.min, low >= 0
            else { continue }
            let bound = start + rounds * step
            guard bound < old else { continue }
            result.ranges[variable.symbol] = variable.range.clamped(low: variable.start.min, high: bound)
            isBetter = true
        }
        return isBetter ? result : nil
    }

    private func rounds(_ variable: Variable) -> Int128? {
        guard let step = variable.step.min, step > 0, let high = variable.range.max, let start = variable.start.min,
            // A counter that a step can bring past its type's end may have wrapped, and counts no rounds.
            let most = variable.step.max, high + most <= variable.range.format.max, start <= high
        else { return nil }
        return (high - start) / step
    }

    /// The variables that a round changes by addition only.
    private var variables: [Variable] {
        var found: [Variable] = []
        for (id, contents) in head.objects {
            for cell in contents.cells {
                guard let term = cell.value.term, case .symbol(let symbol) = engine.terms[term].node,
                    case .phi(let context, let block, let object, let key) = engine.names[symbol],
                    context == point.context, block == point.block, object == id, key == cell.key,
                    case .exact(let before)? = entry.objects[id]?.lookup(cell.key),
                    case .exact(let after)? = back.objects[id]?.lookup(cell.key),
                    let next = after.value.term, let step = step(from: term, to: next)
                else { continue }
                let range = engine.currentRange(of: cell.value, in: head)
                let start = engine.currentRange(of: before.value, in: entry)
                guard start.format == range.format else { continue }
                found.append(Variable(symbol: symbol, range: range, start: start, step: step))
            }
        }
        return found
    }

    /// What `next` adds to `term`, as a number that is not wrapped.
    private func step(from term: TermID, to next: TermID) -> IntValue? {
        guard case .binary(.add, let a, let b) = engine.terms[next].node, a == term || b == term else { return nil }
        let added = a == term ? b : a
        guard !engine.mentionsAny(added, engine.terms[term].symbols) else { return nil }
        let range = engine.terms.range(added, in: back)
        // The upper half of an unsigned type is a subtraction.
        guard let high = range.max, high < Int128(1) << Int128(range.format.width - 1) else { return nil }
        return range
    }
}
