import IntegerDomain
import ProgramModel

/// States by sub-operation: they do not meet before the return.
typealias PartitionedStates = [PartitionID: State]

/// The fixpoint over one function's graph.
final class FunctionRun {
    private let engine: Engine
    private let frame: Frame
    private let facts: FunctionFacts
    private let entry: PartitionedStates
    /// What holds at the start of each block.
    private var inputs: [PartitionedStates]
    /// What flows along each edge, by source block and successor number.
    private var edges: [[PartitionedStates]]
    /// What holds after each return, with the value in the result object.
    private var exits: [PartitionedStates]
    /// The parameters that what a block returns is never above.
    private var limits: [Set<Int>?]
    /// Rounds before widening: a counter's relation to its bound shows in the third.
    private let joinDelay = 3
    /// After so many rounds nothing is kept of the loop's variables but what was cut, and after twice as many nothing is claimed
    /// any more. Widening ends earlier.
    static let maximumRounds = 64
    /// Blocks run so far. Each loop around another multiplies the rounds of those inside.
    private var executions = 0
    /// From then on loops start from what they came to the last time, and are not gone through as often.
    private var isLong: Bool { executions > engine.budget.blocksUntilWarm }

    init(engine: Engine, frame: Frame, entry: PartitionedStates) {
        self.engine = engine
        self.frame = frame
        facts = frame.facts
        self.entry = entry
        let blocks = frame.function.blocks
        inputs = Array(repeating: [:], count: blocks.count)
        edges = blocks.map { Array(repeating: [:], count: $0.terminator.successors.count) }
        exits = Array(repeating: [:], count: blocks.count)
        limits = Array(repeating: nil, count: blocks.count)
    }

    /// The parameters that the result, as a number, is never above.
    var atMost: Set<Int> {
        let all = limits.compactMap(\.self)
        return all.dropFirst().reduce(all.first ?? []) { $0.intersection($1) }
    }

    /// Runs to the fixpoint; returns what holds after the returns.
    func run() throws -> PartitionedStates {
        try stabilize(facts.order)
        var result: PartitionedStates = [:]
        for (block, states) in exits.enumerated() {
            for (partition, state) in states.sorted(by: { $0.key < $1.key }) {
                for (variant, part) in variants(of: state, partition) {
                    result[variant] = result[variant].map {
                        engine.join($0, part, at: JoinPoint(context: frame.context, block: -1 - Int32(block)))
                    } ?? part
                }
            }
        }
        return result
    }

    /// A returned state, in two if the frame's caller wants to tell zero from other results.
    private func variants(of state: State, _ partition: PartitionID) -> [(PartitionID, State)] {
        let whole = partition.withoutVariant
        guard frame.splitsExits, let format = frame.function.returnType.format,
            case .exact(let cell)? = state.objects[engine.resultObject(of: frame)]?.lookup(
                CellKey(offset: 0, width: format.width))
        else { return [(whole, state)] }
        let success = PartitionID(index: whole.index, variant: 1)
        return [(whole, engine.assuming(cell.value, true, state)), (success, engine.assuming(cell.value, false, state))]
            .compactMap { id, part in part.map { (id, $0) } }
    }

    /// - Parameter isWarm: the loops inside start from what held in them the last time. While a loop around them only
    ///   grows, that is no more than they come to anyway, and saves most of their rounds.
    private func stabilize(_ elements: [FunctionFacts.Element], isWarm: Bool = false) throws {
        for element in elements {
            switch element {
            case .block(let index):
                inputs[index] = incoming(index)
                try execute(index)
            case .component(let head, let body): try stabilizeLoop(head, body, isWarm: isWarm)
            }
        }
    }

