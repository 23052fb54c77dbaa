import IntegerDomain
import ProgramModel

// Summaries of recursive functions: what a recursive call returns is assumed, from nothing upwards, until the function
// returns no more than that (Kleene iteration; Cousot & Cousot 1977). By induction over the depth of the recursion, every
// call that returns at all returns what is then assumed.

extension Engine {
    /// Rounds before it is left at the type's range.
    private static let mostAssumptions = 4

    /// The summary of a function that calls itself, for any arguments; nil if there is no better one than `first`, for which
    /// the recursive calls returned any value of their type.
    func recursionFixpoint(
        _ callee: Function, _ first: Summary, _ box: NestedSummaries, _ before: [SummaryKey: NestedSummaries.Entry]
    ) -> Summary? {
        guard first.taint == nil, let range = first.value?.range, callee.returnType.integerType != nil,
            range.min == range.format.min || range.max == range.format.max
        else { return nil }
        var answers = first.answers
        var assumed = Summary(value: nil, targets: nil, taint: nil, deferred: [], unsupported: [:], note: nil)
        for _ in 0..<Self.mostAssumptions {
            // What was found out under an assumption does not outlive it.
            box.summaries = before
            box.assumptions[callee.reference] = assumed
            var run = summaryRun(callee, nil, box)
            answers.merge(run.summary.answers) { $1 }
            guard run.summary.taint == nil, !run.cutOffs.isByDepth,
                run.cutOffs.recursions.isSubset(of: [callee.reference])
            else { break }
            if isCovered(run.summary.value, by: assumed.value) {
                run.summary.answers = answers
                return run.summary
            }
            assumed.value = joined(assumed.value, run.summary.value)
            if assumed.value?.range.isTop == true { break }
        }
        return nil
    }

    private func isCovered(_ value: Value?, by assumed: Value?) -> Bool {
        guard let value else { return true }
        guard let assumed else { return false }
        return value.range.isSubset(of: assumed.range) && value.sources.isSubset(of: assumed.sources)
            && value.pointees.join(assumed.pointees) == assumed.pointees
    }

    /// What a recursive call cuts, the call around it shows too: the assumption is whole.
    private func joined(_ assumed: Value?, _ value: Value?) -> Value? {
        guard var value else { return assumed }
        value.narrowings = []
        value.uncut = nil
        guard let assumed else { return value }
        value.range = assumed.range.join(value.range)
        value.sources.formUnion(assumed.sources)
        value.pointees = assumed.pointees.join(value.pointees)
        return value
    }

    // MARK: Recursion for what it leaves in locals

    /// Whether a call of the function that is run in a frame is one of those that the frame stands for: what is cut there,
    /// the frame shows too. For that it was entered with arguments, and things behind them, that allow at least as much.
    func showsAll(_ frame: Frame, _ arguments: [ArgumentValue], in state: State) -> Bool {
        guard let entry = frame.entry else { return false }
        // Locals of the inner call stand for those of the outer one, each for another.
        var twins: [ObjectID: ObjectID] = [:]
        var pairs: [ValuePair] = []
        for (index, parameter) in frame.function.parameters.enumerated() {
            let object = names.object(.local(frame.context, parameter))
            let key = CellKey(offset: 0, width: bitWidth(of: frame.function[parameter].type))
            guard index < arguments.count, let new = arguments[index].value,
                case .exact(let cell)? = entry.objects[object]?.lookup(key), allowsNumber(cell.value, entry, new, state),
                let objects = twinTargets(cell.value.pointees, new.pointees)
            else { return false }
            pairs.append(ValuePair(old: cell.value, new: new))
            for (inner, outer) in objects where twins.updateValue(outer, forKey: inner) ?? outer != outer { return false }
        }
        guard Set(twins.values).count == twins.count else { return false }
        for (new, old) in twins {
            guard entry.escaped.contains(old) || !state.escaped.contains(new),
                allows(entry.objects[old], entry, state.objects[new], state)
            else { return false }
            for cell in entry.objects[old]?.cells ?? [] {
                guard case .exact(let other)? = state.objects[new]?.lookup(cell.key) else { continue }
                pairs.append(ValuePair(old: cell.value, new: other.value))
            }
        }
        return !areTied(pairs, in: entry)
    }

