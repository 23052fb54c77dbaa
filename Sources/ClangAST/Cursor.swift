import CLibclang

/// A node of the syntax tree.
public struct Cursor {
    let raw: CXCursor
    public let unit: TranslationUnit

    public enum Linkage: Sendable { case none, `internal`, external }

    /// Identifies a node within its unit, to use as a dictionary key.
    public struct Identity: Hashable {
        private let declaration: UInt
        private let statement: UInt
        init(_ raw: CXCursor) {
            let isStatement = clang_isStatement(raw.kind) != 0 || clang_isExpression(raw.kind) != 0
            // For statements `data.0` is the declaration around them, which depends on the way the node was reached.
            declaration = isStatement ? 0 : UInt(bitPattern: raw.data.0)
            statement = isStatement ? UInt(bitPattern: raw.data.1) : 0
        }
    }

    public var isNull: Bool { clang_Cursor_isNull(raw) != 0 || clang_isInvalid(raw.kind) != 0 }
    public var identity: Identity { Identity(raw) }
    public var kind: CursorKind { CursorKind(raw.kind) }
    public var spelling: String { takeString(clang_getCursorSpelling(raw)) }
    public var type: ClangType { ClangType(raw: clang_getCursorType(raw), unit: unit) }
    public var isExpression: Bool { clang_isExpression(raw.kind) != 0 }
    public var isStatement: Bool { clang_isStatement(raw.kind) != 0 }
    public var isDeclaration: Bool { clang_isDeclaration(raw.kind) != 0 }
    public var isReference: Bool { clang_isReference(raw.kind) != 0 }

    /// Direct children in source order.
    public var children: [Cursor] {
        final class Collector { var children: [CXCursor] = [] }
        let collector = Collector()
        clang_visitChildren(raw, { child, _, data in
            if let data { Unmanaged<Collector>.fromOpaque(data).takeUnretainedValue().children.append(child) }
            return CXChildVisit_Continue
        }, Unmanaged.passUnretained(collector).toOpaque())
        return withExtendedLifetime(collector) { collector.children.map { Cursor(raw: $0, unit: unit) } }
    }

    // MARK: References and declarations

    /// What a reference refers to.
    public var referenced: Cursor { Cursor(raw: clang_getCursorReferenced(raw), unit: unit) }
    public var definition: Cursor { Cursor(raw: clang_getCursorDefinition(raw), unit: unit) }
    public var canonical: Cursor { Cursor(raw: clang_getCanonicalCursor(raw), unit: unit) }
    public var semanticParent: Cursor { Cursor(raw: clang_getCursorSemanticParent(raw), unit: unit) }
    public var isDefinition: Bool { clang_isCursorDefinition(raw) != 0 }
    public var isInlineFunction: Bool { clang_Cursor_isFunctionInlined(raw) != 0 }
    /// The name that the linker sees: an `asm` label, where the declaration has one.
    public var linkName: String {
        // A label is marked, so that no prefix of the platform is put before it.
        let name = takeString(clang_Cursor_getMangling(raw))
        return name.hasPrefix("\u{1}") ? String(name.dropFirst()) : name
    }
    public var hasAttributes: Bool { clang_Cursor_hasAttrs(raw) != 0 }
    public var resultType: ClangType { ClangType(raw: clang_getCursorResultType(raw), unit: unit) }
    /// The parameters of a function's declaration.
    public var parameters: [Cursor] {
        (0..<Swift.max(0, clang_Cursor_getNumArguments(raw))).map {
            Cursor(raw: clang_Cursor_getArgument(raw, UInt32($0)), unit: unit)
        }
    }
    public var linkage: Linkage {
        switch clang_getCursorLinkage(raw) {
        case CXLinkage_Internal: .internal
        case CXLinkage_External, CXLinkage_UniqueExternal: .external
        default: .none
        }
    }
    /// Declared with `extern`.
    public var isExtern: Bool { clang_Cursor_getStorageClass(raw) == CX_SC_Extern }
    /// A variable at file scope, `static`, or `extern`.
    public var hasGlobalStorage: Bool { clang_Cursor_hasVarDeclGlobalStorage(raw) == 1 }
    /// The initialiser of a variable, nil where it has none.
    public var initializer: Cursor? {
        let cursor = Cursor(raw: clang_Cursor_getVarDeclInitializer(raw), unit: unit)
        return cursor.isNull ? nil : cursor
    }

    /// The declaration printed back from the tree: macros are expanded, implicit conversions are left out.
    ///
    /// This shows what the tree's nodes do not: which parts of a `for` are missing, and the constraints of an `asm`.
    public var prettyPrinted: String { takeString(clang_getCursorPrettyPrinted(raw, nil)) }

    // MARK: Records and enumerations

    public var isBitField: Bool { clang_Cursor_isBitField(raw) != 0 }
    public var bitFieldWidth: Int { Int(clang_getFieldDeclBitWidth(raw)) }
    /// Offset of a field in bits from the start of the record that is its semantic parent; nil if there is no layout.
    public var fieldBitOffset: Int? {
        let offset = clang_Cursor_getOffsetOfField(raw)
        return offset < 0 ? nil : Int(offset)
    }
    /// A struct or union member without a name, whose members belong to the record around it.
    public var isAnonymousRecord: Bool { clang_Cursor_isAnonymousRecordDecl(raw) != 0 }
    public var isAnonymous: Bool { clang_Cursor_isAnonymous(raw) != 0 }
    /// The integer type that an `enum` is stored in.
    public var enumIntegerType: ClangType { ClangType(raw: clang_getEnumDeclIntegerType(raw), unit: unit) }
    public var typedefUnderlying: ClangType { ClangType(raw: clang_getTypedefDeclUnderlyingType(raw), unit: unit) }
    /// The value of an enumerator, sign-extended to 64 bits.
    public var enumConstantBits: UInt64 { UInt64(bitPattern: clang_getEnumConstantDeclValue(raw)) }

    // MARK: Operators and constants

    public var binaryOperator: ClangBinaryOperator { ClangBinaryOperator(clang_getCursorBinaryOperatorKind(raw)) }
    public var unaryOperator: ClangUnaryOperator { ClangUnaryOperator(clang_getCursorUnaryOperatorKind(raw)) }

    /// The value of an integer constant expression as clang folds it, sign- or zero-extended to 64 bits by its own sign.
    ///
    /// clang folds expressions with side effects too: ask only about expressions that are known to have none.
    public var evaluatedInteger: UInt64? {
        guard let result = clang_Cursor_Evaluate(raw) else { return nil }
        defer { clang_EvalResult_dispose(result) }
        guard clang_EvalResult_getKind(result) == CXEval_Int else { return nil }
        return clang_EvalResult_isUnsignedInt(result) != 0
            ? clang_EvalResult_getAsUnsigned(result) : UInt64(bitPattern: clang_EvalResult_getAsLongLong(result))
    }
}

extension Cursor: Equatable {
    public static func == (a: Cursor, b: Cursor) -> Bool { clang_equalCursors(a.raw, b.raw) != 0 }
}