    private func stabilizeLoop(_ head: Int, _ body: [FunctionFacts.Element], isWarm: Bool) throws {
        let loop = Set(blocks(in: body) + [head])
        let entering = incoming(head, headOf: loop, where: { !loop.contains($0) })
        let isWarm = isWarm && !inputs[head].isEmpty
        inputs[head] = isWarm ? united(inputs[head], entering, head) : entering
        var rounds = isWarm || isLong ? joinDelay : 0
        while true {
            try execute(head)
            // Before, what the inner loops start from gets new names in each round.
            try stabilize(body, isWarm: rounds >= joinDelay || isLong)
            rounds += 1
            let next = incoming(head, headOf: loop)
            if covers(inputs[head], next) { break }
            inputs[head] = rounds < joinDelay ? next : widened(inputs[head], next, rounds, loop, head)
            if rounds > Self.maximumRounds {
                let isEndless = rounds > 2 * Self.maximumRounds
                inputs[head] = inputs[head].mapValues { engine.forgetting($0, isEndless: isEndless) }
            }
        }
        // Applying the loop to what covers it cannot lose anything, and often gives back what widening took.
        for _ in 0..<(isLong ? 1 : 2) {
            let next = incoming(head, headOf: loop)
            if covers(next, inputs[head]) { break }
            inputs[head] = next
            try execute(head)
            try stabilize(body, isWarm: isLong)
        }
        try boundByTripCount(head, loop: loop, body)
    }

    private func united(_ old: PartitionedStates, _ new: PartitionedStates, _ head: Int) -> PartitionedStates {
        if covers(old, new) { return old }
        let point = JoinPoint(context: frame.context, block: Int32(head))
        return old.merging(new) { engine.join($0, $1, at: point, isLoopHead: true) }
    }

    /// Sums that grow by a bounded step each time cannot outgrow the number of rounds that a counter allows.
    private func boundByTripCount(_ head: Int, loop: Set<Int>, _ body: [FunctionFacts.Element]) throws {
        let entering = incoming(head, headOf: loop, where: { !loop.contains($0) })
        // A sub-operation that is first known inside the loop has rounds behind it that are not counted here.
        guard entering.keys.sorted() == inputs[head].keys.sorted() else { return }
        // The names of the head stand for its values here: the ways back meet under others.
        let returning = incoming(head, at: -500_000 - Int32(head), where: loop.contains)
        var isBetter = false
        let isInnermost = body.allSatisfy { if case .block = $0 { true } else { false } }
        for (partition, state) in inputs[head] {
            guard let before = entering[partition], let after = returning[partition] else { continue }
            let bounds = TripCountBounds(
                engine: engine, point: JoinPoint(context: frame.context, block: Int32(head)), entry: before, head: state,
                back: after, isInnermost: isInnermost)
            if let bounded = bounds.bounded {
                inputs[head][partition] = bounded
                isBetter = true
            }
        }
        guard isBetter else { return }
        try execute(head)
        try stabilize(body, isWarm: isLong)
    }

    private func blocks(in elements: [FunctionFacts.Element]) -> [Int] {
        elements.flatMap { element -> [Int] in
            switch element {
            case .block(let index): [index]
            case .component(let head, let body): [head] + blocks(in: body)
            }
        }
    }

    private func incoming(
        _ block: Int, headOf loop: Set<Int>? = nil, at point: Int32? = nil, where isWanted: (Int) -> Bool = { _ in true }
    ) -> PartitionedStates {
        var result: PartitionedStates = block == 0 && isWanted(-1) ? entry : [:]
        let goals = loop.map(goals) ?? []
        for edge in facts.predecessors[block] where isWanted(edge.source) {
            for (key, state) in edges[edge.source][edge.slot].sorted(by: { $0.key < $1.key }) {
                let partition = facts.predecessors[block].count > 1 ? key.withoutVariant : key
                result[partition] = result[partition].map {
                    engine.join(
                        $0, state, at: JoinPoint(context: frame.context, block: point ?? Int32(block)),
                        isLoopHead: loop != nil, goals: goals)
                } ?? state
            }
        }
        return result
    }

    /// What a loop ends at when it is reached (`i != n`): its counter may stay below that all the way.
    private func goals(in loop: Set<Int>) -> [TermID] {
        var found: Set<TermID> = []
        for comparison in comparisons(in: loop) where comparison.isEquality { found.formUnion(comparison.terms) }
        return found.sorted()
    }

    private func comparisons(in loop: Set<Int>) -> [Engine.Comparison] {
        facts.loopBounds.filter(loop.contains).flatMap { block in
            inputs[block].sorted { $0.key < $1.key }.prefix(4).compactMap { engine.compared(in: block, frame, $0.value) }
        }
    }

