/// The label of a `case` that is in the text of a macro: `case FOO_##name:`, with what the macro's call has for `name`.
///
/// libclang records no expansions inside of others, and what `##` made is in no file (clang's PreprocessingRecord). So the
/// definition is read as text, from the file that calls the macro.
struct PastedLabel {
    /// Longer texts than this are not looked at.
    static let limit = 4096

    private let parameters: [String]
    private let arguments: [String]
    private let body: Substring

    /// - Parameters:
    ///   - call: the text that begins with the macro's name and its arguments.
    ///   - before: the file's text up to there.
    init?(call: Substring, before: Substring) {
        let name = String(call.prefix(while: Self.isWord))
        guard !name.isEmpty, let arguments = Self.list(call.dropFirst(name.count).drop(while: \.isWhitespace)),
            let definition = Self.definition(of: name, in: before), let parameters = Self.list(definition)
        else { return nil }
        self.arguments = arguments.items
        self.parameters = parameters.items
        body = definition.dropFirst(parameters.length)
        guard self.arguments.count >= self.parameters.count else { return nil }
    }

    /// The label of the only `case` in the macro's text; nil: there are more, or it is no name.
    var name: String? {
        var labels: [String] = []
        var rest = body
        while let start = rest.firstIndex(where: Self.isWord) {
            rest = rest[start...]
            let word = rest.prefix(while: Self.isWord)
            rest = rest.dropFirst(word.count)
            guard word == "case" else { continue }
            guard let end = rest.firstIndex(of: ":") else { return nil }
            labels.append(String(rest[..<end]))
            rest = rest[end...]
        }
        return labels.count == 1 ? pasted(labels[0]) : nil
    }

    private func pasted(_ text: String) -> String? {
        let pieces = text.split(separator: "##", omittingEmptySubsequences: false).map(Self.trimmed).map { piece in
            parameters.firstIndex(of: piece).map { arguments[$0] } ?? piece
        }
        let name = pieces.joined()
        guard let first = name.first, !first.isNumber, pieces.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isWord) }) else {
            return nil
        }
        return name
    }

    /// What follows the name in the last `#define` of it, its lines joined; empty if the last one takes it back.
    private static func definition(of name: String, in text: Substring) -> Substring? {
        var found: Substring?
        for line in text.replacing("\\\n", with: " ").split(separator: "\n") where line.first(where: { !$0.isWhitespace }) == "#" {
            let directive = line.drop(while: \.isWhitespace).dropFirst().drop(while: \.isWhitespace)
            let word = directive.prefix(while: isWord)
            let rest = directive.dropFirst(word.count).drop(while: \.isWhitespace)
            guard rest.prefix(while: isWord) == name else { continue }
            if word == "define" { found = rest.dropFirst(name.count) } else if word == "undef" { found = nil }
        }
        return found.flatMap { $0.count <= limit ? $0 : nil }
    }

    /// The items of a list in parentheses, and how long it is.
    private static func list(_ text: Substring) -> (items: [String], length: Int)? {
        guard text.first == "(" else { return nil }
        var items = [""]
        var depth = 0
        for (offset, character) in text.prefix(limit).enumerated() {
            switch character {
            case "(", "[", "{":
                depth += 1
                if depth == 1 { continue }
            case ")", "]", "}":
                depth -= 1
                if depth == 0 { return (items.map(trimmed), offset + 1) }
            case "," where depth == 1:
                items.append("")
                continue
            default: break
            }
            items[items.count - 1].append(character)
        }
        return nil
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text).drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
