/// A place that defines a function or variable.
public struct SymbolDefinition: Sendable, Hashable {
    public let source: String
    /// The object whose symbol table says so, or would if it were there.
    public let object: String
    /// Defined by assembler code, which cannot be analysed.
    public let isAssembly: Bool
    /// Another, non-weak definition replaces it when linking.
    public let isWeak: Bool
    /// Found by searching the source's text, since the object's symbol table could not be read. Names that macros
    /// make may be missed.
    public let isApproximate: Bool

    public init(source: String, object: String, isAssembly: Bool, isWeak: Bool, isApproximate: Bool) {
        self.source = source
        self.object = object
        self.isAssembly = isAssembly
        self.isWeak = isWeak
        self.isApproximate = isApproximate
    }
}

/// Which source defines a name: read from the symbol tables of the build's objects, so exact for any name, however
/// many macros made it. Sources whose object cannot be read are searched as text instead.
public struct SymbolIndex: Sendable {
    private var functions: [String: [SymbolDefinition]] = [:]
    private var variables: [String: [SymbolDefinition]] = [:]
    private var localFunctionsByObject: [String: Set<String>] = [:]
    private var localFunctionOwners: [String: [SymbolDefinition]] = [:]
    private var localVariableOwners: [String: [SymbolDefinition]] = [:]
    /// Objects that could not be read, or are for another machine.
    public private(set) var diagnostics: [TreeDiagnostic] = []
    /// Objects for another machine: they cannot be linked with the rest.
    private(set) var foreignObjects: Set<String> = []
    /// The number of objects whose symbol table was read.
    public private(set) var exactObjectCount = 0
    /// The number of objects whose source had to be searched instead.
    public private(set) var approximateObjectCount = 0

    /// The external functions named `name`, best first: a strong definition before a weak one, an exact one before
    /// an approximate one. More than one where a library has a fallback that is not linked.
    public func definitions(of name: String) -> [SymbolDefinition] { functions[name, default: []] }

    /// The external variables named `name`, in the same order.
    public func variableDefinitions(of name: String) -> [SymbolDefinition] { variables[name, default: []] }

    /// The static functions named `name`. One that the compiler inlined everywhere is not among them.
    public func localDefinitions(of name: String) -> [SymbolDefinition] { localFunctionOwners[name, default: []] }

    /// The static variables named `name`.
    public func localVariableDefinitions(of name: String) -> [SymbolDefinition] {
        localVariableOwners[name, default: []]
    }

    /// The static functions that are left in `object`, ordered. Clones that the compiler made (`f.part.0`) count as
    /// the function they were made of.
    public func localFunctions(inObject object: String) -> [String] {
        localFunctionsByObject[object, default: []].sorted()
    }

    /// The names of all external functions, ordered.
    public var functionNames: [String] { functions.keys.sorted() }

    /// The number of external functions.
    public var functionCount: Int { functions.count }

    /// - Parameter recorded: the names of objects that are only stand-ins.
    init(
        commands: [CompileCommand], architecture: Architecture,
        recorded: (CompileCommand) -> RecordedSymbols.Names? = { _ in nil }
    ) {
        for command in commands { add(command, architecture: architecture, recorded: recorded) }
        for key in functions.keys { functions[key]?.sort(by: Self.isBetter) }
        for key in variables.keys { variables[key]?.sort(by: Self.isBetter) }
        for key in localFunctionOwners.keys { localFunctionOwners[key]?.sort(by: Self.isBetter) }
        for key in localVariableOwners.keys { localVariableOwners[key]?.sort(by: Self.isBetter) }
    }

    private static func isBetter(_ one: SymbolDefinition, _ other: SymbolDefinition) -> Bool {
        if one.isApproximate != other.isApproximate { return other.isApproximate }
        if one.isWeak != other.isWeak { return other.isWeak }
        return (one.source, one.object) < (other.source, other.object)
    }

    private mutating func add(
        _ command: CompileCommand, architecture: Architecture, recorded: (CompileCommand) -> RecordedSymbols.Names?
    ) {
        do {
            let object = try ObjectSymbols(
                path: command.object, identity: architecture.objectIdentity, includesUntyped: command.isAssembly)
            exactObjectCount += 1
            // An object that somebody did compile knows better.
            if object.symbols.isEmpty, let names = recorded(command) { add(names, of: command) }
            for symbol in object.symbols { add(symbol, of: command) }
        } catch {
            switch error {
            case .foreign:
                // Boot code for another mode of the processor.
                foreignObjects.insert(command.object)
                let message = "for another machine than the hypervisor, its symbols are left out"
                diagnostics.append(TreeDiagnostic(.note, file: command.object, message: message))
            case .notAnObject(let reason), .malformed(let reason):
                addApproximately(command, reason: reason)
            }
        }
    }

    private mutating func add(_ names: RecordedSymbols.Names, of command: CompileCommand) {
        let all = [
            (names.functions, true, false), (names.weakFunctions, true, true), (names.variables, false, false),
            (names.weakVariables, false, true),
        ]
        for (names, isFunction, isWeak) in all {
            for name in names {
                add(.init(name: name, isFunction: isFunction, isGlobal: true, isWeak: isWeak), of: command)
            }
        }
    }

    private mutating func add(_ symbol: ObjectSymbols.Symbol, of command: CompileCommand) {
        let definition = SymbolDefinition(
            source: command.source, object: command.object, isAssembly: command.isAssembly,
            isWeak: symbol.isWeak, isApproximate: false)
        switch (symbol.isFunction, symbol.isGlobal) {
        case (true, true): Self.insert(definition, symbol.name, &functions)
        case (false, true): Self.insert(definition, symbol.name, &variables)
        case (true, false):
            let name = Self.withoutCloneSuffix(symbol.name)
            if localFunctionsByObject[command.object, default: []].insert(name).inserted {
                Self.insert(definition, name, &localFunctionOwners)
            }
        case (false, false): Self.insert(definition, Self.withoutCloneSuffix(symbol.name), &localVariableOwners)
        }
    }

    private static func insert(
        _ definition: SymbolDefinition, _ name: String, _ index: inout [String: [SymbolDefinition]]
    ) {
        // The same name twice in one object: a static variable of two functions, or versions of one symbol.
        if index[name]?.last == definition { return }
        index[name, default: []].append(definition)
    }

    /// Builds with unique names prefix static symbols with their file (`file.c#f`); compilers append to clones.
    private static func withoutCloneSuffix(_ name: String) -> String {
        let own = name.utf8.lastIndex(of: UInt8(ascii: "#")).map { name[name.index(after: $0)...] } ?? name[...]
        guard let dot = own.utf8.firstIndex(of: UInt8(ascii: ".")), dot != own.startIndex else { return String(own) }
        return String(own[..<dot])
    }

    private mutating func addApproximately(_ command: CompileCommand, reason: String) {
        guard !command.isAssembly else { return }
        approximateObjectCount += 1
        let message = "\(reason): the functions of its source are found by their text instead"
        diagnostics.append(TreeDiagnostic(.note, file: command.object, message: message))
        guard let bytes = try? BoundedFile.read(command.source) else { return }
        for function in SourceFunctions.defined(in: bytes) {
            let definition = SymbolDefinition(
                source: command.source, object: command.object, isAssembly: false, isWeak: function.isWeak,
                isApproximate: true)
            if !function.isStatic {
                Self.insert(definition, function.name, &functions)
            } else if localFunctionsByObject[command.object, default: []].insert(function.name).inserted {
                Self.insert(definition, function.name, &localFunctionOwners)
            }
        }
    }
}
