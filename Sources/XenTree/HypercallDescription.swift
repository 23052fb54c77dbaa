/// The tree's own description of the table, `include/hypercall-defs.c`, as far as it says what a class of handlers
/// returns. It is read without a preprocessor, so it speaks for all configurations at once.
struct HypercallDescription {
    /// The type of each prefix.
    let returnTypes: [String: String]

    /// What a prefix without a `rettype:` line returns.
    private static let defaultType = "long"

    init(text: String) {
        var declared: [String: String] = [:]
        var prefixes: Set<String> = []
        var definitions: [String: String] = [:]
        var isInComment = false
        for line in text.split(whereSeparator: \.isNewline) {
            if isInComment || line.trimmed.hasPrefix("/*") {
                isInComment = !line.trimmed.hasSuffix("*/")
                continue
            }
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            switch words.first {
            case "#define" where words.count == 3: definitions[words[1]] = words[2]
            case "rettype:" where words.count >= 3: declared[words[1]] = words[2...].joined(separator: " ")
            case "prefix:": prefixes.formUnion(words.dropFirst())
            default: break
            }
        }
        let macroNames = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        let emptyMacros = Set(macroNames.filter { $0.hasPrefix("PREFIX_") }).subtracting(definitions.keys)
        var types = declared
        for prefix in prefixes.subtracting(emptyMacros) {
            let name = definitions[prefix] ?? prefix
            if types[name] == nil { types[name] = Self.defaultType }
        }
        returnTypes = types
    }
}
