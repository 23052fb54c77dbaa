import ClangAST
import ProgramModel

extension FunctionLowering {
    func lowerUnary(_ cursor: Cursor) -> ExpressionID {
        let location = place(of: cursor)
        guard let operand = cursor.children.last, operand.isExpression else {
            return unsupported("malformed operator", cursor, type: types.lowerValue(cursor.type))
        }
        switch cursor.unaryOperator {
        case .postIncrement, .postDecrement, .preIncrement, .preDecrement:
            return lowerIncrement(cursor, operand, isUsed: true) ?? constant(0, .integer(.int), location)
        case .addressOf: return lowerAddress(operand, cursor)
        case .dereference: return rvalue(of: cursor, location)
        case .plus, .extension: return lower(value: operand)
        case .minus: return arithmetic(.negate, lower(value: operand), location)
        case .complement: return arithmetic(.complement, lower(value: operand), location)
        case .logicalNot: return logicalNot(lower(value: operand), location)
        case .real, .imaginary, .other:
            lower(effectsOf: operand)
            return builder.add(.anyValue(reason: "complex number"), types.lowerValue(cursor.type), location)
        }
    }

    private func arithmetic(_ op: UnaryOperator, _ value: ExpressionID, _ location: SourceLocation) -> ExpressionID {
        let type = builder[value].type
        guard let integer = type.integerType else {
            return builder.add(.anyValue(reason: "arithmetic on an unfollowed type"), type, location)
        }
        if let bits = constantBits(value), let folded = ConstantFolding.unary(op, bits, integer) {
            return constant(folded, type, location)
        }
        return builder.add(.unary(op, value), type, location)
    }

    func logicalNot(_ value: ExpressionID, _ location: SourceLocation) -> ExpressionID {
        if case .opaque = builder[value].type {
            return builder.add(.anyValue(reason: "test of an unfollowed type"), .integer(.int), location)
        }
        if let bits = constantBits(value) { return constant(bits == 0 ? 1 : 0, .integer(.int), location) }
        return builder.add(.logicalNot(value), .integer(.int), location)
    }

    private func lowerAddress(_ operand: Cursor, _ cursor: Cursor) -> ExpressionID {
        let location = place(of: cursor)
        if let function = functionDeclaration(operand) {
            return builder.add(
                .functionAddress(session.reference(toFunction: function)), types.lowerValue(cursor.type), location)
        }
        let target = lower(place: operand)
        // `&*p` is `p`.
        if case .dereference(let pointer) = target.base, target.path.isEmpty {
            return convert(pointer, to: types.lowerValue(cursor.type), isExplicit: false, location)
        }
        return builder.add(.addressOf(target), types.pointer(to: target.type), location)
    }

    /// The function that an expression names, through parentheses and conversions to a pointer.
    func functionDeclaration(_ cursor: Cursor) -> Cursor? {
        var inner = cursor
        while true {
            switch inner.kind {
            case .declRefExpr:
                let declaration = inner.referenced
                return declaration.kind == .functionDecl ? declaration : nil
            case .parenExpr:
                guard let child = inner.children.last else { return nil }
                inner = child
            case .unexposedExpr:
                guard case .conversion(let child) = Unexposed(inner) else { return nil }
                inner = child
            case .unaryOperator:
                let op = inner.unaryOperator
                guard op == .extension || op == .dereference || op == .addressOf, let child = inner.children.last
                else { return nil }
                inner = child
            default: return nil
            }
        }
    }

    // MARK: Binary operators

    func lowerBinary(_ cursor: Cursor) -> ExpressionID {
        let children = cursor.children
        let type = types.lowerValue(cursor.type)
        guard children.count == 2 else { return unsupported("malformed operator", cursor, type: type) }
        switch cursor.binaryOperator {
        case .assign: return lowerAssignment(cursor, isUsed: true) ?? unsupported("assignment", cursor, type: type)
        case .comma:
            lower(effectsOf: children[0])
            if case .void = type {
                lower(effectsOf: children[1])
                return builder.add(.anyValue(reason: "void"), .void, place(of: cursor))
            }
            return lower(value: children[1])
        case .logicalAnd: return lowerLogical(cursor, children, isAnd: true)
        case .logicalOr: return lowerLogical(cursor, children, isAnd: false)
        case .compound, .other: return unsupported("operator", cursor, type: type)
        default:
            let values = operands(children) { lower(value: $0) }
            return combine(cursor.binaryOperator, values[0], values[1], type, cursor)
        }
    }