    private struct ValuePair {
        var old: Value
        var new: Value
    }

    /// Whether something is known of values together, of which some are others in the new call: what could not be cut beside
    /// the old `y` can be beside `y - 1`.
    private func areTied(_ pairs: [ValuePair], in entry: State) -> Bool {
        let symbols = pairs.map { pair -> Set<SymbolID> in
            guard let term = pair.old.term, term != pair.new.term else { return [] }
            return Set(terms[term].symbols)
        }
        let moved = Array(symbols.reduce(into: Set()) { $0.formUnion($1) }).sorted()
        if moved.isEmpty { return false }
        if entry.alternatives.contains(where: { !Set($0.symbols).isDisjoint(with: moved) }) { return true }
        if entry.relations.contains(where: { mentionsAny($0.left, moved) || mentionsAny($0.right, moved) }) { return true }
        return pairs.indices.contains { index in
            let others = symbols.indices.filter { $0 != index }.flatMap { symbols[$0] }
            let mentioned = [pairs[index].old.term] + pairs[index].old.narrowings.map(\.term)
            return mentioned.contains { $0.map { mentionsAny($0, others) } ?? false }
        }
    }

    /// The objects that a new pointer may point to, each with the one of the old pointer that it stands for; nil where it
    /// may point elsewhere.
    private func twinTargets(_ old: Pointees, _ new: Pointees) -> [(inner: ObjectID, outer: ObjectID)]? {
        guard case .targets(let to) = new else { return old.join(new) == old ? [] : nil }
        if old.join(new) == old { return to.map { ($0.object, $0.object) } }
        guard case .targets(let from) = old, from.count == 1, to.count == 1, from[0].offset == to[0].offset,
            isLocal(from[0].object), isLocal(to[0].object)
        else { return nil }
        return [(to[0].object, from[0].object)]
    }

    private func allows(_ old: Value, _ entry: State, _ new: Value, _ state: State) -> Bool {
        allowsNumber(old, entry, new, state) && old.pointees.join(new.pointees) == old.pointees
    }

    private func allowsNumber(_ old: Value, _ entry: State, _ new: Value, _ state: State) -> Bool {
        let (x, y) = (currentRange(of: old, in: entry), currentRange(of: new, in: state))
        return (x.format == y.format ? y : y.converted(to: x.format)).isSubset(of: x) && showsCuts(old, new)
    }

    /// Whether all that cut the new value had cut the old one.
    private func showsCuts(_ old: Value, _ new: Value) -> Bool {
        let known = Set(old.narrowings.map(\.site))
        return new.narrowings.allSatisfy { known.contains($0.site) }
    }

    private func allows(_ old: ObjectContents?, _ entry: State, _ new: ObjectContents?, _ state: State) -> Bool {
        let cut = new?.cells.filter { !$0.value.narrowings.isEmpty } ?? []
        let areCutsShown = cut.allSatisfy { cell in
            if case .exact(let other)? = old?.lookup(cell.key) { showsCuts(other.value, cell.value) } else { false }
        }
        guard areCutsShown else { return false }
        // One that is not there holds anything.
        guard let old, !(old.cells.isEmpty && old.fills.isEmpty) else { return true }
        guard let new, old.fills == new.fills || !old.fills.contains(where: { $0.kind == .zero }) else { return false }
        return old.cells.allSatisfy { cell in
            switch new.lookup(cell.key) {
            case .exact(let other): allows(cell.value, entry, other.value, state)
            case .fill(.zero): currentRange(of: cell.value, in: entry).contains(0)
            case .fill, .part, .mixed: cell.value.range.isTop && currentRange(of: cell.value, in: entry).isTop
            }
        }
    }
}
