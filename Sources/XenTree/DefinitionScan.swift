/// What may be definitions of functions in C text: a word, a group in parentheses, perhaps attributes, then `{`.
///
/// Braces are not counted, since code under `#if` and `#else` need not balance: what looks like a definition inside of a
/// body (a loop that a macro makes) is taken too. So names are candidates, for a parse to confirm, and few are missed:
/// those that a macro of a header makes.
struct DefinitionScan {
    /// `#define M(x) type before##x##after`: how the tree makes names of handlers.
    struct NameMacro: Hashable {
        var before: String
        var after: String
    }

    /// `M(x)(...) {`
    struct MacroCall: Hashable {
        var macro: String
        var argument: String
    }

    private(set) var names: Set<String> = []
    private(set) var macros: [String: Set<NameMacro>] = [:]
    private(set) var calls: Set<MacroCall> = []
    /// By `b` of each `#define a b`: a definition of `a` is one of `b`.
    private(set) var aliases: [String: Set<String>] = [:]
    /// What `#include "..."` names, in order.
    private(set) var includes: [String] = []

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = DefinitionScanner(buffer)
            scanner.scan()
            for definition in scanner.definitions {
                let name = String(decoding: buffer[definition.name], as: UTF8.self)
                names.insert(name)
                guard let argument = definition.argument else { continue }
                calls.insert(MacroCall(macro: name, argument: String(decoding: buffer[argument], as: UTF8.self)))
            }
            for line in scanner.directives { take(directive: String(decoding: buffer[line], as: UTF8.self)) }
        }
    }

    /// - Parameter line: a preprocessor line without its `#`.
    private mutating func take(directive line: String) {
        if line.hasPrefix("include") {
            let name = line.dropFirst("include".count).trimmed
            if name.first == "\"" { includes.append(String(name.dropFirst().prefix { $0 != "\"" })) }
            return
        }
        let rest = line.dropFirst("define".count).drop { $0 == " " || $0 == "\t" }
        let name = String(rest.prefix(while: \.isWordPart))
        let body = rest.dropFirst(name.count)
        if body.first == "(" {
            if body.contains("##") { take(macro: name, body) }
        } else {
            let other = body.trimmed
            if !other.isEmpty, other.allSatisfy(\.isWordPart) { aliases[other, default: []].insert(name) }
        }
    }

    private mutating func take(macro name: String, _ text: Substring) {
        guard let close = text.firstIndex(of: ")") else { return }
        let parameter = text[text.index(after: text.startIndex)..<close].trimmed
        let body = text[text.index(after: close)...].split(separator: "##").map(\.trimmed).joined(separator: "##")
        for made in body.split(whereSeparator: { !($0.isWordPart || $0 == "#") }) where made.contains("##") {
            let pieces = made.split(separator: "##").map(String.init)
            guard let place = pieces.firstIndex(of: parameter) else { continue }
            macros[name, default: []].insert(
                NameMacro(before: pieces[..<place].joined(), after: pieces[(place + 1)...].joined()))
        }
    }
}

