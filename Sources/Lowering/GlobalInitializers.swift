import ClangAST
import ProgramModel

/// The initial content of variables with static storage.
///
/// Only what the initialiser names is listed: bytes that no element covers are zero. A later designator that overrides an
/// earlier one wins. `elements` is nil where the initialiser has more than `maximumElements` scalars, or a part that is not
/// understood.
struct GlobalInitializers {
    static let maximumElements = 4096
    let session: UnitSession

    func definition(of cursor: Cursor, _ reference: GlobalReference) -> GlobalDefinition {
        let type = cursor.type
        return GlobalDefinition(
            reference: reference, type: session.types.lower(type), location: session.place(of: cursor),
            isConstant: Self.isConstant(type), byteSize: type.sizeOf ?? 0,
            isDefined: cursor.initializer != nil || !cursor.isExtern, elements: elements(of: cursor))
    }

    /// `const` at the top, or on the elements of an array, and not volatile.
    private static func isConstant(_ type: ClangType) -> Bool {
        var type = type.canonical
        var isConst = type.isConst
        var isVolatile = type.isVolatile
        while Unexposed.isArray(type) {
            type = type.arrayElement.canonical
            isConst = isConst || type.isConst
            isVolatile = isVolatile || type.isVolatile
        }
        return isConst && !isVolatile
    }

    private func elements(of cursor: Cursor) -> [GlobalDefinition.Element]? {
        guard let initializer = cursor.initializer else { return cursor.isExtern ? nil : [] }
        final class Collector {
            var elements: [Int: (bits: Int, element: GlobalDefinition.Element)] = [:]
            var isUnderstood = true
        }
        let found = Collector()
        var walk = InitializerWalk { event in
            guard found.isUnderstood, found.elements.count <= Self.maximumElements else { return }
            switch event {
            case .zero(let part):
                let end = part.bitOffset + (part.bitWidth ?? (part.type.sizeOf ?? 0) * 8)
                for key in found.elements.keys where key >= part.bitOffset && key < end { found.elements[key] = nil }
            case .scalar(let part, let value):
                // An element has no width of its own in bits, so a bit-field's word is unknown.
                let isBitField = part.bitWidth != nil
                let type = session.types.lower(part.type)
                let offset = isBitField ? part.bitOffset / 8 * 8 : part.bitOffset
                found.elements[offset] = (
                    0, .init(byteOffset: offset / 8, type: type, value: isBitField ? .unknown : self.value(value, type)))
                if isBitField { coverBitField(part, type, found.elements.keys) { found.elements[$0] = (0, $1) } }
            case .string(let part): addUnknownBytes(part) { found.elements[$0] = (0, $1) }
            case .aggregate, .unsupported: found.isUnderstood = false
            }
        }
        walk.walk(cursor.type, initializer)
        guard found.isUnderstood, found.elements.count <= Self.maximumElements else { return nil }
        return found.elements.values.map(\.element).sorted { $0.byteOffset < $1.byteOffset }
    }

    /// Marks all bytes that a bit-field touches as unknown.
    private func coverBitField(
        _ part: Subobject, _ type: CType, _ known: Dictionary<Int, (bits: Int, element: GlobalDefinition.Element)>.Keys,
        _ add: (Int, GlobalDefinition.Element) -> Void
    ) {
        let first = part.bitOffset / 8
        let last = (part.bitOffset + max(1, part.bitWidth ?? 1) - 1) / 8
        let byte = CType.integer(IntType(width: 8, isSigned: false))
        for offset in first...last { add(offset * 8, .init(byteOffset: offset, type: byte, value: .unknown)) }
    }

    private func addUnknownBytes(_ part: Subobject, _ add: (Int, GlobalDefinition.Element) -> Void) {
        let count = min(part.type.arrayCount ?? 0, Self.maximumElements + 1)
        let size = part.type.arrayElement.sizeOf ?? 1
        let type = session.types.lower(part.type.arrayElement)
        for index in 0..<count {
            let offset = part.bitOffset + index * size * 8
            add(offset, .init(byteOffset: offset / 8, type: type, value: .unknown))
        }
    }

    // MARK: Values

    private func value(_ cursor: Cursor, _ type: CType) -> GlobalDefinition.Value {
        if let integer = type.integerType {
            guard let bits = cursor.evaluatedInteger else { return .unknown }
            return .integer(bits: ConstantFolding.normalize(bits, to: integer))
        }
        return type.isPointer ? pointer(cursor) : .unknown
    }

    /// A null pointer, a function, the start of a variable; anything else (also a place inside a variable) is unknown.
    private func pointer(_ cursor: Cursor) -> GlobalDefinition.Value {
        var inner = cursor
        for _ in 0..<64 {
            switch inner.kind {
            case .declRefExpr:
                let declaration = inner.referenced
                if declaration.kind == .functionDecl { return .function(session.reference(toFunction: declaration)) }
                let isArray = declaration.kind == .varDecl && Unexposed.isArray(declaration.type)
                return isArray ? .address(session.reference(toVariable: declaration)) : .unknown
            case .unaryOperator where inner.unaryOperator == .addressOf:
                return addressed(inner)
            case .parenExpr, .unexposedExpr, .cStyleCastExpr, .unaryOperator, .initListExpr:
                if inner.type.kind != .pointer, let bits = inner.evaluatedInteger { return .integer(bits: bits) }
                guard let child = inner.children.last, child.isExpression else { return .unknown }
                inner = child
            case .integerLiteral: return inner.evaluatedInteger.map { .integer(bits: $0) } ?? .unknown
            default: return .unknown
            }
        }
        return .unknown
    }

    private func addressed(_ cursor: Cursor) -> GlobalDefinition.Value {
        guard let operand = cursor.children.last else { return .unknown }
        let inner = InitializerWalk.stripped(operand)
        guard inner.kind == .declRefExpr else { return .unknown }
        let declaration = inner.referenced
        switch declaration.kind {
        case .functionDecl: return .function(session.reference(toFunction: declaration))
        case .varDecl: return .address(session.reference(toVariable: declaration))
        default: return .unknown
        }
    }
}
