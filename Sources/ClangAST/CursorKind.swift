import CLibclang

/// The kinds of nodes that C has; `other` carries libclang's name for any that is not listed.
public enum CursorKind: Hashable, Sendable {
    case structDecl, unionDecl, enumDecl, fieldDecl, enumConstantDecl, functionDecl, varDecl, parmDecl, typedefDecl
    case typeRef, memberRef, labelRef
    case unexposedExpr, declRefExpr, memberRefExpr, callExpr, integerLiteral, floatingLiteral, imaginaryLiteral
    case stringLiteral, characterLiteral, parenExpr, unaryOperator, arraySubscriptExpr, binaryOperator
    case compoundAssignOperator, conditionalOperator, cStyleCastExpr, compoundLiteralExpr, initListExpr, addrLabelExpr
    case stmtExpr, genericSelectionExpr, unaryExpr
    case unexposedStmt, labelStmt, compoundStmt, caseStmt, defaultStmt, ifStmt, switchStmt, whileStmt, doStmt, forStmt
    case gotoStmt, indirectGotoStmt, continueStmt, breakStmt, returnStmt, gccAsmStmt, nullStmt, declStmt
    case unexposedAttr, asmLabelAttr
    case other(String)

    static let known: [UInt32: CursorKind] = [
        CXCursor_StructDecl.rawValue: .structDecl, CXCursor_UnionDecl.rawValue: .unionDecl,
        CXCursor_EnumDecl.rawValue: .enumDecl, CXCursor_FieldDecl.rawValue: .fieldDecl,
        CXCursor_EnumConstantDecl.rawValue: .enumConstantDecl, CXCursor_FunctionDecl.rawValue: .functionDecl,
        CXCursor_VarDecl.rawValue: .varDecl, CXCursor_ParmDecl.rawValue: .parmDecl,
        CXCursor_TypedefDecl.rawValue: .typedefDecl, CXCursor_TypeRef.rawValue: .typeRef,
        CXCursor_MemberRef.rawValue: .memberRef, CXCursor_LabelRef.rawValue: .labelRef,
        CXCursor_UnexposedExpr.rawValue: .unexposedExpr, CXCursor_DeclRefExpr.rawValue: .declRefExpr,
        CXCursor_MemberRefExpr.rawValue: .memberRefExpr, CXCursor_CallExpr.rawValue: .callExpr,
        CXCursor_IntegerLiteral.rawValue: .integerLiteral, CXCursor_FloatingLiteral.rawValue: .floatingLiteral,
        CXCursor_ImaginaryLiteral.rawValue: .imaginaryLiteral, CXCursor_StringLiteral.rawValue: .stringLiteral,
        CXCursor_CharacterLiteral.rawValue: .characterLiteral, CXCursor_ParenExpr.rawValue: .parenExpr,
        CXCursor_UnaryOperator.rawValue: .unaryOperator, CXCursor_ArraySubscriptExpr.rawValue: .arraySubscriptExpr,
        CXCursor_BinaryOperator.rawValue: .binaryOperator,
        CXCursor_CompoundAssignOperator.rawValue: .compoundAssignOperator,
        CXCursor_ConditionalOperator.rawValue: .conditionalOperator, CXCursor_CStyleCastExpr.rawValue: .cStyleCastExpr,
        CXCursor_CompoundLiteralExpr.rawValue: .compoundLiteralExpr, CXCursor_InitListExpr.rawValue: .initListExpr,
        CXCursor_AddrLabelExpr.rawValue: .addrLabelExpr, CXCursor_StmtExpr.rawValue: .stmtExpr,
        CXCursor_GenericSelectionExpr.rawValue: .genericSelectionExpr, CXCursor_UnaryExpr.rawValue: .unaryExpr,
        CXCursor_UnexposedStmt.rawValue: .unexposedStmt, CXCursor_LabelStmt.rawValue: .labelStmt,
        CXCursor_CompoundStmt.rawValue: .compoundStmt, CXCursor_CaseStmt.rawValue: .caseStmt,
        CXCursor_DefaultStmt.rawValue: .defaultStmt, CXCursor_IfStmt.rawValue: .ifStmt,
        CXCursor_SwitchStmt.rawValue: .switchStmt, CXCursor_WhileStmt.rawValue: .whileStmt,
        CXCursor_DoStmt.rawValue: .doStmt, CXCursor_ForStmt.rawValue: .forStmt, CXCursor_GotoStmt.rawValue: .gotoStmt,
        CXCursor_IndirectGotoStmt.rawValue: .indirectGotoStmt, CXCursor_ContinueStmt.rawValue: .continueStmt,
        CXCursor_BreakStmt.rawValue: .breakStmt, CXCursor_ReturnStmt.rawValue: .returnStmt,
        CXCursor_GCCAsmStmt.rawValue: .gccAsmStmt, CXCursor_NullStmt.rawValue: .nullStmt,
        CXCursor_DeclStmt.rawValue: .declStmt, CXCursor_UnexposedAttr.rawValue: .unexposedAttr,
        CXCursor_AsmLabelAttr.rawValue: .asmLabelAttr,
    ]

