import ClangAST
import ProgramModel

extension FunctionLowering {
    /// The value of an expression of scalar type, after conversions of arrays and functions to pointers.
    func lower(value cursor: Cursor) -> ExpressionID {
        nested(cursor, { lowerValue(cursor) }, otherwise: {
            builder.add(.unsupported(kind: "nesting too deep"), types.lowerValue(cursor.type), place(of: cursor))
        })
    }

    private func lowerValue(_ cursor: Cursor) -> ExpressionID {
        let location = place(of: cursor)
        switch cursor.kind {
        case .integerLiteral, .characterLiteral, .unaryExpr: return lowerConstant(cursor)
        case .floatingLiteral, .imaginaryLiteral:
            return builder.add(.anyValue(reason: "floating point"), types.lower(cursor.type), location)
        case .parenExpr: return lowerOnly(child: cursor)
        case .unexposedExpr: return lowerUnexposed(cursor)
        case .declRefExpr: return lowerReference(cursor)
        case .memberRefExpr, .arraySubscriptExpr, .compoundLiteralExpr, .stringLiteral:
            return rvalue(of: cursor, location)
        case .unaryOperator: return lowerUnary(cursor)
        case .binaryOperator: return lowerBinary(cursor)
        case .compoundAssignOperator:
            return lowerCompoundAssignment(cursor, isUsed: true) ?? unsupported("compound assignment", cursor, type: .void)
        case .conditionalOperator: return lowerConditionalValue(cursor)
        case .cStyleCastExpr: return lowerCast(cursor)
        case .stmtExpr: return lowerStatementExpression(cursor)
        case .callExpr: return lowerCallValue(cursor)
        case .genericSelectionExpr: return lowerGeneric(cursor)
        case .addrLabelExpr:
            return builder.add(.anyValue(reason: "address of a label"), types.lower(cursor.type), location)
        case .initListExpr: return lowerScalarList(cursor)
        default: return unsupported("expression \(cursor.kind.name)", cursor, type: types.lowerValue(cursor.type))
        }
    }

    func lowerOnly(child cursor: Cursor) -> ExpressionID {
        guard let child = cursor.children.last, child.isExpression else {
            return unsupported("malformed \(cursor.kind.name)", cursor, type: types.lowerValue(cursor.type))
        }
        return lower(value: child)
    }

    /// Literals, `sizeof`, `offsetof` and other nodes that clang evaluates; they have no side effects.
    func lowerConstant(_ cursor: Cursor) -> ExpressionID {
        let type = types.lowerValue(cursor.type)
        guard type.integerType != nil, let bits = cursor.evaluatedInteger else {
            if case .opaque = type {
                return builder.add(.anyValue(reason: "128-bit constant"), type, place(of: cursor))
            }
            return unsupported("constant \(cursor.kind.name)", cursor, type: type)
        }
        return constant(bits, type, place(of: cursor))
    }

    private func lowerReference(_ cursor: Cursor) -> ExpressionID {
        let declaration = cursor.referenced
        let location = place(of: cursor)
        switch declaration.kind {
        case .enumConstantDecl: return constant(declaration.enumConstantBits, types.lower(cursor.type), location)
        case .functionDecl:
            return builder.add(
                .functionAddress(session.reference(toFunction: declaration)), types.lowerValue(cursor.type), location)
        default: return rvalue(of: cursor, location)
        }
    }

    func rvalue(of cursor: Cursor, _ location: SourceLocation) -> ExpressionID {
        let isVolatile = cursor.type.isVolatile
        let place = lower(place: cursor)
        guard isVolatile, place.type.scalarType != nil || place.type.isPointer else { return rvalue(of: place, location) }
        return hold(builder.add(.volatileLoad(place), place.type, location), "volatile")
    }

    /// What a place gives where a value is wanted: its content, or its address for arrays and functions.
    func rvalue(of place: Place, _ location: SourceLocation) -> ExpressionID {
        switch place.type {
        case .array(let element, _): return decay(place, element, location)
        case .function:
            if case .dereference(let pointer) = place.base, place.path.isEmpty { return pointer }
            return builder.add(.unsupported(kind: "function as a place"), types.pointer(to: place.type), location)
        default: return load(place, location)
        }
    }

    private func decay(_ place: Place, _ element: CType, _ location: SourceLocation) -> ExpressionID {
        let zero = constant(0, .integer(.int), location)
        var first = place
        let count: Int? = if case .array(_, let count) = place.type { count } else { nil }
        first.path.append(.element(index: zero, elementSize: byteSize(element) ?? 0, count: count))
        first.type = element
        return builder.add(.addressOf(first), types.pointer(to: element), location)
    }

