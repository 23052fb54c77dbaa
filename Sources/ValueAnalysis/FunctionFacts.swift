import ProgramModel

/// What a function's graph says by itself, whatever its arguments.
final class FunctionFacts: Sendable {
    /// A block, or a loop: its head and what is inside.
    indirect enum Element: Sendable {
        case block(Int)
        case component(head: Int, body: [Element])
    }

    /// Bourdoncle's weak topological order (1993).
    let order: [Element]
    /// Blocks that can reach themselves.
    let isInCycle: [Bool]
    /// Blocks of loops that end with a test: what they compare with bounds the loop's variables.
    let loopBounds: [Int]
    /// Edges into a block, by source block and successor number.
    let predecessors: [[Edge]]
    /// Constants of the function, ascending: where widening stops.
    let thresholds: [Int128]
    /// Instructions and terminators.
    let size: Int
    /// Whether there is a `switch` with named cases.
    let hasNamedCases: Bool
    let isLoopHead: [Bool]
    /// Functions that are called by name, each once.
    let callees: [FunctionReference]
    /// Whether some path does not come back, or the value of a pointer, not what is behind it, decides something.
    let isTelling: Bool
    /// A few instructions without a loop whose result says something of what is compared in it.
    let isPredicate: Bool
    /// A few instructions that make a value of a value (`_mfn(INT_MAX)`): what is compared with may come through one.
    let isWrapper: Bool
    /// Locals that the return value is computed from.
    let returnRelevant: [Bool]
    /// The same, with what is stored through pointers.
    let storeRelevant: [Bool]
    let heldPointers: HeldPointers
    let parameterUses: ParameterUses

    struct Edge: Hashable, Sendable {
        var source: Int
        /// Index into the distinct targets of the source's terminator.
        var slot: Int
    }

    init(_ function: Function) {
        let targets = function.blocks.map { block -> [Int] in
            var seen: [Int] = []
            for next in block.terminator.successors where !seen.contains(next.index) { seen.append(next.index) }
            return seen
        }
        var predecessors = [[Edge]](repeating: [], count: targets.count)
        for (source, list) in targets.enumerated() {
            for (slot, target) in list.enumerated() { predecessors[target].append(Edge(source: source, slot: slot)) }
        }
        self.predecessors = predecessors
        var ordering = WeakTopologicalOrder(targets: targets)
        order = ordering.make()
        var cycle = [Bool](repeating: false, count: targets.count)
        Self.markCycles(order, isInside: false, &cycle)
        isInCycle = cycle
        var heads = [Bool](repeating: false, count: targets.count)
        Self.markHeads(order, &heads)
        isLoopHead = heads
        loopBounds = function.blocks.indices.filter { index in
            if cycle[index], case .branch = function.blocks[index].terminator.kind { true } else { false }
        }
        thresholds = Self.thresholds(of: function)
        size = function.instructionCount
        hasNamedCases = function.blocks.contains { block in
            if case .switching(_, let cases, _) = block.terminator.kind { cases.contains { $0.label != nil } } else { false }
        }
        callees = Self.callees(of: function)
        isTelling = Self.isTelling(function)
        isPredicate = size <= 12 && !cycle.contains(true) && function.returnType.integerType != nil
            && function.expressions.contains { if case .compare = $0.kind { true } else { false } }
        isWrapper = size <= 6 && function.blocks.count == 1 && callees.isEmpty && function.returnType != .void
        returnRelevant = Relevance(function, includesStores: false).relevant
        storeRelevant = Relevance(function, includesStores: true).relevant
        heldPointers = HeldPointers(function)
        parameterUses = ParameterUses(function)
    }

    private static func callees(of function: Function) -> [FunctionReference] {
        var found: Set<FunctionReference> = []
        for block in function.blocks {
            for instruction in block.instructions {
                if case .call(let call) = instruction.kind, case .direct(let callee) = call.callee { found.insert(callee) }
            }
        }
        return found.sorted()
    }

    private static func isTelling(_ function: Function) -> Bool {
        let canDiverge = function.blocks.contains { if case .unreachable = $0.terminator.kind { true } else { false } }
        return canDiverge || function.expressions.contains { expression in
            switch expression.kind {
            case .convert(let inner, _): function[inner].type.isPointer && !expression.type.isPointer
            case .compare(_, let a, let b): function[a].type.isPointer || function[b].type.isPointer
            case .logicalNot(let inner): function[inner].type.isPointer
            default: false
            }
        }
    }

