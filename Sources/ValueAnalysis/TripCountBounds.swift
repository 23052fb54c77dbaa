import HashTreeCollections
import IntegerDomain

/// What the number of a loop's rounds says of its variables.
///
/// A counter `c` that every round increases by at least `k` shows how many rounds there were: it was at most `max c` at the
/// head before the last one that came back, so they were at most `(max c - min c0) / k + 1`; one that goes down likewise.
/// A variable to which every round adds at most `d` is then at most `max x0 + rounds * d`.
struct TripCountBounds {
    let engine: Engine
    let point: JoinPoint
    /// Before the loop, at its head, and at the end of a round.
    let entry: State
    let head: State
    let back: State
    /// Whether the loop has no loop inside: only then is it cheap to run it once more for what its variables are counted from.
    let isInnermost: Bool

    /// No loop of a hypercall runs for years: at a round a nanosecond, these are two (`docs/soundness.md`).
    static let mostRounds = Int128(1) << 56

    private struct Variable {
        var symbol: SymbolID
        var object: ObjectID
        var key: CellKey
        var format: IntFormat
        var range: IntValue
        var start: IntValue
        /// The range at the head on the ways that come back.
        var returning: IntValue
        /// What a round adds, not wrapped.
        var low: Int128
        var high: Int128
        /// What it is counted from before the loop.
        var drifts: [Drift]
    }

    /// The head's state with better bounds; nil if there are none.
    var bounded: State? {
        let variables = self.variables
        // Of loops with loops inside that is seldom of use, and their rounds multiply.
        guard let rounds = (variables.compactMap(rounds) + halvings).min() ?? (isInnermost ? Self.mostRounds : nil) else {
            return nil
        }
        var result = head
        var isBetter = false
        for variable in variables {
            let (down, up) = (rounds * min(variable.low, 0), rounds * max(variable.high, 0))
            guard let first = variable.start.min, let last = variable.start.max, -down < Drift.maximumStep,
                up < Drift.maximumStep
            else { continue }
            let (low, high) = (first + down, last + up)
            // Sums that stay inside the type have not wrapped.
            if low >= variable.format.min, high <= variable.format.max {
                let range = variable.range.clamped(low: low, high: high)
                if range != variable.range, !range.isBottom {
                    result.ranges[variable.symbol] = range
                    isBetter = true
                }
            }
            if isInnermost, count(variable, down, up, &result) { isBetter = true }
        }
        return isBetter ? result : nil
    }

    /// What the variable was counted from before the loop, it is still counted from, by so much more.
    private func count(_ variable: Variable, _ down: Int128, _ up: Int128, _ result: inout State) -> Bool {
        let drifts = variable.drifts.filter { $0.base != variable.symbol }.map { drift in
            Drift(base: drift.base, low: drift.low + down, high: drift.high + up)
        }.filter { $0.low >= -Drift.maximumStep && $0.high <= Drift.maximumStep }
        guard !drifts.isEmpty, case .exact(var cell)? = result.objects[variable.object]?.lookup(variable.key),
            cell.value.drifts != drifts
        else { return false }
        cell.value.drifts = drifts
        engine.set(cell, in: variable.object, &result)
        return true
    }

    /// The most rounds that can have come back to the head, as one variable counts them.
    private func rounds(_ variable: Variable) -> Int128? {
        guard let startLow = variable.start.min, let startHigh = variable.start.max, let low = variable.returning.min,
            let high = variable.returning.max
        else { return nil }
        // A counter that a step can bring past its type's end may have wrapped, and counts no rounds.
        if variable.low > 0 {
            guard high + variable.high <= variable.format.max, startLow <= high else { return nil }
            return (high - startLow) / variable.low + 1
        }
        if variable.high < 0 {
            guard low + variable.low >= variable.format.min, startHigh >= low else { return nil }
            return (startHigh - low) / -variable.high + 1
        }
        return nil
    }

    /// A number that is not zero and loses bits at its lower end in every round is zero after as many rounds as it has bits
    /// (`for ( order = 0; n; order++ ) n >>= 1;`).
    private var halvings: [Int128] {
        var found: [Int128] = []
        forEachMeeting { symbol, cell, before, after in
            guard let term = after.value.term, case .binary(.shr, let base, let amount) = definition(of: term),
                case .symbol(symbol) = engine.terms[base].node, let least = engine.terms.range(amount, in: back).min, least > 0,
                let start = engine.currentRange(of: before.value, in: entry).max, start > 0,
                let low = engine.terms.range(base, in: back).min, low > 0
            else { return }
            found.append(Int128(128 - start.leadingZeroBitCount) / least + 1)
        }
        return found
    }

    /// What a value that got a name of its own is equal to.
    private func definition(of term: TermID) -> TermNode {
        for relation in back.relations where relation.op == .eq && (relation.left == term || relation.right == term) {
            let other = relation.left == term ? relation.right : relation.left
            if case .binary = engine.terms[other].node { return engine.terms[other].node }
        }
        return engine.terms[term].node
    }

    /// The cells that have a name of their own at the head, with what they were before the loop and are after a round.
    private func forEachMeeting(_ visit: (SymbolID, (ObjectID, Cell), Cell, Cell) -> Void) {
        for (id, contents) in head.objects {
            for cell in contents.cells {
                guard let term = cell.value.term, case .symbol(let symbol) = engine.terms[term].node,
                    case .phi(let context, let block, let object, let key) = engine.names[symbol],
                    context == point.context, block == point.block, object == id, key == cell.key,
                    case .exact(let before)? = entry.objects[id]?.lookup(cell.key),
                    case .exact(let after)? = back.objects[id]?.lookup(cell.key)
                else { continue }
                visit(symbol, (id, cell), before, after)
            }
        }
    }

    /// The variables that a round changes by addition only.
    private var variables: [Variable] {
        var found: [Variable] = []
        forEachMeeting { symbol, place, before, after in
            guard let step = step(from: symbol, to: after.value), let term = place.1.value.term else { return }
            let (id, cell) = place
            let range = engine.currentRange(of: cell.value, in: head)
            let start = engine.currentRange(of: before.value, in: entry)
            let returning = engine.terms.range(term, in: back)
            guard start.format == range.format, returning.format == range.format, !returning.isBottom else { return }
            found.append(Variable(
                symbol: symbol, object: id, key: cell.key, format: range.format, range: range, start: start,
                returning: returning, low: step.low, high: step.high, drifts: engine.allDrifts(of: before.value)))
        }
        return found
    }

    /// What a round adds to a variable, as a number that is not wrapped.
    private func step(from symbol: SymbolID, to next: Value) -> (low: Int128, high: Int128)? {
        var found = engine.allDrifts(of: next).first { $0.base == symbol }
        if let term = next.term, case .binary(.add, let a, let b) = engine.terms[term].node {
            for (base, added) in [(a, b), (b, a)] {
                guard case .symbol(symbol) = engine.terms[base].node, !engine.mentionsAny(added, [symbol]) else { continue }
                // What is known of the summand at the end of the round can be more than was known at the sum.
                if let exact = Drift(base: symbol, low: 0, high: 0).moved(engine.terms.range(added, in: back)) {
                    found = exact
                }
            }
        }
        return found.map { ($0.low, $0.high) }
    }
}
