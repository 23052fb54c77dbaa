import ClangAST
import ProgramModel

extension FunctionLowering {
    /// Branches on an expression; the current block is ended.
    ///
    /// `&&`, `||`, `!`, `?:` and `__builtin_expect` become control flow, so that each test refines by itself.
    func lower(condition cursor: Cursor, whenTrue: BlockID, whenFalse: BlockID) {
        nested(cursor, { lowerCondition(cursor, whenTrue, whenFalse) }, otherwise: {
            let location = place(of: cursor)
            let any = builder.add(.unsupported(kind: "nesting too deep"), .integer(.int), location)
            builder.terminate(.branch(any, whenTrue: whenTrue, whenFalse: whenFalse), location)
        })
    }

    private func lowerCondition(_ cursor: Cursor, _ whenTrue: BlockID, _ whenFalse: BlockID) {
        let children = cursor.children
        switch cursor.kind {
        case .parenExpr:
            if let inner = children.last { return lower(condition: inner, whenTrue: whenTrue, whenFalse: whenFalse) }
        case .unaryOperator where cursor.unaryOperator == .logicalNot:
            if let inner = children.last { return lower(condition: inner, whenTrue: whenFalse, whenFalse: whenTrue) }
        case .unaryOperator where cursor.unaryOperator == .extension:
            if let inner = children.last { return lower(condition: inner, whenTrue: whenTrue, whenFalse: whenFalse) }
        case .binaryOperator where children.count == 2:
            if lowerLogicalCondition(cursor.binaryOperator, children, whenTrue, whenFalse) { return }
        case .conditionalOperator where children.count == 3:
            let (first, second) = (builder.newBlock(), builder.newBlock())
            lower(condition: children[0], whenTrue: first, whenFalse: second)
            builder.current = first
            lower(condition: children[1], whenTrue: whenTrue, whenFalse: whenFalse)
            builder.current = second
            return lower(condition: children[2], whenTrue: whenTrue, whenFalse: whenFalse)
        case .unexposedExpr, .cStyleCastExpr:
            if let inner = operandOfHarmlessConversion(cursor) {
                return lower(condition: inner, whenTrue: whenTrue, whenFalse: whenFalse)
            }
        case .callExpr:
            if let inner = expectedValue(cursor) {
                return lower(condition: inner, whenTrue: whenTrue, whenFalse: whenFalse)
            }
        case .stmtExpr:
            if let last = lowerAllButLast(cursor), last.isExpression {
                return lower(condition: last, whenTrue: whenTrue, whenFalse: whenFalse)
            }
            return malformed(cursor)
        default: break
        }
        branch(on: lower(value: cursor), whenTrue: whenTrue, whenFalse: whenFalse, place(of: cursor))
    }

    private func lowerLogicalCondition(
        _ op: ClangBinaryOperator, _ children: [Cursor], _ whenTrue: BlockID, _ whenFalse: BlockID
    ) -> Bool {
        switch op {
        case .logicalAnd:
            let next = builder.newBlock()
            lower(condition: children[0], whenTrue: next, whenFalse: whenFalse)
            builder.current = next
        case .logicalOr:
            let next = builder.newBlock()
            lower(condition: children[0], whenTrue: whenTrue, whenFalse: next)
            builder.current = next
        case .comma: lower(effectsOf: children[0])
        default: return false
        }
        lower(condition: children[1], whenTrue: whenTrue, whenFalse: whenFalse)
        return true
    }

    /// The operand of a conversion between integers that is zero exactly when the operand is.
    private func operandOfHarmlessConversion(_ cursor: Cursor) -> Cursor? {
        let operand: Cursor
        if cursor.kind == .cStyleCastExpr {
            guard let last = cursor.children.last, last.isExpression else { return nil }
            operand = last
        } else {
            guard case .conversion(let inner) = Unexposed(cursor) else { return nil }
            operand = inner
        }
        guard case .integer(let target) = types.lower(cursor.type), !isPlaceLike(operand) else { return nil }
        guard case .integer(let source) = types.lower(operand.type) else { return nil }
        return target.isBool || target.width >= source.width ? operand : nil
    }

