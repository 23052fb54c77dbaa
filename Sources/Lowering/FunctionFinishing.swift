import ProgramModel

/// The finished graph: only what can be reached, in reverse postorder, straight lines joined.
struct FinishedGraph {
    private(set) var blocks: [Block] = []
    private(set) var expressions: [Expression] = []
    private(set) var unsupported: [String: Int] = [:]
    private var source: [FunctionBuilder.OpenBlock]
    private let oldExpressions: [Expression]
    private var newIndex: [Int?]

    /// - Parameter fallback: ends blocks that were left open (a label that was never lowered).
    init(_ builder: FunctionBuilder, fallback: Terminator) {
        source = builder.blocks.map { block in
            var block = block
            block.terminator = block.terminator ?? fallback
            return block
        }
        oldExpressions = builder.expressions
        newIndex = Array(repeating: nil, count: builder.expressions.count)
        threadJumps()
        let order = reversePostorder()
        let merged = mergeChains(order)
        keep(merged)
    }

    private func successors(_ index: Int) -> [Int] {
        source[index].terminator?.successors.map(\.index) ?? []
    }

    // MARK: Simplification

    /// Jumps to an empty block that only jumps go where that one goes.
    private mutating func threadJumps() {
        var targets: [BlockID] = []
        for index in source.indices { targets.append(finalTarget(of: index)) }
        for index in source.indices {
            guard let terminator = source[index].terminator else { continue }
            source[index].terminator?.kind = terminator.kind.mapTargets { targets[$0.index] }
        }
    }

    private func finalTarget(of start: Int) -> BlockID {
        var index = start
        var steps = 0
        while source[index].instructions.isEmpty, case .jump(let next) = source[index].terminator?.kind, next.index != index,
            steps < source.count
        {
            index = next.index
            steps += 1
        }
        return BlockID(index)
    }

    private func reversePostorder() -> [Int] {
        var order: [Int] = []
        var seen = Array(repeating: false, count: source.count)
        var stack: [(block: Int, next: Int)] = [(0, 0)]
        seen[0] = true
        while let top = stack.last {
            // Successors are taken from the last to the first, so that the first comes first in the reversed order.
            let following = successors(top.block)
            if top.next < following.count {
                stack[stack.count - 1].next += 1
                let candidate = following[following.count - 1 - top.next]
                if !seen[candidate] {
                    seen[candidate] = true
                    stack.append((candidate, 0))
                }
            } else {
                order.append(top.block)
                stack.removeLast()
            }
        }
        return order.reversed()
    }

    /// Appends to each block the one that it jumps to where there is no other way into that one.
    private mutating func mergeChains(_ order: [Int]) -> [Int] {
        var predecessors = Array(repeating: 0, count: source.count)
        predecessors[0] = 1
        for index in order { for next in successors(index) { predecessors[next] += 1 } }
        var absorbed = Set<Int>()
        for index in order where !absorbed.contains(index) {
            while case .jump(let next) = source[index].terminator?.kind, next.index != index, predecessors[next.index] == 1 {
                source[index].instructions += source[next.index].instructions
                source[index].terminator = source[next.index].terminator
                absorbed.insert(next.index)
            }
        }
        return order.filter { !absorbed.contains($0) }
    }

    // MARK: Renumbering

    private mutating func keep(_ order: [Int]) {
        markUsed(order)
        for (index, expression) in oldExpressions.enumerated() where newIndex[index] != nil {
            newIndex[index] = expressions.count
            var copy = expression
            copy.kind = expression.kind.mapOperands(renumbered)
            if case .unsupported(let kind) = copy.kind { unsupported[kind, default: 0] += 1 }
            expressions.append(copy)
        }
        var newBlock: [Int: BlockID] = [:]
        for (position, index) in order.enumerated() { newBlock[index] = BlockID(position) }
        for index in order {
            let instructions = source[index].instructions.map { instruction in
                Instruction(kind: instruction.kind.mapOperands(renumbered), location: instruction.location)
            }
            for case .unsupported(let kind) in instructions.map(\.kind) { unsupported[kind, default: 0] += 1 }
            guard var terminator = source[index].terminator else { continue }
            terminator.kind = terminator.kind.mapTargets { newBlock[$0.index] ?? $0 }.mapOperands(renumbered)
            blocks.append(Block(instructions: instructions, terminator: terminator))
        }
    }

    private func renumbered(_ id: ExpressionID) -> ExpressionID { ExpressionID(newIndex[id.index] ?? id.index) }

    /// Marks in `newIndex` the expressions that the blocks use. Parents come after their children, so one pass backwards.
    private mutating func markUsed(_ order: [Int]) {
        var used = Array(repeating: false, count: oldExpressions.count)
        let note: (ExpressionID) -> ExpressionID = { id in
            used[id.index] = true
            return id
        }
        for index in order {
            for instruction in source[index].instructions { _ = instruction.kind.mapOperands(note) }
            _ = source[index].terminator?.kind.mapOperands(note)
        }
        for index in oldExpressions.indices.reversed() where used[index] {
            newIndex[index] = index
            _ = oldExpressions[index].kind.mapOperands(note)
        }
    }
}
