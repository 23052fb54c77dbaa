import IntegerDomain

// What values are counted from (`Drift`).

extension Engine {
    /// All that a value is counted from, its own name included.
    func allDrifts(of value: Value) -> [Drift] {
        guard let own = ownDrift(of: value) else { return value.drifts }
        return Array(([own] + value.drifts.filter { $0.base != own.base }).prefix(Drift.maximumCount)).sorted { $0.base < $1.base }
    }

    private func ownDrift(of value: Value) -> Drift? {
        guard let term = value.term else { return nil }
        switch terms[term].node {
        case .symbol(let symbol): return isCounted(symbol) ? Drift(base: symbol, low: 0, high: 0) : nil
        case .binary(.add, let base, let step):
            guard case .symbol(let symbol) = terms[base].node, isCounted(symbol), case .constant(let amount) = terms[step].node
            else { return nil }
            return Drift(base: symbol, low: 0, high: 0).moved(.constant(amount, terms[step].format))
        default: return nil
        }
    }

    /// Only what a value is at the head of a loop is worth counting from.
    private func isCounted(_ symbol: SymbolID) -> Bool {
        guard case .phi(let context, let block, _, _) = names[symbol], block >= 0, let owner = frameOfContext[context] else {
            return false
        }
        return owner.facts.isLoopHead[Int(block)]
    }

    func joinedDrifts(_ a: Value, _ b: Value) -> [Drift] {
        guard a.range.format == b.range.format else { return [] }
        let other = allDrifts(of: b)
        return allDrifts(of: a).compactMap { drift in
            guard let twin = other.first(where: { $0.base == drift.base }) else { return nil }
            return Drift(base: drift.base, low: min(drift.low, twin.low), high: max(drift.high, twin.high))
        }
    }

    func drifts(_ op: BinaryOp, _ a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> [Drift] {
        switch op {
        case .add:
            let counted = allDrifts(of: a).compactMap { $0.moved(y) }
            return counted.isEmpty ? allDrifts(of: b).compactMap { $0.moved(x) } : counted
        case .sub: return allDrifts(of: a).compactMap { $0.moved(y, isSubtraction: true) }
        default: return []
        }
    }
}