    private func covers(_ old: PartitionedStates, _ new: PartitionedStates) -> Bool {
        new.allSatisfy { partition, state in old[partition].map { engine.covers($0, state) } ?? false }
    }

    private func widened(
        _ old: PartitionedStates, _ new: PartitionedStates, _ rounds: Int, _ loop: Set<Int>, _ head: Int
    ) -> PartitionedStates {
        var result = old
        let thresholds = self.thresholds(old, rounds, loop)
        for (partition, state) in new {
            result[partition] = old[partition].map {
                engine.join(
                    $0, state, at: JoinPoint(context: frame.context, block: Int32(head)), widening: thresholds,
                    isLoopHead: true)
            } ?? state
        }
        return result
    }

    /// Where widening may stop. What the loop compares with is always among that; of the function's other numbers only
    /// half as many in each round, as a loop that climbs them one by one costs more than they are worth: nested, its rounds
    /// multiply.
    private func thresholds(_ old: PartitionedStates, _ rounds: Int, _ loop: Set<Int>) -> [Int128] {
        let round = rounds - joinDelay
        guard round < 16 else { return [] }
        var result = Set(FunctionFacts.typeLimits).union(boundsCompared(in: loop))
        if round < 6 {
            let others = Set(facts.thresholds + boundsInSight(old)).sorted()
            for (index, value) in others.enumerated() where index % (1 << round) == 0 { result.insert(value) }
        }
        return result.sorted()
    }

    /// The values that the loop's tests compare with.
    private func boundsCompared(in loop: Set<Int>) -> [Int128] {
        var values: Set<Int128> = []
        for high in comparisons(in: loop).flatMap(\.highs) { values.formUnion([high - 1, high]) }
        return Array(values)
    }

    /// Bounds of the terms that values are compared with.
    private func boundsInSight(_ states: PartitionedStates) -> [Int128] {
        var values: Set<Int128> = []
        for state in states.values {
            for relation in state.relations {
                for term in [relation.left, relation.right] {
                    if let high = engine.terms.range(term, in: state).max { values.formUnion([high - 1, high, high + 1]) }
                }
            }
            if values.count > 64 { break }
        }
        return Array(values)
    }

    // MARK: Blocks

    private func execute(_ index: Int) throws {
        for slot in edges[index].indices { edges[index][slot] = [:] }
        exits[index] = [:]
        limits[index] = nil
        executions += 1
        frame.block = index
        let block = frame.function.blocks[index]
        for (partition, state) in inputs[index].sorted(by: { $0.key < $1.key }) {
            var states: PartitionedStates = [partition: state]
            for (position, instruction) in block.instructions.enumerated() {
                try engine.spend()
                engine.point = ProgramPoint(context: frame.context, block: Int32(index), instruction: Int32(position))
                engine.location = instruction.location
                states = try step(instruction, states, index)
                if states.isEmpty { break }
            }
            for (partition, state) in states.sorted(by: { $0.key < $1.key }) {
                try engine.spend()
                engine.point = ProgramPoint(
                    context: frame.context, block: Int32(index), instruction: Int32(block.instructions.count))
                engine.location = block.terminator.location
                try leave(block.terminator, index, partition, state)
            }
        }
    }

    private func step(
        _ instruction: Instruction, _ states: PartitionedStates, _ block: Int
    ) throws -> PartitionedStates {
        if case .call(let call) = instruction.kind {
            let point = engine.point
            var result: PartitionedStates = [:]
            for (partition, state) in states.sorted(by: { $0.key < $1.key }) {
                engine.point = point
                engine.location = instruction.location
                for (exit, after) in try engine.call(call, partition, state).sorted(by: { $0.key < $1.key }) {
                    result[exit] = result[exit].map {
                        engine.join($0, after, at: JoinPoint(context: frame.context, block: -100_000 - Int32(block)))
                    } ?? after
                }
            }
            return result
        }
        var result: PartitionedStates = [:]
        for (partition, state) in states {
            var state = state
            try engine.execute(instruction, in: &state)
            result[partition] = state
        }
        return result
    }

