import ProgramModel

/// How to compile one translation unit.
public struct UnitRecipe: Sendable, Hashable {
    /// The main source file, absolute.
    public var path: String
    /// The same, relative to the tree: the `unit` of references in `ProgramModel`.
    public var displayPath: String
    public var flags: [String]
    /// What relative include paths in `flags` start from.
    public var directory: String?

    public init(path: String, displayPath: String, flags: [String], directory: String?) {
        self.path = path
        self.displayPath = displayPath
        self.flags = flags
        self.directory = directory
    }
}

/// What the lowering has to know about the tree: which files there are, how they are compiled, and what they define.
public protocol UnitIndex: Sendable {
    func recipe(forUnit displayPath: String) -> UnitRecipe?
    /// Display paths of the units that define this external function or variable.
    func units(defining name: String) -> [String]
    /// Display paths of the units whose text, as it is now, may define this function, in a fixed order. Only a parse can
    /// confirm it. Asked where `units(defining:)` has no answer, or one that is no longer true: what is known of a build
    /// is older than an edit of its sources.
    func candidates(defining name: String) -> [String]
    /// The name to show for a file; also what makes the names of types without a tag the same in every unit.
    func displayPath(ofFile absolute: String) -> String
    /// Where the text of the tree may store something in a member; nil where that is not known.
    func mentions(ofMember member: String, record: String) -> MemberMentions?
    /// Where the text of the tree may call a function, or take its address; nil where that is not known.
    func mentions(ofFunction name: String) -> MemberMentions?
}

extension UnitIndex {
    public func mentions(ofFunction name: String) -> MemberMentions? { nil }
    public func mentions(ofMember member: String, record: String) -> MemberMentions? { nil }
}

/// The units that may store something in a member of a record, or mention a function, as far as their text tells.
public struct MemberMentions: Sendable, Hashable {
    /// Sorted.
    public var units: [String]
    /// The words by which they do: the name, and macros that mention it. Empty: all that they define may.
    public var words: [String]

    public init(units: [String], words: [String]) {
        self.units = units
        self.words = words
    }
}

extension UnitIndex {
    public func candidates(defining name: String) -> [String] { [] }
}

/// A compiler message about a unit that was parsed.
public struct ParseDiagnostic: Sendable, Hashable, Codable, Comparable {
    public var unit: String
    public var file: String
    public var line: Int
    public var column: Int
    public var message: String
    public var severity: String

    public init(unit: String, file: String, line: Int, column: Int, message: String, severity: String) {
        self.unit = unit
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.severity = severity
    }

    public static func < (a: ParseDiagnostic, b: ParseDiagnostic) -> Bool {
        (a.file, a.line, a.column, a.unit, a.message, a.severity)
            < (b.file, b.line, b.column, b.unit, b.message, b.severity)
    }
}

/// A function's declaration, for messages and for calls whose body is not to be had.
public struct DeclarationInfo: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var type: CType
        public var typeSpelling: String
        public init(name: String, type: CType, typeSpelling: String) {
            self.name = name
            self.type = type
            self.typeSpelling = typeSpelling
        }
    }

    public var reference: FunctionReference
    public var location: SourceLocation
    public var returnType: CType
    public var returnTypeSpelling: String
    public var parameters: [Parameter]
    public var isVariadic: Bool
    public var isNoReturn: Bool
    /// The unit has the body too.
    public var isDefinition: Bool

    public init(
        reference: FunctionReference, location: SourceLocation, returnType: CType, returnTypeSpelling: String,
        parameters: [Parameter], isVariadic: Bool, isNoReturn: Bool, isDefinition: Bool
    ) {
        self.reference = reference
        self.location = location
        self.returnType = returnType
        self.returnTypeSpelling = returnTypeSpelling
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.isNoReturn = isNoReturn
        self.isDefinition = isDefinition
    }
}