    /// `x` of `__builtin_expect(x, c)`.
    private func expectedValue(_ cursor: Cursor) -> Cursor? {
        let children = cursor.children
        guard children.count >= 3, let function = children.first.flatMap(functionDeclaration),
            Builtin.expectations.contains(function.spelling)
        else { return nil }
        return children[1]
    }

    func branchKind(_ value: ExpressionID, whenTrue: BlockID, whenFalse: BlockID) -> TerminatorKind {
        guard let bits = constantBits(value) else { return .branch(value, whenTrue: whenTrue, whenFalse: whenFalse) }
        return .jump(bits != 0 ? whenTrue : whenFalse)
    }

    func branch(on value: ExpressionID, whenTrue: BlockID, whenFalse: BlockID, _ location: SourceLocation) {
        var value = value
        if builder[value].type.scalarType == nil {
            value = builder.add(.anyValue(reason: "test of an unfollowed type"), .integer(.int), location)
        }
        // `!x` and `x != 0` in a value that was lowered elsewhere still turn the branch around.
        if case .logicalNot(let inner) = builder[value].kind {
            return branch(on: inner, whenTrue: whenFalse, whenFalse: whenTrue, location)
        }
        builder.terminate(branchKind(value, whenTrue: whenTrue, whenFalse: whenFalse), location)
    }

    // MARK: Effects

    /// Lowers an expression whose value nobody uses.
    func lower(effectsOf cursor: Cursor) {
        nested(cursor, { lowerEffects(cursor) }, otherwise: {})
    }

    private func lowerEffects(_ cursor: Cursor) {
        let children = cursor.children
        switch cursor.kind {
        case .parenExpr, .cStyleCastExpr:
            if let inner = children.last, inner.isExpression { lower(effectsOf: inner) }
        case .unexposedExpr:
            if case .conversion(let inner) = Unexposed(cursor) { lower(effectsOf: inner) } else { fallthroughToValue(cursor) }
        case .binaryOperator: lowerBinaryEffects(cursor, children)
        case .compoundAssignOperator: _ = lowerCompoundAssignment(cursor, isUsed: false)
        case .unaryOperator:
            guard let operand = children.last else { return }
            switch cursor.unaryOperator {
            case .postIncrement, .postDecrement, .preIncrement, .preDecrement:
                _ = lowerIncrement(cursor, operand, isUsed: false)
            default: lower(effectsOf: operand)
            }
        case .conditionalOperator where children.count == 3:
            let (first, second, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
            lower(condition: children[0], whenTrue: first, whenFalse: second)
            builder.current = first
            lower(effectsOf: children[1])
            builder.terminate(.jump(end), place(of: cursor))
            builder.current = second
            lower(effectsOf: children[2])
            builder.terminate(.jump(end), place(of: cursor))
            builder.current = end
        case .callExpr: lowerCallEffects(cursor)
        case .stmtExpr:
            if let last = lowerAllButLast(cursor) { lower(statement: last) }
        default: fallthroughToValue(cursor)
        }
    }

    private func fallthroughToValue(_ cursor: Cursor) {
        switch types.lower(cursor.type) {
        case .record, .array: _ = lower(place: cursor)
        default: _ = lower(value: cursor)
        }
    }

    private func lowerBinaryEffects(_ cursor: Cursor, _ children: [Cursor]) {
        guard children.count == 2 else { return malformed(cursor) }
        switch cursor.binaryOperator {
        case .assign:
            if types.lower(cursor.type).isAggregate {
                _ = lower(place: cursor)
            } else {
                _ = lowerAssignment(cursor, isUsed: false)
            }
        case .logicalAnd, .logicalOr:
            let (side, end) = (builder.newBlock(), builder.newBlock())
            let isAnd = cursor.binaryOperator == .logicalAnd
            lower(condition: children[0], whenTrue: isAnd ? side : end, whenFalse: isAnd ? end : side)
            builder.current = side
            lower(effectsOf: children[1])
            builder.terminate(.jump(end), place(of: cursor))
            builder.current = end
        default: for child in children { lower(effectsOf: child) }
        }
    }
}
