import ClangAST

/// What an expression is that libclang has no name for.
enum Unexposed {
    /// An implicit conversion (or a wrapper without meaning) of the operand.
    case conversion(Cursor)
    /// GNU `common ?: fallback`.
    case elvis(common: Cursor, fallback: Cursor)
    /// `__builtin_choose_expr`, by its constant condition.
    case chosen(Cursor)
    /// `__builtin_va_arg` from this list.
    case variadicArgument(Cursor)
    /// `__func__` and its kin.
    case functionName
    /// `__builtin_offsetof`, `__builtin_types_compatible_p`, `__builtin_LINE`: clang knows the value.
    case constant
    case unknown

    init(_ cursor: Cursor) {
        let children = cursor.children
        if children.count == 1, let only = children.first, only.isExpression {
            if only.kind == .stringLiteral, Self.isArray(cursor.type) {
                self = .functionName
            } else if only.hasSameStart(as: cursor) {
                self = .conversion(only)
            } else {
                let keyword = Self.keyword(cursor)
                let isConstant = Self.constants.contains(where: keyword.hasPrefix)
                self = keyword.hasPrefix("__builtin_va_arg") ? .variadicArgument(only) : isConstant ? .constant : .unknown
            }
            return
        }
        if children.count == 4, Self.isElvis(children) {
            self = .elvis(common: children[0], fallback: children[3])
            return
        }
        let keyword = Self.keyword(cursor)
        if children.count == 3, keyword.hasPrefix("__builtin_choose_expr"), let bits = children[0].evaluatedInteger {
            self = .chosen(bits != 0 ? children[1] : children[2])
        } else if keyword.hasPrefix("__builtin_va_arg"), let list = children.first(where: \.isExpression) {
            self = .variadicArgument(list)
        } else if Self.constants.contains(where: keyword.hasPrefix) {
            self = .constant
        } else if children.isEmpty {
            self = .constant
        } else {
            self = .unknown
        }
    }

    private static let constants = [
        "__builtin_offsetof", "__builtin_types_compatible_p", "__builtin_LINE", "__builtin_COLUMN", "__builtin_FILE",
        "__builtin_FUNCTION",
    ]

    /// The text at which the node begins, where it was written.
    private static func keyword(_ cursor: Cursor) -> String {
        let start = cursor.start(.spelling)
        return String(decoding: cursor.unit.bytes(ofFile: start.file, from: start.offset, count: 32), as: UTF8.self)
    }

    static func isArray(_ type: ClangType) -> Bool {
        switch type.kind {
        case .constantArray, .incompleteArray, .variableArray: true
        default: false
        }
    }

    /// The condition and the value of `a ?: b` are `a` again, possibly converted.
    private static func isElvis(_ children: [Cursor]) -> Bool {
        [children[1], children[2]].allSatisfy { child in
            var inner = child
            for _ in 0..<8 {
                if inner.identity == children[0].identity { return true }
                guard inner.kind == .unexposedExpr, let next = inner.children.first else { return false }
                inner = next
            }
            return false
        }
    }
}

/// The arm of a `_Generic` that clang took.
enum GenericSelection {
    static func chosen(_ cursor: Cursor) -> Cursor? {
        let arms = cursor.children.filter(\.isExpression).dropFirst()
        let type = cursor.type.canonical.unqualified
        let fitting = arms.filter { $0.type.canonical.unqualified == type }
        return fitting.count == 1 ? fitting.first : nil
    }
}

extension Cursor {
    /// What is inside of parentheses and of conversions that are not written.
    var unwrapped: Cursor {
        var inner = self
        while inner.kind == .parenExpr || inner.kind == .unexposedExpr, let child = inner.children.last { inner = child }
        return inner
    }
}
