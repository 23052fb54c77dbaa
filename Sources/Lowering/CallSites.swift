import ClangAST
import ProgramModel

/// What one unit passes to one parameter of a function.
struct CallSites {
    let session: UnitSession
    let parameter: ParameterReference
    private(set) var values = FunctionValues()

    init(session: UnitSession, parameter: ParameterReference) {
        self.session = session
        self.parameter = parameter
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
        if cursor.kind == .callExpr, let callee = children.first, isFunction(callee) {
            let arguments = children.dropFirst()
            if arguments.count > parameter.index {
                values.add(arguments[arguments.startIndex + parameter.index], session) { _ in false }
            } else {
                values.isComplete = false
            }
            children.removeFirst()
        } else if cursor.kind == .declRefExpr, isFunction(cursor) {
            // Its address goes somewhere.
            values.isComplete = false
        }
        for child in children where !child.isReference { visit(child, depth: depth + 1) }
    }

    private func isFunction(_ cursor: Cursor) -> Bool {
        let inner = cursor.unwrapped
        guard inner.kind == .declRefExpr else { return false }
        let declaration = inner.referenced
        return declaration.kind == .functionDecl && declaration.spelling == parameter.name
            && session.reference(toFunction: declaration) == parameter.function
    }
}