    /// One of the operators that compute a value from two.
    func combine(
        _ op: ClangBinaryOperator, _ left: ExpressionID, _ right: ExpressionID, _ type: CType, _ cursor: Cursor
    ) -> ExpressionID {
        let location = place(of: cursor)
        if let comparison = ComparisonOperator(op) { return compare(comparison, left, right, cursor) }
        let (a, b) = (builder[left].type, builder[right].type)
        if a.isPointer || b.isPointer { return pointerArithmetic(op, left, right, cursor) }
        guard let integer = type.integerType, let x = a.integerType, let y = b.integerType else {
            return builder.add(.anyValue(reason: "arithmetic on an unfollowed type"), type, location)
        }
        guard let operation = BinaryOperator(op) else { return unsupported("operator", cursor, type: type) }
        let isShift = operation == .shiftLeft || operation == .shiftRight
        guard x == integer, isShift || y == integer else { return unsupported("operand types", cursor, type: type) }
        if let p = constantBits(left), let q = constantBits(right),
            let folded = ConstantFolding.binary(operation, p, q, integer, shiftType: y)
        {
            return constant(folded, type, location)
        }
        return builder.add(.binary(operation, left, right), type, location)
    }

    private func compare(
        _ op: ComparisonOperator, _ left: ExpressionID, _ right: ExpressionID, _ cursor: Cursor
    ) -> ExpressionID {
        let location = place(of: cursor)
        let int = CType.integer(.int)
        let (a, b) = (builder[left].type, builder[right].type)
        guard let x = a.scalarType, let y = b.scalarType else {
            return builder.add(.anyValue(reason: "comparison of an unfollowed type"), int, location)
        }
        guard x == y else { return unsupported("operand types", cursor, type: int) }
        if let p = constantBits(left), let q = constantBits(right) {
            return constant(ConstantFolding.compare(op, p, q, x) ? 1 : 0, int, location)
        }
        return builder.add(.compare(op, left, right), int, location)
    }

    func pointerArithmetic(
        _ op: ClangBinaryOperator, _ left: ExpressionID, _ right: ExpressionID, _ cursor: Cursor
    ) -> ExpressionID {
        let location = place(of: cursor)
        let (a, b) = (builder[left].type, builder[right].type)
        let resultType = types.lowerValue(cursor.type)
        guard let pointee = a.pointee ?? b.pointee, let size = byteSize(pointee) else {
            return unsupported("pointer arithmetic", cursor, type: resultType)
        }
        switch (op, a.isPointer, b.isPointer) {
        case (.subtract, true, true):
            return builder.add(.pointerDifference(left, right, elementSize: size), resultType, location)
        case (.add, true, false), (.subtract, true, false):
            return builder.add(
                .pointerAdd(pointer: left, index: right, elementSize: size, isSubtraction: op == .subtract), a, location)
        case (.add, false, true):
            return builder.add(
                .pointerAdd(pointer: right, index: left, elementSize: size, isSubtraction: false), b, location)
        default: return unsupported("pointer arithmetic", cursor, type: resultType)
        }
    }

    /// `a && b` as a value: an expression if `b` has no side effect, else control flow into a temporary.
    private func lowerLogical(_ cursor: Cursor, _ children: [Cursor], isAnd: Bool) -> ExpressionID {
        let location = place(of: cursor)
        let int = CType.integer(.int)
        let left = lower(value: children[0])
        let before = builder.current
        let side = builder.newBlock()
        builder.current = side
        let right = lower(value: children[1])
        if builder.current == side, builder.isCurrentEmpty {
            builder.current = before
            return pureLogical(left, right, isAnd: isAnd, location)
        }
        let end = builder.newBlock()
        let target = place(builder.temporary(int, "logic", location))
        if builder.isOpen {
            let truth = logicalNot(logicalNot(right, location), location)
            builder.emit(.assign(target, truth), location)
            builder.terminate(.jump(end), location)
        }
        let short = builder.newBlock()
        builder.current = short
        builder.emit(.assign(target, constant(isAnd ? 0 : 1, int, location)), location)
        builder.terminate(.jump(end), location)
        builder.terminate(
            block: before, branchKind(left, whenTrue: isAnd ? side : short, whenFalse: isAnd ? short : side), location)
        builder.current = end
        return load(target, location)
    }

    private func pureLogical(
        _ left: ExpressionID, _ right: ExpressionID, isAnd: Bool, _ location: SourceLocation
    ) -> ExpressionID {
        let int = CType.integer(.int)
        if let bits = constantBits(left) {
            if (bits != 0) != isAnd { return constant(isAnd ? 0 : 1, int, location) }
            return logicalNot(logicalNot(right, location), location)
        }
        if let bits = constantBits(right), (bits != 0) != isAnd { return constant(isAnd ? 0 : 1, int, location) }
        return builder.add(isAnd ? .logicalAnd(left, right) : .logicalOr(left, right), int, location)
    }
}

extension ComparisonOperator {
    init?(_ op: ClangBinaryOperator) {
        switch op {
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        default: return nil
        }
    }
}

extension BinaryOperator {
    init?(_ op: ClangBinaryOperator) {
        switch op {
        case .add: self = .add
        case .subtract: self = .subtract
        case .multiply: self = .multiply
        case .divide: self = .divide
        case .remainder: self = .remainder
        case .and: self = .and
        case .or: self = .or
        case .xor: self = .xor
        case .shiftLeft: self = .shiftLeft
        case .shiftRight: self = .shiftRight
        default: return nil
        }
    }
}
