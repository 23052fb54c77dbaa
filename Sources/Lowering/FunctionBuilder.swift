import ProgramModel

/// The growing control-flow graph of one function. Knows nothing of libclang.
struct FunctionBuilder {
    struct OpenBlock {
        var instructions: [Instruction] = []
        var terminator: Terminator?
    }

    /// A point in the program between two instructions.
    struct Mark: Equatable {
        var block: BlockID
        var index: Int
    }

    private(set) var locals: [Local] = []
    private(set) var expressions: [Expression] = []
    private(set) var blocks: [OpenBlock] = [OpenBlock()]
    /// Whether an expression gives the same value wherever between its making and its use it is evaluated.
    private var stability: [Bool] = []
    /// Where instructions go.
    var current = BlockID(0)

    subscript(id: ExpressionID) -> Expression { expressions[id.index] }
    subscript(id: LocalID) -> Local { locals[id.index] }

    // MARK: Locals and expressions

    mutating func addLocal(_ local: Local) -> LocalID {
        locals.append(local)
        return LocalID(locals.count - 1)
    }

    var lastLocal: LocalID { LocalID(locals.count - 1) }

    mutating func temporary(_ type: CType, _ hint: String, _ location: SourceLocation) -> LocalID {
        addLocal(Local(name: "\(hint)$\(locals.count)", type: type, location: location, isTemporary: true))
    }

    mutating func add(_ kind: ExpressionKind, _ type: CType, _ location: SourceLocation) -> ExpressionID {
        stability.append(computeStability(kind))
        expressions.append(Expression(kind: kind, type: type, location: location))
        return ExpressionID(expressions.count - 1)
    }

    func isStable(_ id: ExpressionID) -> Bool { stability[id.index] }

    private func computeStability(_ kind: ExpressionKind) -> Bool {
        switch kind {
        case .constant, .functionAddress, .anyValue, .unsupported: return true
        case .load(let place):
            // A temporary is assigned before the one use that it is made for, and never between the two.
            guard case .local(let local) = place.base, self[local].isTemporary else { return false }
            return isAddressStable(place)
        case .volatileLoad: return false
        case .addressOf(let place): return isAddressStable(place)
        case .unary(_, let a), .logicalNot(let a), .convert(let a, _): return isStable(a)
        case .binary(_, let a, let b), .compare(_, let a, let b), .logicalAnd(let a, let b), .logicalOr(let a, let b),
            .pointerDifference(let a, let b, _), .pointerAdd(let a, let b, _, _):
            return isStable(a) && isStable(b)
        }
    }

    func isAddressStable(_ place: Place) -> Bool {
        if case .dereference(let pointer) = place.base, !isStable(pointer) { return false }
        return place.path.allSatisfy { projection in
            if case .element(let index, _, _) = projection { isStable(index) } else { true }
        }
    }

    // MARK: Blocks

    mutating func newBlock() -> BlockID {
        blocks.append(OpenBlock())
        return BlockID(blocks.count - 1)
    }

    var isOpen: Bool { blocks[current.index].terminator == nil }
    var isCurrentEmpty: Bool { blocks[current.index].instructions.isEmpty && isOpen }

    mutating func emit(_ kind: InstructionKind, _ location: SourceLocation) {
        if !isOpen { current = newBlock() }
        blocks[current.index].instructions.append(Instruction(kind: kind, location: location))
    }

    /// Ends the current block unless it has ended already.
    mutating func terminate(_ kind: TerminatorKind, _ location: SourceLocation) {
        guard isOpen else { return }
        blocks[current.index].terminator = Terminator(kind: kind, location: location)
    }

    mutating func terminate(block: BlockID, _ kind: TerminatorKind, _ location: SourceLocation) {
        guard blocks[block.index].terminator == nil else { return }
        blocks[block.index].terminator = Terminator(kind: kind, location: location)
    }

    /// Ends the current block with a jump to `block` and goes on there.
    mutating func fallInto(_ block: BlockID, _ location: SourceLocation) {
        terminate(.jump(block), location)
        current = block
    }

    // MARK: Marks

    var mark: Mark { Mark(block: current, index: blocks[current.index].instructions.count) }

    /// Replaces `value` by a temporary that is assigned at `mark`, where `value` was made, if evaluating it only now could
    /// give something else. Marks made after `mark` in the same block are moved: use them first.
    mutating func snapshot(_ value: ExpressionID, at mark: Mark) -> ExpressionID {
        guard mark != self.mark, !isStable(value) else { return value }
        let expression = self[value]
        let local = temporary(expression.type, "order", expression.location)
        let place = Place(base: .local(local), type: expression.type)
        blocks[mark.block.index].instructions.insert(
            Instruction(kind: .assign(place, value), location: expression.location), at: mark.index)
        return add(.load(place), expression.type, expression.location)
    }
}
