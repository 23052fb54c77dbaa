/// Reads a `compile_commands.json`, in both of its forms (`arguments` and `command`).
struct CompilationDatabase {
    private(set) var commands: [CompileCommand] = []
    private(set) var diagnostics: [TreeDiagnostic] = []
    private let path: String
    private let home: String
    private let targetTriple: String

    /// - Parameter path: the file, absolute.
    init(path: String, targetTriple: String) throws(XenTreeError) {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        self.init(bytes, path: path, targetTriple: targetTriple)
    }

    init(_ bytes: [UInt8], path: String, targetTriple: String) {
        self.path = path
        self.home = PathText.parent(path)
        self.targetTriple = targetTriple
        var parser = JSONParser(bytes)
        do {
            try parser.parseArray { value, line, column in
                switch command(from: value) {
                case .success(let command): commands += command.map { [$0] } ?? []
                case .failure(let problem): warn(problem.message, line, column)
                }
            }
        } catch {
            warn("not valid JSON: \(error.message)", error.line, error.column)
        }
    }

    private mutating func warn(_ message: String, _ line: Int, _ column: Int) {
        diagnostics.append(TreeDiagnostic(.warning, file: path, line: line, column: column, message: message))
    }

    /// The directories that the entries name, each once, in order.
    var directories: [String] {
        var seen: Set<String> = []
        return commands.map(\.directory).filter { seen.insert($0).inserted }
    }

    /// The command of an entry; nil for one that compiles neither C nor assembler.
    private func command(from entry: JSONValue) -> Result<CompileCommand?, ShellWords.Problem> {
        func failure(_ message: String) -> Result<CompileCommand?, ShellWords.Problem> {
            .failure(ShellWords.Problem(message: message))
        }
        guard let file = entry["file"]?.string, !file.isEmpty, !file.utf8.contains(0) else {
            return failure("an entry without \"file\"")
        }
        guard CompilerArguments.isSource(file) else { return .success(nil) }
        let directory = PathText.resolve(entry["directory"]?.string ?? ".", against: home)
        guard !directory.utf8.contains(0) else { return failure("a NUL character in \"directory\"") }
        let words: [ShellWord]
        do {
            guard let given = try Self.words(of: entry) else {
                return failure("an entry with neither \"arguments\" nor \"command\"")
            }
            words = given
        } catch {
            return failure("the command of \(displayPath(file)) is not understood: \(error.message)")
        }
        let parsed = CompilerArguments(words.dropFirst(), directory: directory)
        let object = entry["output"]?.string ?? parsed.object ?? Self.defaultObject(of: file)
        guard !object.utf8.contains(0) else { return failure("a NUL character in the object's name") }
        return .success(
            CompileCommand(
                source: SourcePath.absolute(file, directory: directory),
                object: PathText.resolve(object, against: directory), directory: directory,
                flags: ["--target=\(targetTriple)"] + parsed.flags))
    }

    private static func words(of entry: JSONValue) throws(ShellWords.Problem) -> [ShellWord]? {
        if case .array(let arguments)? = entry["arguments"] {
            let texts = arguments.compactMap(\.string)
            guard texts.count == arguments.count, !texts.contains(where: { $0.utf8.contains(0) }) else {
                throw ShellWords.Problem(message: "an argument is not plain text")
            }
            return texts.map { ShellWord(text: $0) }
        }
        guard let command = entry["command"]?.string else { return nil }
        let commands = try ShellWords.commands(in: Array(command.utf8))
        let compiling = commands.first { CompilerArguments($0.dropFirst(), directory: "/").compiles }
        return compiling ?? commands.first ?? []
    }

    /// Where a compiler puts an object that is not named.
    private static func defaultObject(of source: String) -> String {
        let name = PathText.lastComponent(source)
        return (name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name) + ".o"
    }
}