    private func flow(_ state: State, _ partition: PartitionID, from block: Int, slot: Int) {
        let known = edges[block][slot][partition]
        edges[block][slot][partition] = known.map {
            engine.join($0, state, at: JoinPoint(context: frame.context, block: -200_000 - Int32(block * 64 + min(slot, 63))))
        } ?? state
    }

    private func leave(_ terminator: Terminator, _ block: Int, _ partition: PartitionID, _ state: State) throws {
        let targets = distinctTargets(terminator)
        func go(_ target: BlockID, _ state: State, _ partition: PartitionID) {
            if let slot = targets.firstIndex(of: target.index) { flow(state, partition, from: block, slot: slot) }
        }
        var state = state
        switch terminator.kind {
        case .jump(let target): go(target, state, partition)
        case .anyOf(let all): for target in all { go(target, state, partition) }
        case .unreachable: break
        case .branch(let condition, let whenTrue, let whenFalse):
            let value = try engine.evaluate(condition, in: &state)
            for (holds, target) in [(true, whenTrue), (false, whenFalse)] {
                if let next = engine.assuming(value, holds, state) { go(target, next, partition) }
            }
        case .switching(let operand, let cases, let fallback):
            try branch(operand, cases, fallback, block, partition, state, go)
        case .returnVoid: finish(state, nil, block, partition)
        case .returnScalar(let id):
            let value = try engine.evaluate(id, in: &state)
            finish(state, value, block, partition)
        case .returnAggregate(let place):
            let result = ResolvedPlace(
                location: .targets([.init(object: engine.resultObject(of: frame), offset: 0)]), tag: nil,
                width: engine.bitWidth(of: place))
            let source = try engine.resolve(place, in: &state)
            engine.copy(to: result, from: source, in: &state)
            finish(state, nil, block, partition)
        }
    }

    private func distinctTargets(_ terminator: Terminator) -> [Int] {
        var seen: [Int] = []
        for next in terminator.successors where !seen.contains(next.index) { seen.append(next.index) }
        return seen
    }

    private func finish(_ state: State, _ value: Value?, _ block: Int, _ partition: PartitionID) {
        var state = state
        if let value {
            if frame === engine.summarizedFrame {
                let found = engine.parametersAbove(value, of: frame, in: state)
                limits[block] = limits[block].map { $0.intersection(found) } ?? found
            }
            engine.keepResult(value, of: frame, at: frame.function.blocks[block].terminator.location, in: &state)
        }
        exits[block][partition] = exits[block][partition].map {
            engine.join($0, state, at: JoinPoint(context: frame.context, block: -300_000 - Int32(block)))
        } ?? state
    }

    // MARK: Switches

    private func branch(
        _ operand: ExpressionID, _ cases: [SwitchCase], _ fallback: BlockID, _ block: Int, _ partition: PartitionID,
        _ start: State, _ go: (BlockID, State, PartitionID) -> Void
    ) throws {
        var state = start
        let value = try engine.evaluate(operand, in: &state)
        let format = value.range.format
        let splits = partition.isNone && engine.isCommand(value)
        if splits, cases.contains(where: { $0.label != nil }) { try engine.noteCommand(operand, in: &state) }
        var rest = engine.currentRange(of: value, in: state)
        for one in cases {
            let (low, high) = (constantValue(bits: one.low, format: format), constantValue(bits: one.high, format: format))
            let allowed = IntValue.range(low, high, format)
            rest = rest.excludingRange(low, high)
            guard let next = engine.restricting(value, to: allowed, state) else { continue }
            var target = partition
            if splits, let label = one.label { target.index = engine.partitions.id(label, at: one.location).index }
            go(one.target, next, target)
        }
        if let next = engine.restricting(value, to: rest, state) { go(fallback, next, partition) }
    }
}

extension IntValue {
    /// Without the members from `low` to `high`.
    fileprivate func excludingRange(_ low: Int128, _ high: Int128) -> IntValue {
        if low == high { return excluding(low) }
        let below = clamped(low: nil, high: low - 1)
        let above = clamped(low: high + 1, high: nil)
        let both = below.join(above)
        return both.isSubset(of: self) ? both : self
    }
}
