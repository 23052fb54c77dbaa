import ClangAST
import ProgramModel

/// The functions whose addresses expressions have.
struct FunctionValues {
    private(set) var functions: Set<FunctionReference> = []
    /// What callers pass is one too.
    private(set) var parameters: Set<ParameterReference> = []
    /// False: there may be something that is not the name of a function.
    var isComplete = true

    mutating func formUnion(_ other: FunctionValues) {
        functions.formUnion(other.functions)
        parameters.formUnion(other.parameters)
        isComplete = isComplete && other.isComplete
    }

    /// - Parameter isKnown: whether what an expression reads was added before.
    mutating func add(_ value: Cursor, _ session: UnitSession, depth: Int = 0, isKnown: (Cursor) -> Bool) {
        guard depth < NestingLimit.depth else {
            isComplete = false
            return
        }
        let children = value.children
        switch value.kind {
        case .declRefExpr:
            let declaration = value.referenced
            if declaration.kind == .parmDecl, let parameter = ParameterReference(declaration, session) {
                parameters.insert(parameter)
                return
            }
            guard declaration.kind == .functionDecl else { break }
            functions.insert(session.reference(toFunction: declaration))
            return
        case .parenExpr, .cStyleCastExpr:
            if let inner = children.last, inner.isExpression { return add(inner, session, depth: depth + 1, isKnown: isKnown) }
        case .unexposedExpr:
            switch Unexposed(value) {
            case .conversion(let inner), .chosen(let inner): return add(inner, session, depth: depth + 1, isKnown: isKnown)
            case .elvis(let common, let fallback):
                add(common, session, depth: depth + 1, isKnown: isKnown)
                return add(fallback, session, depth: depth + 1, isKnown: isKnown)
            default: break
            }
        case .unaryOperator:
            let op = value.unaryOperator
            if [.addressOf, .dereference, .extension].contains(op), let inner = children.last,
                op == .extension || inner.type.kind == .function || inner.type.canonical.pointee.kind == .function {
                return add(inner, session, depth: depth + 1, isKnown: isKnown)
            }
        case .conditionalOperator where children.count == 3:
            add(children[1], session, depth: depth + 1, isKnown: isKnown)
            return add(children[2], session, depth: depth + 1, isKnown: isKnown)
        case .binaryOperator where children.count == 2:
            if value.binaryOperator == .comma || value.binaryOperator == .assign {
                return add(children[1], session, depth: depth + 1, isKnown: isKnown)
            }
        case .initListExpr:
            if let only = children.last { return add(only, session, depth: depth + 1, isKnown: isKnown) } else { return }
        // What is there was stored before.
        case .memberRefExpr: if isKnown(value) { return }
        case .integerLiteral: if value.evaluatedInteger == 0 { return }
        default: break
        }
        isComplete = false
    }
}

/// A parameter that is never assigned to.
struct ParameterReference: Hashable, Comparable {
    var function: FunctionReference
    /// As it is written, whatever the linker calls it.
    var name: String
    var index: Int

    init?(_ declaration: Cursor, _ session: UnitSession) {
        let owner = declaration.semanticParent
        guard owner.kind == .functionDecl else { return nil }
        let parameters = owner.children.filter { $0.kind == .parmDecl }
        guard let index = parameters.firstIndex(where: { $0 == declaration }) else { return nil }
        let reference = session.reference(toFunction: owner)
        // A header's function is another one in each unit.
        guard reference.unit == nil || owner.start(.file).file == owner.unit.path else { return nil }
        guard !Self.isChanged(declaration, in: owner, depth: 0) else { return nil }
        self.function = reference
        self.name = owner.spelling
        self.index = index
    }

    static func < (a: Self, b: Self) -> Bool { (a.function, a.index) < (b.function, b.index) }

    private static func isChanged(_ parameter: Cursor, in cursor: Cursor, depth: Int) -> Bool {
        guard depth < NestingLimit.depth else { return true }
        let children = cursor.children
        let target: Cursor? =
            switch cursor.kind {
            case .binaryOperator where cursor.binaryOperator == .assign: children.first
            case .compoundAssignOperator: children.first
            case .unaryOperator where cursor.unaryOperator == .addressOf: children.last
            default: nil
            }
        if let target, isReference(target, to: parameter) { return true }
        if cursor.kind == .gccAsmStmt, children.contains(where: { isReference($0, to: parameter) }) { return true }
        return children.contains { isChanged(parameter, in: $0, depth: depth + 1) }
    }

    private static func isReference(_ cursor: Cursor, to parameter: Cursor) -> Bool {
        let inner = cursor.unwrapped
        return inner.kind == .declRefExpr && inner.referenced == parameter
    }
}
