public struct BlockID: Hashable, Sendable, Codable, Comparable {
    public var index: Int
    public init(_ index: Int) { self.index = index }
    public static func < (a: BlockID, b: BlockID) -> Bool { a.index < b.index }
}

/// A parameter, a variable with automatic storage, or a temporary of the lowering.
public struct Local: Hashable, Sendable, Codable {
    public var name: String
    public var type: CType
    public var location: SourceLocation
    public var isParameter: Bool
    /// Made by the lowering (the value of a call, of a statement expression, of `?:`).
    public var isTemporary: Bool

    public init(name: String, type: CType, location: SourceLocation, isParameter: Bool = false, isTemporary: Bool = false) {
        self.name = name
        self.type = type
        self.location = location
        self.isParameter = isParameter
        self.isTemporary = isTemporary
    }
}

/// A scalar is passed by its value, a struct or union by the place that is copied.
public enum Argument: Hashable, Sendable, Codable {
    case scalar(ExpressionID)
    case aggregate(Place)
}

public enum Callee: Hashable, Sendable, Codable {
    case direct(FunctionReference)
    /// Through a function pointer; `type` is the function's type.
    case indirect(ExpressionID, type: CType)
}

public struct Call: Hashable, Sendable, Codable {
    public var callee: Callee
    public var arguments: [Argument]
    /// Where the result goes (always a temporary local or nil when the result is dropped or void).
    public var result: Place?
    public var returnType: CType
    public var isNoReturn: Bool

    public init(callee: Callee, arguments: [Argument], result: Place?, returnType: CType, isNoReturn: Bool = false) {
        self.callee = callee
        self.arguments = arguments
        self.result = result
        self.returnType = returnType
        self.isNoReturn = isNoReturn
    }
}

public enum InstructionKind: Hashable, Sendable, Codable {
    /// Scalar store (integers and pointers).
    case assign(Place, ExpressionID)
    /// Copy of a struct, union or array.
    case copy(to: Place, from: Place)
    /// All bytes of the place become zero (the rest of an initialiser list, `= {}`).
    case zero(Place)
    /// A local's declaration is executed: its value is indeterminate until assigned.
    case declare(LocalID)
    case call(Call)
    /// Inline assembly: `outputs` get any value; `inputs` are read (pointers among them may be written through
    /// only when `clobbersMemory`).
    case assembly(outputs: [Place], inputs: [ExpressionID], clobbersMemory: Bool)
    /// A statement that could not be lowered: all that follows is `unknown`.
    case unsupported(kind: String)
}

public struct Instruction: Hashable, Sendable, Codable {
    public var kind: InstructionKind
    public var location: SourceLocation

    public init(kind: InstructionKind, location: SourceLocation) {
        self.kind = kind
        self.location = location
    }
}

/// `case low ... high:`; both bounds are bit patterns sign-extended (signed) or zero-extended (unsigned) to 64 bits,
/// in the promoted type of the switch operand.
public struct SwitchCase: Hashable, Sendable, Codable {
    public var low: UInt64
    public var high: UInt64
    /// The identifier written as the label (a macro's or enumerator's name); beside such, numbers as numbers; else nil.
    public var label: String?
    public var target: BlockID
    public var location: SourceLocation

    public init(low: UInt64, high: UInt64, label: String?, target: BlockID, location: SourceLocation) {
        self.low = low
        self.high = high
        self.label = label
        self.target = target
        self.location = location
    }
}

public enum TerminatorKind: Hashable, Sendable, Codable {
    case jump(BlockID)
    case branch(ExpressionID, whenTrue: BlockID, whenFalse: BlockID)
    case switching(ExpressionID, cases: [SwitchCase], default: BlockID)
    case returnScalar(ExpressionID)
    case returnAggregate(Place)
    case returnVoid
    /// Any of these may follow (`asm goto`, computed goto).
    case anyOf([BlockID])
    /// Control never gets here (`__builtin_unreachable`, after a noreturn call).
    case unreachable
}

public struct Terminator: Hashable, Sendable, Codable {
    public var kind: TerminatorKind
    public var location: SourceLocation

    public init(kind: TerminatorKind, location: SourceLocation) {
        self.kind = kind
        self.location = location
    }

    public var successors: [BlockID] {
        switch kind {
        case .jump(let target): [target]
        case .branch(_, let whenTrue, let whenFalse): whenTrue == whenFalse ? [whenTrue] : [whenTrue, whenFalse]
        case .switching(_, let cases, let fallback): cases.map(\.target) + [fallback]
        case .anyOf(let targets): targets
        case .returnScalar, .returnAggregate, .returnVoid, .unreachable: []
        }
    }
}

public struct Block: Hashable, Sendable, Codable {
    public var instructions: [Instruction]
    public var terminator: Terminator

    public init(instructions: [Instruction], terminator: Terminator) {
        self.instructions = instructions
        self.terminator = terminator
    }
}

/// A C function as a control-flow graph of plain data. Block 0 is the entry.
public struct Function: Hashable, Sendable, Codable {
    public var reference: FunctionReference
    /// The translation unit the body was lowered from (its main source file).
    public var unit: String
    public var location: SourceLocation
    public var returnType: CType
    /// The return type as written in the source, for messages.
    public var returnTypeSpelling: String
    /// The first `parameters.count` locals, in order.
    public var parameters: [LocalID]
    public var isVariadic: Bool
    public var isNoReturn: Bool
    /// Defined `inline` or in a header: cheap to follow.
    public var isInline: Bool
    public var locals: [Local]
    public var expressions: [Expression]
    public var blocks: [Block]
    /// Kinds of unsupported constructs met in the body, with counts.
    public var unsupported: [String: Int]

    public init(
        reference: FunctionReference, unit: String, location: SourceLocation, returnType: CType,
        returnTypeSpelling: String, parameters: [LocalID], isVariadic: Bool, isNoReturn: Bool, isInline: Bool,
        locals: [Local], expressions: [Expression], blocks: [Block], unsupported: [String: Int]
    ) {
        self.reference = reference
        self.unit = unit
        self.location = location
        self.returnType = returnType
        self.returnTypeSpelling = returnTypeSpelling
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.isNoReturn = isNoReturn
        self.isInline = isInline
        self.locals = locals
        self.expressions = expressions
        self.blocks = blocks
        self.unsupported = unsupported
    }

    /// With what ends the blocks.
    public var instructionCount: Int { blocks.reduce(0) { $0 + $1.instructions.count + 1 } }

    public subscript(id: ExpressionID) -> Expression { expressions[id.index] }
    public subscript(id: LocalID) -> Local { locals[id.index] }
    public subscript(id: BlockID) -> Block { blocks[id.index] }
}
