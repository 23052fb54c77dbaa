/// C files that a makefile wants in the hypervisor and that the build knows nothing of: added after it was made.
///
/// Only what a makefile says for certain counts: lists that stand under no condition but that of an option of the build's
/// configuration. To take too few is to warn too seldom; an untouched tree must never be warned of.
struct UnbuiltSources {
    let tree: XenTree
    let buildDirectory: String
    let config: [String: String]
    let commands: [CompileCommand]

    /// The sources, ordered by their paths, each with the makefile that names it.
    var all: [(source: String, makefile: String)] {
        let objects = Set(commands.map(\.object))
        let sources = Set(commands.map(\.source))
        let directories = Set(objects.compactMap { PathText.relative($0, to: buildDirectory).map(PathText.parent) })
        var found: [(source: String, makefile: String)] = []
        for directory in directories.sorted() where directory != "." {
            let place = PathText.join(tree.xenDirectory, directory)
            let makefile = PathText.join(place, "Makefile")
            guard let text = try? BoundedFile.text(makefile, limit: 1 << 20) else { continue }
            for name in Set(Self.objects(inMakefile: text, config: config)).sorted() {
                let source = PathText.join(place, name + ".c")
                let object = PathText.join(PathText.join(buildDirectory, directory), name + ".o")
                guard !sources.contains(source), !objects.contains(object), BoundedFile.isRegularFile(source) else {
                    continue
                }
                found.append((source, makefile))
            }
        }
        return found
    }

    /// The names without ending of the objects that go into the hypervisor for certain.
    static func objects(inMakefile text: String, config: [String: String]) -> [String] {
        var names: [String] = []
        var conditions = 0
        for line in text.replacing("\r\n", with: "\n").replacing("\\\n", with: " ").split(separator: "\n") {
            // Recipes, and what belongs to them.
            guard line.first != "\t" else { continue }
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let first = words.first else { continue }
            if first.hasPrefix("if") { conditions += 1 }
            if first == "endif" { conditions -= 1 }
            if first == "define" { return [] }
            guard words.count > 1, first.hasPrefix("obj-"), ["+=", ":=", "="].contains(words[1]) else { continue }
            let isList = isList(first, config: config)
            // It may be the same list under another name, and then what stood in it before is not in it any more.
            if words[1] != "+=", isList != false { names = [] }
            if conditions == 0, isList == true { names += words.dropFirst(2).compactMap(name(ofObject:)) }
        }
        return names
    }

    /// Whether it is `obj-y`, or `obj-$(CONFIG_X)` where X is on; nil where that cannot be told.
    private static func isList(_ name: Substring, config: [String: String]) -> Bool? {
        let condition = name.dropFirst("obj-".count)
        guard condition.contains("$") else { return condition == "y" }
        guard condition.hasPrefix("$(CONFIG_"), condition.last == ")" else { return nil }
        let option = condition.dropFirst(2).dropLast()
        guard option.allSatisfy({ $0 == "_" || $0.isLetter || $0.isNumber }) else { return nil }
        return config[String(option)] == "y"
    }

    private static func name(ofObject word: Substring) -> String? {
        guard word.hasSuffix(".o"), !word.contains("$"), !word.contains("/"), !word.contains("%") else { return nil }
        let name = word.dropLast(2)
        return String(name.hasSuffix(".init") ? name.dropLast(5) : name)
    }
}

extension UnbuiltSources {
    /// One line for all of them.
    var diagnostic: TreeDiagnostic? {
        let all = all
        guard let first = all.first else { return nil }
        let shown = all.prefix(3).map { displayPath(tree.relativePath($0.source)) }.joined(separator: ", ")
        let more = all.count > 3 ? " and \(all.count - 3) more" : ""
        let message = "the build is older than this: it has no object of \(shown)\(more), "
            + "so functions there are not analysed; run the build again"
        return TreeDiagnostic(.warning, file: first.makefile, message: message)
    }
}
