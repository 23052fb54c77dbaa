/// Why a function's body is not to be had.
public enum MissingBody: Hashable, Sendable, Codable {
    /// Defined in assembly, or only declared in this build: its type's range is all there is.
    case noBody
    /// The file that defines it has errors at or before it.
    case parseError(String)
    /// Several definitions, or an index that could not tell.
    case ambiguous(String)
}

public enum BodyLookup: Sendable {
    case found(Function)
    case missing(MissingBody)
}

/// The initial value of a variable with static storage duration.
public struct GlobalDefinition: Hashable, Sendable, Codable {
    /// One scalar of the initialiser, `byteOffset` from the variable's start.
    public struct Element: Hashable, Sendable, Codable {
        public var byteOffset: Int
        public var type: CType
        public var value: Value
        public init(byteOffset: Int, type: CType, value: Value) {
            self.byteOffset = byteOffset
            self.type = type
            self.value = value
        }
    }

    public enum Value: Hashable, Sendable, Codable {
        case integer(bits: UInt64)
        case function(FunctionReference)
        case address(GlobalReference)
        case unknown
    }

    public var reference: GlobalReference
    public var type: CType
    public var location: SourceLocation
    /// Declared `const`: its initial value is its value.
    public var isConstant: Bool
    public var byteSize: Int
    /// False: it is declared (`extern`), and no definition was seen.
    public var isDefined: Bool
    /// nil: no initialiser was seen, or it could not be followed.
    public var elements: [Element]?

    public init(
        reference: GlobalReference, type: CType, location: SourceLocation, isConstant: Bool, byteSize: Int,
        isDefined: Bool, elements: [Element]?
    ) {
        self.reference = reference
        self.type = type
        self.location = location
        self.isConstant = isConstant
        self.byteSize = byteSize
        self.isDefined = isDefined
        self.elements = elements
    }
}

/// The functions that a program stores in one member of a record, wherever it does so.
public struct StoredFunctions: Hashable, Sendable, Codable {
    /// Sorted, without duplicates.
    public var functions: [FunctionReference]
    /// False: something else may be stored there too.
    public var isComplete: Bool
    /// The units in which they were found or looked for; sorted.
    public var units: [String]

    public init(functions: [FunctionReference], isComplete: Bool, units: [String]) {
        self.functions = functions
        self.isComplete = isComplete
        self.units = units
    }
}

/// A program that is read as the analysis asks for it. Answers are the same for the same question, in any order.
public protocol ProgramSource: Sendable {
    /// The body of a function.
    func body(of function: FunctionReference) -> BodyLookup
    /// The layout of a struct or union as `unit` sees it.
    func layout(ofRecord name: String, unit: String) -> RecordLayout?
    /// A variable's definition as `unit` sees it; nil when no declaration is in sight.
    func global(_ reference: GlobalReference, unit: String) -> GlobalDefinition?
    /// What the whole program stores in a member of a record; nil where that is not known.
    func functions(storedIn record: String, member: String) -> StoredFunctions?
    /// What the whole program stores in a variable; nil where that is not known.
    func functions(storedIn variable: GlobalReference) -> StoredFunctions?
}

extension ProgramSource {
    public func functions(storedIn record: String, member: String) -> StoredFunctions? { nil }
    public func functions(storedIn variable: GlobalReference) -> StoredFunctions? { nil }
}