/// One pass over the bytes of a source. Works on places in the text: most words are of no interest.
private struct DefinitionScanner {
    struct Definition {
        var name: Range<Int>
        /// The one word in the parentheses.
        var argument: Range<Int>?
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The word that was read last, if nothing came after it.
    private var word: Range<Int>?
    private var depth = 0
    private var opened: (name: Range<Int>, start: Int)?
    private var pending: [Definition] = []
    /// The depth of parentheses at each `#if` that is open.
    private var conditions: [Int] = []
    private(set) var definitions: [Definition] = []
    private(set) var directives: [Range<Int>] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func scan() {
        var isLineStart = true
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\n"):
                isLineStart = true
                position += 1
                continue
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
                continue
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                skipComment()
                continue
            case UInt8(ascii: "/") where next == UInt8(ascii: "/"): position = endOfLine(from: position)
            case UInt8(ascii: "#") where isLineStart: directive()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipLiteral(byte)
            case _ where byte.isWordPart: readWord()
            default: take(byte)
            }
            isLineStart = false
        }
    }

    private var next: UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "("):
            if depth == 0 { opened = word.map { ($0, position + 1) } }
            depth += 1
        case UInt8(ascii: ")"):
            if depth > 0 { depth -= 1 }
            if depth == 0, let (name, start) = opened {
                pending.append(Definition(name: name, argument: oneWord(start..<position)))
                opened = nil
            }
        case UInt8(ascii: "{"), UInt8(ascii: "}"):
            // In this place it ends what code under `#if` has left open.
            if position == 0 || bytes[position - 1] == UInt8(ascii: "\n") { depth = 0 }
            guard depth == 0 else { break }
            if byte == UInt8(ascii: "{") { definitions += pending.filter { !isStatement($0.name) } }
            pending.removeAll(keepingCapacity: true)
        case UInt8(ascii: ";"), UInt8(ascii: "="):
            if depth == 0 { pending.removeAll(keepingCapacity: true) }
        default: break
        }
        word = nil
        position += 1
    }

    private mutating func readWord() {
        let start = position
        while position < bytes.count, bytes[position].isWordPart { position += 1 }
        word = start..<position
    }

    private func oneWord(_ range: Range<Int>) -> Range<Int>? {
        guard let first = range.first(where: { bytes[$0] != UInt8(ascii: " ") }) else { return nil }
        let end = range[first...].first { !bytes[$0].isWordPart } ?? range.upperBound
        guard end > first, range[end...].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }) else { return nil }
        return first..<end
    }

    /// `if`, `for`, `while`, `switch`: what most braces belong to.
    private func isStatement(_ word: Range<Int>) -> Bool {
        guard word.count <= 6 else { return false }
        return Self.statements.contains { $0.elementsEqual(bytes[word]) }
    }

    private static let statements = ["if", "for", "while", "switch"].map { Array($0.utf8) }

    // MARK: What is not code

    private mutating func skipComment() {
        // `/*/` begins a comment and does not end it.
        position += 3
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "/"), bytes[position - 1] == UInt8(ascii: "*") { break }
            position += 1
        }
        position += 1
    }

    private mutating func skipLiteral(_ quote: UInt8) {
        position += 1
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\n") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        if position < bytes.count, bytes[position] == quote { position += 1 }
        word = nil
    }

    /// The end of the line, or of the last one where backslashes join several.
    private func endOfLine(from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") {
                let before = position > 1 && bytes[position - 1] == UInt8(ascii: "\r") ? position - 2 : position - 1
                if before < start || bytes[before] != UInt8(ascii: "\\") { return position }
            }
            position += 1
        }
        return bytes.count
    }

    private mutating func directive() {
        let start = position + 1
        let end = endOfLine(from: start)
        // A comment that begins here may end on a later line.
        position = start
        while position < end {
            if bytes[position] == UInt8(ascii: "/"), next == UInt8(ascii: "*") { break }
            position += 1
        }
        let text = start..<position
        while position < end {
            if bytes[position] == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
                skipComment()
            } else {
                position += 1
            }
        }
        let first = text.first { bytes[$0] != UInt8(ascii: " ") && bytes[$0] != UInt8(ascii: "\t") }
        guard let first else { return }
        let content = first..<text.upperBound
        if starts(content, with: "if") {
            conditions.append(depth)
        } else if starts(content, with: "el") {
            depth = conditions.last ?? 0
        } else if starts(content, with: "endif") {
            _ = conditions.popLast()
        } else if starts(content, with: "define") || starts(content, with: "include") {
            directives.append(content)
        }
    }

    private func starts(_ range: Range<Int>, with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard range.count >= count else { return false }
        for offset in 0..<count where bytes[range.lowerBound + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
