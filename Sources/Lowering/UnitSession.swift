import ClangAST
import ProgramModel

/// A parsed unit with what is asked about it again and again. Used by one thread at a time.
final class UnitSession {
    let tree: TranslationUnit
    let recipe: UnitRecipe
    let index: any UnitIndex
    let types: TypeLowering
    /// Definitions of functions, and the last declaration of each, by name.
    private(set) var definitions: [String: Cursor] = [:]
    private(set) var declarations: [String: Cursor] = [:]
    /// Variables at file scope: the declaration with an initialiser, else a definition, else a declaration.
    private(set) var variables: [String: Cursor] = [:]
    let errors: UnitErrors
    let diagnostics: [ParseDiagnostic]
    private var noReturn: [Cursor.Identity: Bool] = [:]
    private var linkerNames: [String: String] = [:]
    private var statics: [String: StaticLocals] = [:]
    private let files: FileNames
    var hasAllRecords = false
    /// All functions with a body, and all variables with an initialiser.
    private(set) lazy var definedTexts: [DefinedText] = {
        let initialized = variables.values.filter { $0.initializer != nil }
        return (Array(definitions.values) + initialized).map { DefinedText($0) }
    }()

    var unit: String { recipe.displayPath }

    init(tree: TranslationUnit, recipe: UnitRecipe, index: any UnitIndex) {
        self.tree = tree
        self.recipe = recipe
        self.index = index
        let files = FileNames(index: index, directory: recipe.directory)
        self.files = files
        types = TypeLowering(pointerWidth: tree.pointerWidth) { files.place($0) }
        let found = tree.diagnostics
        errors = UnitErrors(found.filter { $0.severity >= .error }, mainFile: recipe.path, files: files)
        diagnostics = found.filter { $0.severity >= .warning }.map { message in
            let place = files.place(message.location)
            return ParseDiagnostic(
                unit: recipe.displayPath, file: place.file, line: place.line, column: place.column,
                message: message.message, severity: message.severity.rawValue)
        }
        scan()
    }

    private func scan() {
        for cursor in tree.root.children {
            switch cursor.kind {
            case .functionDecl:
                let name = cursor.spelling
                declarations[name] = cursor
                if cursor.isDefinition { definitions[name] = cursor }
            case .varDecl: note(variable: cursor)
            case .structDecl, .unionDecl:
                // A record without a tag is spelled as its typedef, but its type without `struct`.
                let spelling = cursor.spelling
                if cursor.type.canonical.spelling.hasSuffix(" \(spelling)") { types.fileScopeTags.insert(spelling) }
            default: break
            }
        }
    }

    private func note(variable cursor: Cursor) {
        let name = cursor.spelling
        guard let known = variables[name] else {
            variables[name] = cursor
            return
        }
        let isBetter = cursor.initializer != nil || (known.initializer == nil && known.isExtern)
        if isBetter { variables[name] = cursor }
    }

    func place(_ location: ClangLocation) -> SourceLocation { files.place(location) }
    func place(of cursor: Cursor) -> SourceLocation { files.place(cursor.location(.file)) }

    // MARK: Names

    func reference(toFunction cursor: Cursor) -> FunctionReference {
        let isOwn = cursor.linkage == .internal || cursor.isInlineFunction
        return isOwn
            ? FunctionReference(name: cursor.spelling, unit: unit)
            : FunctionReference(name: linkerName(of: cursor), unit: nil)
    }

    /// `long f(void) asm("g");` declares what is `g` elsewhere.
    private func linkerName(of function: Cursor) -> String {
        let name = function.spelling
        if let known = linkerNames[name] { return known }
        let label = function.children.first { $0.kind == .asmLabelAttr }?.spelling ?? name
        linkerNames[name] = label
        return label
    }

    /// The name of a variable with static storage.
    func reference(toVariable cursor: Cursor) -> GlobalReference {
        let parent = cursor.semanticParent
        if parent.kind == .functionDecl, !cursor.isExtern {
            let function = parent.spelling
            let name = staticLocals(of: parent, named: function).name(of: cursor) ?? "\(function).\(cursor.spelling)"
            return GlobalReference(name: name, unit: unit)
        }
        return GlobalReference(name: cursor.spelling, unit: cursor.linkage == .internal ? unit : nil)
    }

    func variable(named name: String) -> Cursor? {
        guard let dot = name.firstIndex(of: ".") else { return variables[name] }
        let function = String(name[..<dot])
        guard let definition = definitions[function] else { return nil }
        return staticLocals(of: definition, named: function).cursors[name]
    }

    private func staticLocals(of function: Cursor, named name: String) -> StaticLocals {
        if let known = statics[name] { return known }
        let found = StaticLocals(of: definitions[name] ?? function, function: name)
        statics[name] = found
        return found
    }

    /// Whether a function is declared never to return. GNU's attribute is part of the type, C11's is a node.
    func isNoReturn(_ function: Cursor) -> Bool {
        if let known = noReturn[function.identity] { return known }
        let result = Self.saysNoReturn(function) || Self.saysNoReturn(function.canonical)
        noReturn[function.identity] = result
        return result
    }

    private static func saysNoReturn(_ function: Cursor) -> Bool {
        if function.type.canonical.spelling.contains("noreturn") { return true }
        guard function.hasAttributes else { return false }
        guard function.children.contains(where: { $0.kind == .unexposedAttr }) else { return false }
        // The declaration as printed back ends where the body begins.
        let head = function.prettyPrinted.prefix { $0 != "{" }
        return head.contains("_Noreturn") || head.contains("noreturn")
    }

    func isNoReturn(type: ClangType) -> Bool { type.canonical.spelling.contains("noreturn") }
}

/// The variables with static storage inside a function: `function.name`, and `function.name#2` for a second of that name.
struct StaticLocals {
    private var names: [Cursor.Identity: String] = [:]
    private(set) var cursors: [String: Cursor] = [:]

    init(of function: Cursor, function name: String) {
        var pending = [(function, 0)]
        while let (cursor, depth) = pending.popLast() {
            if cursor.kind == .varDecl, cursor.hasGlobalStorage, !cursor.isExtern { add(cursor, function: name) }
            guard depth < NestingLimit.depth else { continue }
            // Reversed, so that they are taken off the stack in source order.
            for child in cursor.children.reversed() where !child.isReference { pending.append((child, depth + 1)) }
        }
    }

    private mutating func add(_ cursor: Cursor, function: String) {
        guard names[cursor.identity] == nil else { return }
        let base = "\(function).\(cursor.spelling)"
        var name = base
        var number = 2
        while cursors[name] != nil {
            name = "\(base)#\(number)"
            number += 1
        }
        names[cursor.identity] = name
        cursors[name] = cursor
    }

    func name(of cursor: Cursor) -> String? { names[cursor.identity] }
}

/// Nesting beyond this is hostile input: what lies deeper is `unsupported`.
enum NestingLimit {
    static let depth = 1_500
}
