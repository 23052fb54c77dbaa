import ClangAST
import ProgramModel

/// What one unit stores in a variable that holds a pointer to a function.
struct VariableStores {
    let session: UnitSession
    let variable: GlobalReference
    private(set) var values = FunctionValues()

    init(session: UnitSession, variable: GlobalReference) {
        self.session = session
        self.variable = variable
    }

    mutating func collect(mentioning words: [String]) {
        values.isComplete = session.isWhole
        for definition in session.definitions(mentioning: words) { visit(definition, depth: 0) }
    }

    private mutating func visit(_ cursor: Cursor, depth: Int) {
        guard depth < NestingLimit.depth else {
            values.isComplete = false
            return
        }
        var children = cursor.children
        switch cursor.kind {
        case .unaryExpr: return
        case .varDecl:
            if let initializer = cursor.initializer, session.reference(toVariable: cursor) == variable { store(initializer) }
        case .binaryOperator where children.count == 2:
            if cursor.binaryOperator == .assign, isVariable(children[0]) { store(children[1]) }
        case .compoundAssignOperator: if let target = children.first, isVariable(target) { values.isComplete = false }
        case .unaryOperator:
            let changes: [ClangUnaryOperator] = [.addressOf, .preIncrement, .preDecrement, .postIncrement, .postDecrement]
            if changes.contains(cursor.unaryOperator), let operand = children.last, isVariable(operand) {
                values.isComplete = false
            }
        case .gccAsmStmt:
            if children.contains(where: isVariable) { values.isComplete = false }
            // A call that is patched into the code gets the address of the pointer, to call what is there.
            children.removeAll(where: isAddress)
        default: break
        }
        for child in children where !child.isReference { visit(child, depth: depth + 1) }
    }

    private mutating func store(_ value: Cursor) { values.add(value, session, isKnown: isVariable) }

    private func isVariable(_ cursor: Cursor) -> Bool {
        let inner = InitializerWalk.stripped(cursor)
        guard inner.kind == .declRefExpr, inner.referenced.kind == .varDecl else { return false }
        return session.reference(toVariable: inner.referenced) == variable
    }

    private func isAddress(_ cursor: Cursor) -> Bool {
        var inner = cursor
        while [.parenExpr, .cStyleCastExpr, .unexposedExpr].contains(inner.kind), let child = inner.children.last { inner = child }
        return inner.kind == .unaryOperator && inner.unaryOperator == .addressOf && inner.children.last.map(isVariable) == true
    }
}