    /// Bytes of a type; `void` and functions count as one (GNU pointer arithmetic).
    func byteSize(_ type: CType) -> Int? {
        switch type {
        case .void, .function: return 1
        case .integer(let type): return type.byteSize
        case .pointer(_, let width): return width / 8
        case .record(let name): return types.layout(of: name)?.byteSize
        case .array(let element, let count):
            guard let size = byteSize(element), let count else { return nil }
            return size * count
        case .opaque(_, let size): return size
        }
    }

    // MARK: Nodes that libclang does not name

    /// Implicit conversions, and a few GNU expressions. A conversion begins where its operand begins.
    private func lowerUnexposed(_ cursor: Cursor) -> ExpressionID {
        switch Unexposed(cursor) {
        case .conversion(let operand): return lowerImplicitConversion(cursor, operand)
        case .elvis(let common, let fallback): return lowerElvis(cursor, common, fallback)
        case .chosen(let child): return lower(value: child)
        case .variadicArgument(let list):
            lower(effectsOf: list)
            return builder.add(
                .anyValue(reason: "variadic argument"), types.lowerValue(cursor.type), place(of: cursor))
        case .functionName: return rvalue(of: lower(place: cursor), place(of: cursor))
        case .constant:
            if types.lowerValue(cursor.type).isPointer {
                return builder.add(.anyValue(reason: "builtin"), types.lowerValue(cursor.type), place(of: cursor))
            }
            if cursor.evaluatedInteger == nil { return lowerVariableOffset(cursor) }
            return lowerConstant(cursor)
        case .unknown: return unsupported("unexposed expression", cursor, type: types.lowerValue(cursor.type))
        }
    }

    /// `offsetof(type, array[n])` with an `n` that is no constant.
    private func lowerVariableOffset(_ cursor: Cursor) -> ExpressionID {
        for index in cursor.children where index.isExpression { lower(effectsOf: index) }
        return builder.add(
            .anyValue(reason: "offset with a variable index"), types.lowerValue(cursor.type), place(of: cursor))
    }

    private func lowerImplicitConversion(_ cursor: Cursor, _ operand: Cursor) -> ExpressionID {
        let value = lower(value: operand)
        // A parameter declared as an array shows with that array's type: the value lowered is right.
        if isPointerToArrayMix(cursor) { return value }
        return convert(value, to: types.lowerValue(cursor.type), isExplicit: false, place(of: cursor))
    }

    private func isPointerToArrayMix(_ cursor: Cursor) -> Bool {
        switch cursor.type.kind {
        case .constantArray, .incompleteArray, .variableArray, .function, .functionWithoutPrototype: true
        default: false
        }
    }

    // MARK: Conversions

    func convert(_ value: ExpressionID, to type: CType, isExplicit: Bool, _ location: SourceLocation) -> ExpressionID {
        let from = builder[value].type
        if from == type { return value }
        switch (from, type) {
        case (.integer(let source), .integer(let target)):
            if let bits = constantBits(value) {
                let number = ConstantFolding.value(bits, source)
                if target.isBool { return constant(number == 0 ? 0 : 1, type, location) }
                // A constant that is cut stays visible as a conversion.
                if let pattern = ConstantFolding.pattern(number, target) { return constant(pattern, type, location) }
            }
        case (.integer(let source), .pointer):
            // Sign-extended to the pointer's width.
            if let bits = constantBits(value) {
                return constant(UInt64(truncatingIfNeeded: ConstantFolding.value(bits, source)), type, location)
            }
        case (.pointer, .integer(let target)):
            if let bits = constantBits(value) {
                if target.isBool { return constant(bits == 0 ? 0 : 1, type, location) }
                if let pattern = ConstantFolding.pattern(Int128(bits), target) { return constant(pattern, type, location) }
            }
        case (.pointer, .pointer):
            if let bits = constantBits(value) { return constant(bits, type, location) }
        case (.opaque(let name, _), .integer(let target)) where target.width < 64 && !target.isBool:
            // What was cut on the way into such a type, or here, would be lost without a word.
            return builder.add(.unsupported(kind: "number taken from \(name)"), type, location)
        case (.opaque, _), (_, .opaque):
            return builder.add(.anyValue(reason: "conversion of an unfollowed type"), type, location)
        default:
            return builder.add(.unsupported(kind: "conversion"), type, location)
        }
        return builder.add(.convert(value, isExplicit: isExplicit), type, location)
    }

