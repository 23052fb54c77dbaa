import ClangAST
import ProgramModel

extension FunctionLowering {
    func lower(statement cursor: Cursor) {
        nested(cursor, { lowerStatement(cursor) }, otherwise: {})
    }

    private func lowerStatement(_ cursor: Cursor) {
        switch cursor.kind {
        case .compoundStmt: for child in cursor.children { lower(statement: child) }
        case .declStmt: for child in cursor.children { lower(declaration: child) }
        case .nullStmt: break
        case .ifStmt: lowerIf(cursor)
        case .whileStmt: lowerWhile(cursor)
        case .doStmt: lowerDo(cursor)
        case .forStmt: lowerFor(cursor)
        case .switchStmt: lowerSwitch(cursor)
        case .caseStmt, .defaultStmt: lowerCase(cursor)
        case .labelStmt: lowerLabel(cursor)
        case .gotoStmt: lowerGoto(cursor)
        case .indirectGotoStmt: lowerComputedGoto(cursor)
        case .breakStmt: lowerJump(to: jumps.breaks.last, cursor)
        case .continueStmt: lowerJump(to: jumps.continues.last, cursor)
        case .returnStmt: lowerReturn(cursor)
        case .gccAsmStmt: lowerAssembly(cursor)
        case .unexposedStmt:
            // `__attribute__((fallthrough));` and the like: the statement is the last child.
            if let inner = cursor.children.last, inner.isStatement || inner.isExpression { lower(statement: inner) }
        default:
            if cursor.isExpression {
                lower(effectsOf: cursor)
            } else {
                builder.emit(.unsupported(kind: "statement \(cursor.kind.name)"), place(of: cursor))
            }
        }
    }

    // MARK: Declarations

    private func lower(declaration cursor: Cursor) {
        switch cursor.kind {
        case .varDecl: lower(variable: cursor)
        // Types, prototypes and assertions do nothing when control passes them.
        default: break
        }
    }

    private func lower(variable cursor: Cursor) {
        guard !cursor.hasGlobalStorage else { return }
        let location = place(of: cursor)
        let type = types.lower(cursor.type)
        let local = localOf[cursor.identity] ?? builder.addLocal(Local(name: cursor.spelling, type: type, location: location))
        localOf[cursor.identity] = local
        builder.emit(.declare(local), location)
        if cursor.type.kind == .variableArray { builder.emit(.unsupported(kind: "variable-length array"), location) }
        let target = Place(base: .local(local), type: type)
        if cursor.hasAttributes { lowerAttributes(of: cursor, target, location) }
        guard let initializer = cursor.initializer else { return }
        if type.isAggregate {
            initialize(target, cursor.type, with: initializer)
        } else {
            let value = lowerInitialValue(initializer, type)
            builder.emit(.assign(target, value), location)
        }
    }

    private func lowerAttributes(of cursor: Cursor, _ target: Place, _ location: SourceLocation) {
        if cursor.children.contains(where: { $0.kind == .asmLabelAttr }), cursor.initializer == nil, target.type.scalarType != nil {
            // A variable that names a register: it has the register's value.
            let value = builder.add(.anyValue(reason: "register variable"), target.type, location)
            builder.emit(.assign(target, value), location)
        }
        if cursor.children.contains(where: { $0.kind == .unexposedAttr }), cursor.prettyPrinted.contains("cleanup(") {
            builder.emit(.unsupported(kind: "cleanup attribute"), location)
        }
    }

    // MARK: if and loops

    private func lowerIf(_ cursor: Cursor) {
        let children = cursor.children
        guard children.count == 2 || children.count == 3 else { return malformed(cursor) }
        let location = place(of: cursor)
        let whenTrue = builder.newBlock()
        let end = builder.newBlock()
        let whenFalse = children.count == 3 ? builder.newBlock() : end
        lower(condition: children[0], whenTrue: whenTrue, whenFalse: whenFalse)
        builder.current = whenTrue
        lower(statement: children[1])
        builder.terminate(.jump(end), location)
        if children.count == 3 {
            builder.current = whenFalse
            lower(statement: children[2])
            builder.terminate(.jump(end), location)
        }
        builder.current = end
    }

    func malformed(_ cursor: Cursor) {
        builder.emit(.unsupported(kind: "malformed \(cursor.kind.name)"), place(of: cursor))
    }

