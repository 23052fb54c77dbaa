import Lowering
import Synchronization
import XenTree

/// A build as the lowering wants to see it: its translation units by the names that users are shown.
public final class BuildUnits: UnitIndex {
    private let build: XenBuild
    private let recipes: [String: UnitRecipe]
    private let unitsByObject: [String: String]
    /// Resolving links costs a system call, and each unit names the same hundreds of headers.
    private let shownPaths = Mutex<[String: String]>([:])
    private let text = Mutex<TreeText?>(nil)
    private let mentions = Mutex<[MemberName: MemberMentions?]>([:])

    private struct MemberName: Hashable {
        var record: String
        var member: String
    }

    public init(build: XenBuild) {
        self.build = build
        var recipes: [String: UnitRecipe] = [:]
        var units: [String: String] = [:]
        for command in build.commands.all where !command.isAssembly && units[command.object] == nil {
            let name = Self.name(of: command, in: build) { recipes[$0] != nil }
            units[command.object] = name
            recipes[name] = UnitRecipe(
                path: command.source, displayPath: name, flags: command.flags, directory: command.directory)
        }
        self.recipes = recipes
        unitsByObject = units
    }

    /// The number of C files, counting one that makes several objects as several.
    public var count: Int { recipes.count }

    public func recipe(forUnit displayPath: String) -> UnitRecipe? { recipes[displayPath] }

    public func units(defining name: String) -> [String] {
        let functions = build.symbols.definitions(of: name)
        let all = functions.isEmpty ? build.symbols.variableDefinitions(of: name) : functions
        // The linker prefers a strong definition, whichever object it meets first.
        let strong = all.filter { !$0.isWeak }
        let definitions = strong.isEmpty ? all : strong
        guard definitions.contains(where: { !$0.isAssembly }) else { return [] }
        // One in assembly beside one in C stays in the answer: which of them is linked is not known here.
        var names: [String] = []
        for definition in definitions {
            let unit = unitsByObject[definition.object] ?? displayPath(ofFile: definition.source)
            if !names.contains(unit) { names.append(unit) }
        }
        return names
    }

    public func candidates(defining name: String) -> [String] {
        // What assembly defines is neither newer than the build nor to be found in C.
        guard build.symbols.definitions(of: name).allSatisfy({ !$0.isAssembly }) else { return [] }
        return build.sources.objects(defining: name).compactMap { unitsByObject[$0] }
    }

    public func displayPath(ofFile absolute: String) -> String {
        if let known = shownPaths.withLock({ $0[absolute] }) { return known }
        let shown = build.relativePath(absolute)
        shownPaths.withLock { $0[absolute] = shown }
        return shown
    }

    public func mentions(ofMember member: String, record: String) -> MemberMentions? {
        let name = MemberName(record: record, member: member)
        if let known = mentions.withLock({ $0[name] }) { return known }
        let found = findMentions(of: name)
        mentions.withLock { $0[name] = .some(found) }
        return found
    }

    public func mentions(ofFunction name: String) -> MemberMentions? { FunctionMentions(text: wholeText, name: name).mentions }

    private func findMentions(of name: MemberName) -> MemberMentions? {
        MentionSearch(text: wholeText, member: name.member, record: name.record).mentions
    }

    private var wholeText: TreeText {
        text.withLock { known -> TreeText in
            if let known { return known }
            let made = TreeText(units: recipes) { self.displayPath(ofFile: $0) }
            known = made
            return made
        }
    }

    /// The headers that the files of the build may include, ordered.
    var headers: [String] {
        let paths = TreeText.paths(besides: recipes.values.map(\.path), of: recipes)
        return paths.filter { !$0.hasSuffix(".c") }.map(displayPath).sorted()
    }

    /// The source's path; with the object's where a source is compiled more than once.
    private static func name(of command: CompileCommand, in build: XenBuild, isTaken: (String) -> Bool) -> String {
        let path = build.relativePath(command.source)
        guard isTaken(path) else { return path }
        let withObject = "\(path) (as \(build.relativePath(command.object)))"
        return isTaken(withObject) ? command.object : withObject
    }
}
