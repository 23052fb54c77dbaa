/// Finds function definitions in C text without a compiler: an identifier outside of all braces, a parameter list,
/// then a body. Code under any `#if` counts. Only a fallback for objects that are not there.
struct SourceFunctions {
    struct Function: Hashable {
        var name: String
        var isStatic: Bool
        var isWeak: Bool
    }

    static func defined(in bytes: [UInt8]) -> [Function] {
        var scanner = SourceFunctions(bytes)
        scanner.scan()
        return scanner.found
    }

    private let bytes: [UInt8]
    private var position = 0
    private var found: [Function] = []
    private var nameMacros: [String: NameMacro] = [:]
    /// What was read of the declaration at hand, outside of braces: words, and groups in parentheses.
    private var parts: [Part] = []

    private enum Part {
        case word(String)
        /// A group in parentheses, with the one word in it if it is just that.
        case group(String?)
    }

    /// `#define M(x) type before##x##after`: how the tree makes names of handlers.
    private struct NameMacro {
        var before: String
        var after: String
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func scan() {
        while let byte = nextByte() {
            switch byte {
            case UInt8(ascii: "#") where isLineStart(position - 1): directive()
            case UInt8(ascii: "("): parts.append(.group(group()))
            case UInt8(ascii: "{"):
                finishDefinition()
                skip(open: byte, close: UInt8(ascii: "}"))
                parts = []
            case UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: "="): parts = []
            case _ where byte.isWordPart: parts.append(.word(word(from: position - 1)))
            default: break
            }
        }
    }

    /// At a `{`: the last group whose neighbour to the left is a word that can be a name makes a definition.
    private mutating func finishDefinition() {
        let words = parts.compactMap { if case .word(let text) = $0 { text } else { nil } }
        for index in parts.indices.dropFirst() {
            guard case .group = parts[index], case .word(let word) = parts[index - 1],
                !Self.attributes.contains(word)
            else { continue }
            var name = word
            if let macro = nameMacros[word], case .group(let argument?) = parts[index] {
                name = macro.before + argument + macro.after
            }
            found.append(
                Function(name: name, isStatic: words.contains("static"), isWeak: words.contains("__weak")))
            return
        }
    }

    private static let attributes: Set<String> = [
        "__attribute__", "__declspec", "__asm__", "asm", "__typeof__", "typeof", "if", "for", "while", "switch",
        "_Alignas", "__aligned", "aligned", "section", "__section",
    ]

    // MARK: Reading

    /// The next byte that is not in a comment, a string or white space.
    private mutating func nextByte() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "/") where position < bytes.count && bytes[position] == UInt8(ascii: "*"):
                skipBlockComment()
            case UInt8(ascii: "/") where position < bytes.count && bytes[position] == UInt8(ascii: "/"):
                skipLine()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipLiteral(byte)
            case 0...UInt8(ascii: " "): continue
            default: return byte
            }
        }
        return nil
    }

    private mutating func skipBlockComment() {
        position += 1
        while position + 1 < bytes.count {
            if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        position = bytes.count
    }

    private mutating func skipLine() {
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n"), bytes[position - 1] != UInt8(ascii: "\\") { return }
            position += 1
        }
    }

    private mutating func skipLiteral(_ quote: UInt8) {
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\n") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, bytes.count)
    }

    private mutating func skip(open: UInt8, close: UInt8) {
        var depth = 1
        while depth > 0, let byte = nextByte() {
            if byte == open { depth += 1 }
            if byte == close { depth -= 1 }
        }
    }

    /// Skips a group in parentheses; returns the word in it if there is nothing else.
    private mutating func group() -> String? {
        let start = position
        skip(open: UInt8(ascii: "("), close: UInt8(ascii: ")"))
        let content = bytes[start..<max(start, position - 1)]
        return content.allSatisfy(\.isWordPart) && !content.isEmpty ? String(decoding: content, as: UTF8.self) : nil
    }

    private mutating func word(from start: Int) -> String {
        while position < bytes.count, bytes[position].isWordPart { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }


    private func isLineStart(_ offset: Int) -> Bool {
        var before = offset - 1
        while before >= 0, bytes[before] == UInt8(ascii: " ") || bytes[before] == UInt8(ascii: "\t") { before -= 1 }
        return before < 0 || bytes[before] == UInt8(ascii: "\n")
    }

    /// A preprocessor line: kept only if it defines a macro that makes a name of its argument.
    private mutating func directive() {
        let start = position
        skipLine()
        let line = String(decoding: bytes[start..<position], as: UTF8.self)
        let words = line.split { $0.isWhitespace }
        guard words.first == "define", let open = line.firstIndex(of: "("),
            let close = line[open...].firstIndex(of: ")")
        else { return }
        let name = line[..<open].trimmed.split { $0.isWhitespace }.last.map(String.init) ?? ""
        let parameter = line[line.index(after: open)..<close].trimmed
        guard let made = line[line.index(after: close)...].split(whereSeparator: \.isWhitespace).last,
            made.contains("##")
        else { return }
        let pieces = made.split(separator: "##").map { $0.trimmed }
        guard let place = pieces.firstIndex(of: parameter) else { return }
        nameMacros[name] = NameMacro(before: pieces[..<place].joined(), after: pieces[(place + 1)...].joined())
    }
}
