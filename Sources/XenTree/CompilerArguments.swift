/// What a compiler's argument list says, reduced to what a parse of the source needs.
struct CompilerArguments {
    /// Sources as written, in order.
    private(set) var sources: [String] = []
    /// Allow-listed flags with absolute paths.
    private(set) var flags: [String] = []
    /// Whether it compiles and does not link (`-c`).
    private(set) var compiles = false
    /// Names of allowed flags that were dropped since only a shell would know their value.
    private(set) var unknownValues: [String] = []
    private var output: String?
    private var dependencyTarget: String?

    /// The object that is made. Where the compiler writes a temporary file that is then processed further, the
    /// target of its dependency file is the final name.
    var object: String? {
        guard let output else { return dependencyTarget }
        if output.hasSuffix(".o") { return output }
        return dependencyTarget ?? output
    }

    init(_ words: some Collection<ShellWord>, directory: String) {
        var rest = words[...].makeIterator()
        var onlyFiles = false
        while let word = rest.next() {
            if onlyFiles {
                takeFile(word)
            } else if word.text == "--" {
                onlyFiles = true
            } else if word.text.hasPrefix("-") && word.text.count > 1 {
                take(word, next: { rest.next() }, directory: directory)
            } else {
                takeFile(word)
            }
        }
    }

    private mutating func takeFile(_ word: ShellWord) {
        guard !word.hasExpansion, Self.isSource(word.text) else { return }
        sources.append(word.text)
    }

    /// C and assembler sources; everything else on a compiler's command line is of no interest.
    static func isSource(_ path: String) -> Bool {
        path.hasSuffix(".c") || isAssembly(path)
    }

    static func isAssembly(_ path: String) -> Bool { path.hasSuffix(".S") || path.hasSuffix(".s") }

    private mutating func take(_ word: ShellWord, next: () -> ShellWord?, directory: String) {
        let flag = word.text
        if flag == "-c" {
            compiles = true
        } else if flag == "-o" {
            output = next()?.text
        } else if flag == "-MQ" || flag == "-MT" {
            dependencyTarget = next()?.text
        } else if FlagAllowList.droppedWithValue.contains(flag) {
            _ = next()
        } else if flag.hasPrefix("-D") || flag.hasPrefix("-U") {
            takeMacro(word, next: next)
        } else if let option = FlagAllowList.pathOptions.first(where: flag.hasPrefix) {
            takePath(word, option: option, next: next, directory: directory)
        } else if flag.hasPrefix("-o") && !flag.hasPrefix("-object") {
            output = String(flag.dropFirst(2))
        } else if FlagAllowList.allows(flag) {
            keep([flag], if: !word.hasExpansion)
        }
    }

    private mutating func takeMacro(_ word: ShellWord, next: () -> ShellWord?) {
        let option = String(word.text.prefix(2))
        let definition = word.text.count > 2 ? ShellWord(text: String(word.text.dropFirst(2))) : next()
        guard let definition, let first = definition.text.unicodeScalars.first,
            first == "_" || first.properties.isAlphabetic
        else { return }
        keep([option + definition.text], if: !word.hasExpansion && !definition.hasExpansion)
    }

    private mutating func takePath(_ word: ShellWord, option: String, next: () -> ShellWord?, directory: String) {
        var value = ShellWord(text: String(word.text.dropFirst(option.count)), hasExpansion: word.hasExpansion)
        if value.text.isEmpty {
            guard let following = next() else { return }
            value = following
        } else if option == "-include" || value.text.hasPrefix("-") {
            // `-include-pch` and the like only begin with an allowed name.
            return
        }
        guard !value.text.isEmpty else { return }
        let path = PathText.resolve(value.text, against: directory)
        keep(option == "-I" ? [option + path] : [option, path], if: !value.hasExpansion)
    }

    private mutating func keep(_ arguments: [String], if isKnown: Bool) {
        if isKnown {
            flags += arguments
        } else {
            unknownValues.append(arguments.joined(separator: " "))
        }
    }
}