    private func lowerWhile(_ cursor: Cursor) {
        let children = cursor.children
        guard children.count == 2 else { return malformed(cursor) }
        let location = place(of: cursor)
        let (head, body, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
        builder.fallInto(head, location)
        lower(condition: children[0], whenTrue: body, whenFalse: end)
        builder.current = body
        lowerBody(children[1], breakTo: end, continueTo: head)
        builder.terminate(.jump(head), location)
        builder.current = end
    }

    private func lowerDo(_ cursor: Cursor) {
        let children = cursor.children
        guard children.count == 2 else { return malformed(cursor) }
        let location = place(of: cursor)
        let (body, condition, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
        builder.fallInto(body, location)
        lowerBody(children[0], breakTo: end, continueTo: condition)
        builder.fallInto(condition, location)
        lower(condition: children[1], whenTrue: body, whenFalse: end)
        builder.current = end
    }

    private func lowerBody(_ body: Cursor, breakTo: BlockID, continueTo: BlockID) {
        jumps.breaks.append(breakTo)
        jumps.continues.append(continueTo)
        lower(statement: body)
        jumps.breaks.removeLast()
        jumps.continues.removeLast()
    }

    private func lowerFor(_ cursor: Cursor) {
        var parts = cursor.children[...]
        guard let body = parts.popLast(), let clauses = forClauses(cursor, parts.count) else { return malformed(cursor) }
        let location = place(of: cursor)
        let initial = clauses.hasInit ? parts.popFirst() : nil
        let condition = clauses.hasCondition ? parts.popFirst() : nil
        let increment = clauses.hasIncrement ? parts.popFirst() : nil
        let (head, inside, next, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock(), builder.newBlock())
        if let initial { lower(statement: initial) }
        builder.fallInto(head, location)
        if let condition {
            lower(condition: condition, whenTrue: inside, whenFalse: end)
        } else {
            builder.terminate(.jump(inside), location)
        }
        builder.current = inside
        lowerBody(body, breakTo: end, continueTo: next)
        builder.fallInto(next, location)
        if let increment { lower(effectsOf: increment) }
        builder.terminate(.jump(head), location)
        builder.current = end
    }

    private func forClauses(_ cursor: Cursor, _ count: Int) -> PrintedFunction.ForClauses? {
        if count == 3 { return .init(hasInit: true, hasCondition: true, hasIncrement: true) }
        if count == 0 { return .init(hasInit: false, hasCondition: false, hasIncrement: false) }
        guard let clauses = printed.clauses(of: cursor), clauses.count == count else { return nil }
        return clauses
    }

    // MARK: Jumps

    private func lowerJump(to target: BlockID?, _ cursor: Cursor) {
        guard let target else { return malformed(cursor) }
        builder.terminate(.jump(target), place(of: cursor))
        builder.current = builder.newBlock()
    }

    func block(ofLabel label: Cursor) -> BlockID {
        if let known = jumps.labels[label.identity] { return known }
        let block = builder.newBlock()
        jumps.labels[label.identity] = block
        return block
    }

    private func lowerLabel(_ cursor: Cursor) {
        builder.fallInto(block(ofLabel: cursor), place(of: cursor))
        if let inner = cursor.children.last, inner.isStatement || inner.isExpression { lower(statement: inner) }
    }

    private func lowerGoto(_ cursor: Cursor) {
        let label = cursor.children.first?.referenced ?? cursor.referenced
        guard label.kind == .labelStmt else { return malformed(cursor) }
        lowerJump(to: block(ofLabel: label), cursor)
    }

    private func lowerComputedGoto(_ cursor: Cursor) {
        if let target = cursor.children.last { lower(effectsOf: target) }
        builder.terminate(.anyOf(printed.addressTaken.map(block(ofLabel:))), place(of: cursor))
        builder.current = builder.newBlock()
    }

    private func lowerReturn(_ cursor: Cursor) {
        let location = place(of: cursor)
        if let value = cursor.children.last {
            switch types.lower(value.type) {
            case .void:
                lower(effectsOf: value)
                builder.terminate(.returnVoid, location)
            case .record: builder.terminate(.returnAggregate(lower(place: value)), location)
            default: builder.terminate(.returnScalar(lower(value: value)), location)
            }
        } else if case .void = types.lower(function.resultType) {
            builder.terminate(.returnVoid, location)
        } else {
            let type = types.lower(function.resultType)
            builder.terminate(
                .returnScalar(builder.add(.anyValue(reason: "return without value"), type, location)), location)
        }
        builder.current = builder.newBlock()
    }
}