    private static func markCycles(_ elements: [Element], isInside: Bool, _ cycle: inout [Bool]) {
        for element in elements {
            switch element {
            case .block(let index): if isInside { cycle[index] = true }
            case .component(let head, let body):
                cycle[head] = true
                markCycles(body, isInside: true, &cycle)
            }
        }
    }

    private static func markHeads(_ elements: [Element], _ heads: inout [Bool]) {
        for case .component(let head, let body) in elements {
            heads[head] = true
            markHeads(body, &heads)
        }
    }

    /// Bounds that any value may have: of errors and of the types that results have.
    static let typeLimits: [Int128] = [-4096, -4095, -1, 0] + [31, 32, 63, 64].flatMap { bits -> [Int128] in
        [-(Int128(1) << Int128(bits)), (Int128(1) << Int128(bits)) - 1]
    }

    private static func thresholds(of function: Function) -> [Int128] {
        var values: Set<Int128> = [-4095, -1, 0, 1]
        for bits in [7, 8, 15, 16, 31, 32, 63, 64] {
            values.insert((Int128(1) << Int128(bits)) - 1)
            values.insert(-(Int128(1) << Int128(bits)))
        }
        for expression in function.expressions {
            guard case .constant(let bits) = expression.kind, let format = expression.type.format else { continue }
            let value = constantValue(bits: bits, format: format)
            values.formUnion([value - 1, value, value + 1])
        }
        return values.sorted()
    }
}

/// Bourdoncle, "Efficient chaotic iteration strategies with widenings", 1993, figure 4; with an explicit stack, because
/// the depth is the hostile source's to choose.
private struct WeakTopologicalOrder {
    let targets: [[Int]]
    private var number: [Int]
    private var counter = 0
    private var stack: [Int] = []

    init(targets: [[Int]]) {
        self.targets = targets
        number = Array(repeating: 0, count: targets.count)
    }

    private struct Visit {
        var vertex: Int
        var next = 0
        var head: Int
        var isLoop = false
    }

    mutating func make() -> [FunctionFacts.Element] {
        var partition: [FunctionFacts.Element] = []
        visit(0, &partition)
        return partition.reversed()
    }

    /// Appends to `partition`, which is in reverse order.
    private mutating func visit(_ start: Int, _ partition: inout [FunctionFacts.Element]) {
        var visits = [enter(start)]
        while var top = visits.last {
            if top.next < targets[top.vertex].count {
                let successor = targets[top.vertex][top.next]
                top.next += 1
                if number[successor] == 0 {
                    visits[visits.count - 1] = top
                    visits.append(enter(successor))
                } else {
                    if number[successor] <= top.head {
                        top.head = number[successor]
                        top.isLoop = true
                    }
                    visits[visits.count - 1] = top
                }
                continue
            }
            visits.removeLast()
            leave(top, &partition)
            if var parent = visits.last {
                if top.head <= parent.head {
                    parent.head = top.head
                    parent.isLoop = true
                }
                visits[visits.count - 1] = parent
            }
        }
    }

    private mutating func enter(_ vertex: Int) -> Visit {
        stack.append(vertex)
        counter += 1
        number[vertex] = counter
        return Visit(vertex: vertex, head: counter)
    }

    private mutating func leave(_ visit: Visit, _ partition: inout [FunctionFacts.Element]) {
        guard visit.head == number[visit.vertex] else { return }
        number[visit.vertex] = Int.max
        var element = stack.removeLast()
        if visit.isLoop {
            while element != visit.vertex {
                number[element] = 0
                element = stack.removeLast()
            }
            partition.append(component(visit.vertex))
        } else {
            partition.append(.block(visit.vertex))
        }
    }

    private mutating func component(_ head: Int) -> FunctionFacts.Element {
        var body: [FunctionFacts.Element] = []
        for successor in targets[head] where number[successor] == 0 { visit(successor, &body) }
        return .component(head: head, body: body.reversed())
    }
}

/// A flow-insensitive backward slice: the locals that the results of a function are computed from.
private struct Relevance {
    private(set) var relevant: [Bool]
    private let function: Function
    private let includesStores: Bool

