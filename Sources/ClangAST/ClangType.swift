import CLibclang

/// What a C type is, after typedefs.
public enum ClangTypeKind: Sendable, Hashable {
    case invalid
    case void
    case bool
    /// Integers by their signedness; `sizeOf` has the width.
    case signedInteger
    case unsignedInteger
    case int128
    case floating
    case complex
    case vector
    case pointer
    case record
    case enumeration
    case constantArray
    case incompleteArray
    case variableArray
    case function
    case functionWithoutPrototype
    case atomic
    case other
}

/// A C type of a translation unit.
public struct ClangType: Hashable {
    let raw: CXType
    let unit: TranslationUnit

    /// Two types are equal when they are the same type as written; compare `canonical` types to see through typedefs.
    public static func == (a: ClangType, b: ClangType) -> Bool { clang_equalTypes(a.raw, b.raw) != 0 }
    public func hash(into hasher: inout Hasher) { hasher.combine(raw.data.0) }

    public var isValid: Bool { raw.kind != CXType_Invalid }
    public var spelling: String { takeString(clang_getTypeSpelling(raw)) }
    public var canonical: ClangType { ClangType(raw: clang_getCanonicalType(raw), unit: unit) }
    public var unqualified: ClangType { ClangType(raw: clang_getUnqualifiedType(raw), unit: unit) }
    public var isConst: Bool { clang_isConstQualifiedType(raw) != 0 }
    public var isVolatile: Bool { clang_isVolatileQualifiedType(raw) != 0 }

    /// Bytes, or nil for incomplete and variable-length types.
    public var sizeOf: Int? {
        let size = clang_Type_getSizeOf(raw)
        return size < 0 ? nil : Int(size)
    }

    public var pointee: ClangType { ClangType(raw: clang_getPointeeType(raw), unit: unit) }
    public var arrayElement: ClangType { ClangType(raw: clang_getArrayElementType(raw), unit: unit) }
    /// Elements of a constant array, else nil.
    public var arrayCount: Int? {
        let count = clang_getArraySize(raw)
        return count < 0 ? nil : Int(count)
    }
    public var result: ClangType { ClangType(raw: clang_getResultType(raw), unit: unit) }
    public var isVariadic: Bool { clang_isFunctionTypeVariadic(raw) != 0 }
    public var parameters: [ClangType] {
        (0..<Swift.max(0, clang_getNumArgTypes(raw))).map {
            ClangType(raw: clang_getArgType(raw, UInt32($0)), unit: unit)
        }
    }
    public var atomicValue: ClangType { ClangType(raw: clang_Type_getValueType(raw), unit: unit) }
    public var declaration: Cursor { Cursor(raw: clang_getTypeDeclaration(raw), unit: unit) }

    /// The members of a struct or union in order, anonymous ones included.
    public var fields: [Cursor] {
        final class Collector { var fields: [CXCursor] = [] }
        let collector = Collector()
        _ = clang_Type_visitFields(raw, { field, data in
            if let data { Unmanaged<Collector>.fromOpaque(data).takeUnretainedValue().fields.append(field) }
            return CXVisit_Continue
        }, Unmanaged.passUnretained(collector).toOpaque())
        return withExtendedLifetime(collector) { collector.fields.map { Cursor(raw: $0, unit: unit) } }
    }

    /// Of the canonical type.
    public var kind: ClangTypeKind {
        switch clang_getCanonicalType(raw).kind {
        case CXType_Invalid: .invalid
        case CXType_Void: .void
        case CXType_Bool: .bool
        case CXType_Char_U, CXType_UChar, CXType_UShort, CXType_UInt, CXType_ULong, CXType_ULongLong, CXType_Char16,
            CXType_Char32:
            .unsignedInteger
        case CXType_Char_S, CXType_SChar, CXType_Short, CXType_Int, CXType_Long, CXType_LongLong, CXType_WChar:
            .signedInteger
        case CXType_Int128, CXType_UInt128: .int128
        case CXType_Float, CXType_Double, CXType_LongDouble, CXType_Float128, CXType_Half, CXType_Float16,
            CXType_BFloat16, CXType_Ibm128:
            .floating
        case CXType_Complex: .complex
        case CXType_Vector, CXType_ExtVector: .vector
        case CXType_Pointer: .pointer
        case CXType_Record: .record
        case CXType_Enum: .enumeration
        case CXType_ConstantArray: .constantArray
        case CXType_IncompleteArray: .incompleteArray
        case CXType_VariableArray: .variableArray
        case CXType_FunctionProto: .function
        case CXType_FunctionNoProto: .functionWithoutPrototype
        case CXType_Atomic: .atomic
        default: .other
        }
    }
}