    init(_ raw: CXCursorKind) {
        self = Self.known[raw.rawValue] ?? .other(takeString(clang_getCursorKindSpelling(raw)))
    }

    /// libclang's name for the kind, for messages.
    public var name: String {
        if case .other(let name) = self { name } else { "\(self)" }
    }
}

/// A C binary operator; compound assignments carry the operator that they apply.
public enum ClangBinaryOperator: Hashable, Sendable {
    case multiply, divide, remainder, add, subtract, shiftLeft, shiftRight, and, xor, or
    case less, greater, lessOrEqual, greaterOrEqual, equal, notEqual, logicalAnd, logicalOr, assign, comma
    indirect case compound(ClangBinaryOperator)
    case other

    init(_ raw: CXBinaryOperatorKind) {
        switch raw {
        case CXBinaryOperator_Mul: self = .multiply
        case CXBinaryOperator_Div: self = .divide
        case CXBinaryOperator_Rem: self = .remainder
        case CXBinaryOperator_Add: self = .add
        case CXBinaryOperator_Sub: self = .subtract
        case CXBinaryOperator_Shl: self = .shiftLeft
        case CXBinaryOperator_Shr: self = .shiftRight
        case CXBinaryOperator_And: self = .and
        case CXBinaryOperator_Xor: self = .xor
        case CXBinaryOperator_Or: self = .or
        case CXBinaryOperator_LT: self = .less
        case CXBinaryOperator_GT: self = .greater
        case CXBinaryOperator_LE: self = .lessOrEqual
        case CXBinaryOperator_GE: self = .greaterOrEqual
        case CXBinaryOperator_EQ: self = .equal
        case CXBinaryOperator_NE: self = .notEqual
        case CXBinaryOperator_LAnd: self = .logicalAnd
        case CXBinaryOperator_LOr: self = .logicalOr
        case CXBinaryOperator_Assign: self = .assign
        case CXBinaryOperator_Comma: self = .comma
        case CXBinaryOperator_MulAssign: self = .compound(.multiply)
        case CXBinaryOperator_DivAssign: self = .compound(.divide)
        case CXBinaryOperator_RemAssign: self = .compound(.remainder)
        case CXBinaryOperator_AddAssign: self = .compound(.add)
        case CXBinaryOperator_SubAssign: self = .compound(.subtract)
        case CXBinaryOperator_ShlAssign: self = .compound(.shiftLeft)
        case CXBinaryOperator_ShrAssign: self = .compound(.shiftRight)
        case CXBinaryOperator_AndAssign: self = .compound(.and)
        case CXBinaryOperator_XorAssign: self = .compound(.xor)
        case CXBinaryOperator_OrAssign: self = .compound(.or)
        default: self = .other
        }
    }
}

/// A C unary operator.
public enum ClangUnaryOperator: Hashable, Sendable {
    case postIncrement, postDecrement, preIncrement, preDecrement, addressOf, dereference, plus, minus, complement
    case logicalNot, real, imaginary, `extension`, other

    init(_ raw: CXUnaryOperatorKind) {
        switch raw {
        case CXUnaryOperator_PostInc: self = .postIncrement
        case CXUnaryOperator_PostDec: self = .postDecrement
        case CXUnaryOperator_PreInc: self = .preIncrement
        case CXUnaryOperator_PreDec: self = .preDecrement
        case CXUnaryOperator_AddrOf: self = .addressOf
        case CXUnaryOperator_Deref: self = .dereference
        case CXUnaryOperator_Plus: self = .plus
        case CXUnaryOperator_Minus: self = .minus
        case CXUnaryOperator_Not: self = .complement
        case CXUnaryOperator_LNot: self = .logicalNot
        case CXUnaryOperator_Real: self = .real
        case CXUnaryOperator_Imag: self = .imaginary
        case CXUnaryOperator_Extension: self = .extension
        default: self = .other
        }
    }
}