    init(_ function: Function, includesStores: Bool) {
        self.function = function
        self.includesStores = includesStores
        relevant = Array(repeating: false, count: function.locals.count)
        for block in function.blocks {
            switch block.terminator.kind {
            case .returnScalar(let value): add(value)
            case .returnAggregate(let place): add(place)
            default: break
            }
        }
        var before = -1
        while before != count {
            before = count
            for block in function.blocks { for instruction in block.instructions { visit(instruction.kind) } }
        }
    }

    private var count: Int { relevant.count { $0 } }

    private mutating func visit(_ kind: InstructionKind) {
        switch kind {
        case .assign(let place, let value):
            if isWanted(place) {
                add(value)
                add(place)
            } else if case .local(let local) = place.base, takesAddressOfRelevant(value) {
                relevant[local.index] = true
            }
        case .copy(let to, let from):
            if isWanted(to) {
                add(from)
                add(to)
            }
        case .call(let call):
            let isWritten = call.arguments.contains { argument in
                if case .scalar(let value) = argument { takesAddressOfRelevant(value) } else { false }
            }
            if isWritten || (call.result.map(isWanted) ?? false) {
                // What comes back may be one of the addresses.
                let isCopy = isWritten && copiesBytes(call) || call.returnType.isPointer
                for argument in call.arguments {
                    switch argument {
                    // A struct behind a pointer is rarely what a result is; what is written there counts where it is read.
                    case .scalar(let value): if isCopy || !isAddressOfAggregate(value) { add(value) }
                    case .aggregate(let place): add(place)
                    }
                }
                if case .indirect(let pointer, _) = call.callee { add(pointer) }
            }
        case .zero, .declare, .assembly, .unsupported: break
        }
    }

    private func copiesBytes(_ call: Call) -> Bool {
        if case .direct(let callee) = call.callee { ByteFunction(rawValue: callee.name)?.copies ?? false } else { false }
    }

    private func isAddressOfAggregate(_ id: ExpressionID) -> Bool {
        switch function[id].kind {
        case .addressOf(let place): place.type.integerType == nil
        case .convert(let inner, _): isAddressOfAggregate(inner)
        default: false
        }
    }

    private func isWanted(_ place: Place) -> Bool {
        switch place.base {
        case .local(let local): relevant[local.index]
        case .global, .string: false
        case .dereference(let pointer): includesStores || mentionsRelevant(pointer)
        }
    }

    private func mentionsRelevant(_ id: ExpressionID) -> Bool {
        var found = false
        function.forEachLocal(in: id) { if relevant[$0.index] { found = true } }
        return found
    }

    private func takesAddressOfRelevant(_ id: ExpressionID) -> Bool { mentionsRelevant(id) && function[id].type.isPointer }

    private mutating func add(_ id: ExpressionID) {
        var found: [LocalID] = []
        function.forEachLocal(in: id) { found.append($0) }
        for local in found { relevant[local.index] = true }
    }

    private mutating func add(_ place: Place) {
        if case .local(let local) = place.base { relevant[local.index] = true }
        if case .dereference(let pointer) = place.base { add(pointer) }
        for case .element(let index, _, _) in place.path { add(index) }
    }
}

extension Function {
    /// Visits the locals that an expression reads or takes the address of. Children come before parents, so this ends.
    func forEachLocal(in id: ExpressionID, _ visit: (LocalID) -> Void) {
        switch self[id].kind {
        case .constant, .functionAddress, .anyValue, .unsupported: break
        case .load(let place), .volatileLoad(let place), .addressOf(let place): forEachLocal(in: place, visit)
        case .unary(_, let a), .logicalNot(let a), .convert(let a, _): forEachLocal(in: a, visit)
        case .binary(_, let a, let b), .compare(_, let a, let b), .pointerDifference(let a, let b, _),
            .logicalAnd(let a, let b), .logicalOr(let a, let b):
            forEachLocal(in: a, visit)
            forEachLocal(in: b, visit)
        case .pointerAdd(let pointer, let index, _, _):
            forEachLocal(in: pointer, visit)
            forEachLocal(in: index, visit)
        }
    }

    func forEachLocal(in place: Place, _ visit: (LocalID) -> Void) {
        switch place.base {
        case .local(let local): visit(local)
        case .dereference(let pointer): forEachLocal(in: pointer, visit)
        case .global, .string: break
        }
        for case .element(let index, _, _) in place.path { forEachLocal(in: index, visit) }
    }
}