    private func lowerCast(_ cursor: Cursor) -> ExpressionID {
        guard let operand = cursor.children.last, operand.isExpression else {
            return unsupported("malformed cast", cursor, type: types.lowerValue(cursor.type))
        }
        let target = types.lowerValue(cursor.type)
        if case .void = target {
            lower(effectsOf: operand)
            return builder.add(.anyValue(reason: "void"), .void, place(of: cursor))
        }
        return convert(lower(value: operand), to: target, isExplicit: true, place(of: cursor))
    }

    private func lowerScalarList(_ cursor: Cursor) -> ExpressionID {
        if let only = cursor.children.first { return lower(value: only) }
        return constant(0, types.lowerValue(cursor.type), place(of: cursor))
    }

    /// libclang shows all arms of `_Generic`; the chosen one is the only one of the right type, or clang evaluates the whole.
    private func lowerGeneric(_ cursor: Cursor) -> ExpressionID {
        if let chosen = GenericSelection.chosen(cursor) { return lower(value: chosen) }
        if let bits = cursor.evaluatedInteger, types.lower(cursor.type).integerType != nil {
            return constant(bits, types.lower(cursor.type), place(of: cursor))
        }
        return unsupported("_Generic", cursor, type: types.lowerValue(cursor.type))
    }

    // MARK: Statement expressions and ?:

    private func lowerStatementExpression(_ cursor: Cursor) -> ExpressionID {
        let type = types.lowerValue(cursor.type)
        guard let last = lowerAllButLast(cursor) else {
            return builder.add(.anyValue(reason: "void"), type, place(of: cursor))
        }
        if case .void = type {
            lower(statement: last)
            return builder.add(.anyValue(reason: "void"), .void, place(of: cursor))
        }
        return lower(value: last)
    }

    /// Lowers the statements of `({ ... })` up to the last, which gives the value; nil if there is none.
    func lowerAllButLast(_ cursor: Cursor) -> Cursor? {
        guard let body = cursor.children.last, body.kind == .compoundStmt else { return nil }
        let statements = body.children
        for statement in statements.dropLast() { lower(statement: statement) }
        guard var last = statements.last else { return nil }
        while last.kind == .labelStmt, let inner = last.children.last {
            builder.fallInto(block(ofLabel: last), place(of: last))
            last = inner
        }
        return last
    }

    private func lowerConditionalValue(_ cursor: Cursor) -> ExpressionID {
        let type = types.lowerValue(cursor.type)
        let children = cursor.children
        guard children.count == 3 else { return unsupported("malformed ?:", cursor, type: type) }
        if case .void = type {
            lower(effectsOf: cursor)
            return builder.add(.anyValue(reason: "void"), .void, place(of: cursor))
        }
        let location = place(of: cursor)
        let target = place(builder.temporary(type, "cond", location))
        let (whenTrue, whenFalse, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
        lower(condition: children[0], whenTrue: whenTrue, whenFalse: whenFalse)
        for (block, arm) in [(whenTrue, children[1]), (whenFalse, children[2])] {
            builder.current = block
            let value = convert(lower(value: arm), to: type, isExplicit: false, place(of: arm))
            builder.emit(.assign(target, value), place(of: arm))
            builder.terminate(.jump(end), location)
        }
        builder.current = end
        return load(target, location)
    }

    /// `a ?: b`: `a` is evaluated once.
    private func lowerElvis(_ cursor: Cursor, _ common: Cursor, _ fallback: Cursor) -> ExpressionID {
        let type = types.lowerValue(cursor.type)
        let location = place(of: cursor)
        let target = place(builder.temporary(type, "cond", location))
        let value = hold(lower(value: common), "elvis")
        let (whenTrue, whenFalse, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
        builder.terminate(.branch(value, whenTrue: whenTrue, whenFalse: whenFalse), location)
        builder.current = whenTrue
        builder.emit(.assign(target, convert(value, to: type, isExplicit: false, location)), location)
        builder.terminate(.jump(end), location)
        builder.current = whenFalse
        let other = convert(lower(value: fallback), to: type, isExplicit: false, place(of: fallback))
        builder.emit(.assign(target, other), place(of: fallback))
        builder.terminate(.jump(end), location)
        builder.current = end
        return load(target, location)
    }
}
