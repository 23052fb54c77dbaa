import ClangAST
import ProgramModel

/// What one unit stores in one member of a record: by initialisers, by assignments, and in compound literals.
///
/// Whole structs are copied from other objects of the record, into which something was stored in one of these ways.
struct MemberStores {
    private(set) var values = FunctionValues()
    private let session: UnitSession
    private let record: String
    private let member: String
    private var containing: [String: Bool] = [:]

    init(session: UnitSession, record: String, member: String) {
        self.session = session
        self.record = record
        self.member = member
    }

    mutating func collect(mentioning words: [String]) {
        values.isComplete = session.isWhole
        for cursor in session.definitions(mentioning: []) {
            if cursor.kind == .varDecl, let initializer = cursor.initializer { initialize(cursor.type, initializer) }
        }
        // The record's tag too: an initialiser may name no member.
        let tag = String(record.prefix { $0 != " " })
        for cursor in session.definitions(mentioning: words.isEmpty ? [] : words + [tag]) { visit(cursor, depth: 0) }
    }

    private mutating func store(_ value: Cursor) { values.add(value, session, isKnown: isMember) }

    // MARK: Where something is stored

    private mutating func visit(_ cursor: Cursor, depth: Int) {
        guard depth < NestingLimit.depth else {
            values.isComplete = false
            return
        }
        var children = cursor.children
        switch cursor.kind {
        // Not evaluated.
        case .unaryExpr: return
        case .varDecl: if depth > 0, let initializer = cursor.initializer { initialize(cursor.type, initializer) }
        case .compoundLiteralExpr: if let list = children.last { initialize(cursor.type, list) }
        case .binaryOperator where children.count == 2:
            let op = cursor.binaryOperator
            if op == .assign, isMember(children[0]) { store(children[1]) }
            if op == .equal || op == .notEqual { children = children.map { addressedMember($0) ?? $0 } }
        case .compoundAssignOperator: if let target = children.first, isMember(target) { values.isComplete = false }
        case .unaryOperator:
            let op = cursor.unaryOperator
            let changes = [.addressOf, .preIncrement, .preDecrement, .postIncrement, .postDecrement].contains(op)
            if changes, let operand = children.last, isMember(operand) { values.isComplete = false }
        case .gccAsmStmt:
            // A call that is patched into the code gets the address of the pointer, to call what is there.
            if children.contains(where: isMember) { values.isComplete = false }
            children = children.map { addressedMember($0) ?? $0 }
        default: break
        }
        for child in children where !child.isReference { visit(child, depth: depth + 1) }
    }

    /// The member whose address an expression is.
    private func addressedMember(_ cursor: Cursor) -> Cursor? {
        var inner = cursor
        for _ in 0..<16 {
            switch inner.kind {
            case .unaryOperator where inner.unaryOperator == .addressOf:
                guard let operand = inner.children.last, isMember(operand) else { return nil }
                return operand
            case .parenExpr, .cStyleCastExpr, .unexposedExpr:
                guard let child = inner.children.last, child.isExpression else { return nil }
                inner = child
            default: return nil
            }
        }
        return nil
    }

    private func isMember(_ cursor: Cursor) -> Bool {
        var inner = cursor
        while inner.kind == .parenExpr || inner.kind == .unaryOperator && inner.unaryOperator == .extension,
            let child = inner.children.last { inner = child }
        guard inner.kind == .memberRefExpr else { return false }
        let field = inner.referenced
        return field.kind == .fieldDecl && field.spelling == member
            && session.types.recordName(field.semanticParent.type.canonical) == record
    }

    // MARK: Initialisers

    private mutating func initialize(_ type: ClangType, _ initializer: Cursor) {
        guard contains(type.canonical, depth: 0) else { return }
        final class Collector {
            var values: [Cursor] = []
            var isUnderstood = true
        }
        let found = Collector()
        let (session, record, member) = (session, record, member)
        var walk = InitializerWalk { event in
            switch event {
            case .scalar(let part, let value):
                guard case .field(let owner, let field)? = part.path.last, field.spelling == member,
                    session.types.recordName(owner.canonical) == record
                else { return }
                found.values.append(value)
            case .unsupported: found.isUnderstood = false
            case .zero, .aggregate, .string: break
            }
        }
        walk.walk(type, initializer)
        if !found.isUnderstood { values.isComplete = false }
        for value in found.values { store(value) }
    }

    /// Whether objects of a type have the record in them.
    private mutating func contains(_ type: ClangType, depth: Int) -> Bool {
        if Unexposed.isArray(type) { return contains(type.arrayElement.canonical, depth: depth) }
        guard type.kind == .record, depth < 32 else { return false }
        let name = session.types.recordName(type)
        if name == record { return true }
        if let known = containing[name] { return known }
        var result = false
        for field in type.fields where !result { result = contains(field.type.canonical, depth: depth + 1) }
        containing[name] = result
        return result
    }
}
