import ClangAST
import ProgramModel

/// What one unit passes to one parameter of a function.
struct CallSites {
    private(set) var values = FunctionValues()
    private let session: UnitSession
    private let parameter: ParameterReference
    private let words: [[UInt8]]

    init(session: UnitSession, parameter: ParameterReference, words: [String]) {
        self.session = session
        self.parameter = parameter
        self.words = words.map { Array($0.utf8) }
    }

    mutating func collect() {
        if !session.errors.isEmpty { values.isComplete = false }
        for declaration in session.definedTexts where declaration.mentions(words) { visit(declaration.cursor, depth: 0) }
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
        var inner = cursor
        while inner.kind == .parenExpr || inner.kind == .unexposedExpr, let child = inner.children.last { inner = child }
        guard inner.kind == .declRefExpr else { return false }
        let declaration = inner.referenced
        return declaration.kind == .functionDecl && declaration.spelling == parameter.name
            && session.reference(toFunction: declaration) == parameter.function
    }
}
