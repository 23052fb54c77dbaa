/// Finds `for` and `asm` in C that clang printed. The text has no comments, no macros and well-formed literals.
struct PrintedCodeParser {
    private let text: [UInt8]
    private var position = 0
    private(set) var loops: [PrintedFunction.ForClauses] = []
    private(set) var assemblies: [PrintedAssembly] = []

    init(_ text: String) { self.text = Array(text.utf8) }

    private func byte(_ index: Int) -> UInt8 { index < text.count ? text[index] : 0 }
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"), 128...255:
            true
        default: false
        }
    }

    mutating func parse() {
        while position < text.count {
            let current = text[position]
            if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
                skipLiteral()
            } else if Self.isWord(current) {
                parse(word: takeWord())
            } else {
                position += 1
            }
        }
    }

    private mutating func parse(word: ArraySlice<UInt8>) {
        if word.elementsEqual("for".utf8), byte(position) == UInt8(ascii: " "), byte(position + 1) == UInt8(ascii: "(") {
            // The clauses are read ahead; the scan goes on inside them for what they contain.
            loops.append(clauses(after: position + 1))
        } else if word.elementsEqual("asm".utf8), byte(position) == UInt8(ascii: " ") {
            parseAssembly()
        }
    }

    private mutating func takeWord() -> ArraySlice<UInt8> {
        let start = position
        while position < text.count, Self.isWord(text[position]) { position += 1 }
        return text[start..<position]
    }

    private mutating func skipLiteral() { position = end(ofLiteralAt: position) }

    private func end(ofLiteralAt start: Int) -> Int {
        let quote = text[start]
        var index = start + 1
        while index < text.count, text[index] != quote { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(index + 1, text.count)
    }

    // MARK: for

    private func clauses(after open: Int) -> PrintedFunction.ForClauses {
        var found = [false, false, false]
        var clause = 0
        var nesting = 0
        var index = open
        while index < text.count {
            let current = text[index]
            switch current {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                found[clause] = true
                index = end(ofLiteralAt: index)
                continue
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                if nesting > 0 { found[clause] = true }
                nesting += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                nesting -= 1
            case UInt8(ascii: ";"): if nesting == 1 { clause = min(clause + 1, 2) }
            case UInt8(ascii: " "), UInt8(ascii: "\n"): break
            default: found[clause] = true
            }
            index += 1
            if nesting == 0 { break }
        }
        return PrintedFunction.ForClauses(hasInit: found[0], hasCondition: found[1], hasIncrement: found[2])
    }

    // MARK: asm

    /// `asm volatile goto ("..." : [n] "=r" (x) : "r" (y) : "memory" : label)`; leaves the position after the template, so
    /// that operands are scanned too.
    private mutating func parseAssembly() {
        var isGoto = false
        while true {
            while byte(position) == UInt8(ascii: " ") { position += 1 }
            guard Self.isWord(byte(position)) else { break }
            let word = takeWord()
            if word.elementsEqual("goto".utf8) { isGoto = true }
        }
        guard byte(position) == UInt8(ascii: "(") else { return }
        let sections = sections(from: position)
        position += 1
        let strings = sections.map(\.strings)
        let operands = sections.map(\.operandConstraints)
        func section(_ index: Int) -> [String] { index < strings.count ? strings[index] : [] }
        assemblies.append(PrintedAssembly(
            template: section(0).joined(), outputs: operands.count > 1 ? operands[1] : [],
            inputs: operands.count > 2 ? operands[2] : [], clobbers: section(3),
            labels: sections.count > 4 ? sections[4].words : [], isGoto: isGoto))
        while byte(position) == UInt8(ascii: "\"") { skipLiteral() }
    }

    private struct Section {
        /// String literals outside parentheses, without their quotes.
        var strings: [String] = []
        /// The same for sections of operands, where each is one operand's constraint.
        var operandConstraints: [String] { strings }
        var words: [String] = []
    }

    private func sections(from open: Int) -> [Section] {
        var result = [Section()]
        var nesting = 0
        var index = open
        while index < text.count {
            let current = text[index]
            if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
                let end = end(ofLiteralAt: index)
                if nesting == 1 {
                    let content = text[min(index + 1, end)..<max(min(index + 1, end), end - 1)]
                    result[result.count - 1].strings.append(String(decoding: content, as: UTF8.self))
                }
                index = end
                continue
            }
            if nesting == 1, Self.isWord(current) {
                var end = index
                while end < text.count, Self.isWord(text[end]) { end += 1 }
                result[result.count - 1].words.append(String(decoding: text[index..<end], as: UTF8.self))
                index = end
                continue
            }
            switch current {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): nesting += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): nesting -= 1
            case UInt8(ascii: ":"): if nesting == 1 { result.append(Section()) }
            default: break
            }
            index += 1
            if nesting == 0 { break }
        }
        return result
    }
}
