/// Index of an expression in its function's `expressions`. Children always have a smaller index than their parent.
public struct ExpressionID: Hashable, Sendable, Codable {
    public var index: Int
    public init(_ index: Int) { self.index = index }
}

/// Index of a variable in its function's `locals`.
public struct LocalID: Hashable, Sendable, Codable, Comparable {
    public var index: Int
    public init(_ index: Int) { self.index = index }
    public static func < (a: LocalID, b: LocalID) -> Bool { a.index < b.index }
}

/// A function by name, and by the file compiled (the translation unit) for names that are private to one.
public struct FunctionReference: Hashable, Sendable, Codable, Comparable {
    public var name: String
    /// The main source file of the translation unit, for `static` and header-inline functions; nil for external linkage.
    public var unit: String?

    public init(name: String, unit: String?) {
        self.name = name
        self.unit = unit
    }

    public static func < (a: FunctionReference, b: FunctionReference) -> Bool {
        (a.name, a.unit ?? "") < (b.name, b.unit ?? "")
    }
}

/// A variable with static storage duration (file scope, or `static` inside a function).
public struct GlobalReference: Hashable, Sendable, Codable {
    public var name: String
    /// As for functions: the translation unit for internal linkage, else nil. A function's `static` is `function.name`.
    public var unit: String?

    public init(name: String, unit: String?) {
        self.name = name
        self.unit = unit
    }
}

/// An expression without side effects: calls, assignments, `?:`, and statement expressions are lowered to instructions.
///
/// Every conversion of C is a `.convert` node, implicit or explicit.
public struct Expression: Hashable, Sendable, Codable {
    public var kind: ExpressionKind
    public var type: CType
    public var location: SourceLocation

    public init(kind: ExpressionKind, type: CType, location: SourceLocation) {
        self.kind = kind
        self.type = type
        self.location = location
    }
}

public enum ExpressionKind: Hashable, Sendable, Codable {
    /// An integer (or null pointer, or integer cast to pointer) constant, as its mathematical value in the node's type:
    /// `bits` is the two's-complement pattern, sign-extended to 64 bits for signed types.
    case constant(bits: UInt64)
    /// The value that a place holds.
    case load(Place)
    /// The same of a volatile object: every read may give another value (C11 6.7.3p7). Held in a temporary right away.
    case volatileLoad(Place)
    /// `&place`, and the decay of an array to the address of its first element.
    case addressOf(Place)
    /// The address of a function.
    case functionAddress(FunctionReference)
    case unary(UnaryOperator, ExpressionID)
    /// Both operands already have the operation's type (shifts excepted: each side is promoted by itself).
    case binary(BinaryOperator, ExpressionID, ExpressionID)
    /// Result `int` 0 or 1; operands are converted to a common type.
    case compare(ComparisonOperator, ExpressionID, ExpressionID)
    /// Pointer plus (or minus) an integer counted in elements of `elementSize` bytes.
    case pointerAdd(pointer: ExpressionID, index: ExpressionID, elementSize: Int, isSubtraction: Bool)
    /// Difference of two pointers in elements of `elementSize` bytes.
    case pointerDifference(ExpressionID, ExpressionID, elementSize: Int)
    /// `!x`: 1 when the operand (integer or pointer) is zero.
    case logicalNot(ExpressionID)
    /// `a && b`, `a || b` where `b` has no side effect (otherwise it is control flow).
    case logicalAnd(ExpressionID, ExpressionID)
    case logicalOr(ExpressionID, ExpressionID)
    case convert(ExpressionID, isExplicit: Bool)
    /// Any value of the type; `reason` says why nothing more is known (an `asm` result, a floating-point conversion).
    case anyValue(reason: String)
    /// The front end could not lower this: everything that depends on it is `unknown`.
    case unsupported(kind: String)
}

public enum UnaryOperator: String, Hashable, Sendable, Codable { case negate, complement }

public enum BinaryOperator: String, Hashable, Sendable, Codable {
    case add, subtract, multiply, divide, remainder, and, or, xor, shiftLeft, shiftRight
}

public enum ComparisonOperator: String, Hashable, Sendable, Codable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}
