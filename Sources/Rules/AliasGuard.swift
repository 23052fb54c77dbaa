/// Stops alias bombs before the YAML parser sees them.
///
/// The parser compares mapping keys, and a key that is an alias of aliases of aliases takes exponential time to
/// compare, before any node can be looked at. So the text itself is scanned for what may be anchors and aliases, and
/// an upper bound of the expanded size is kept: an alias can at most repeat everything since its anchor. Words that
/// only look like aliases (C in a block of text) make the bound larger, never smaller.
struct AliasGuard {
    private static let slack = 1 << 20

    private var anchors: [Substring: Int] = [:]
    private var expanded = 0
    private let limit: Int

    /// The place at which the expanded document may become unreasonably large, or nil.
    static func firstExcess(in text: String) -> Place? {
        var state = AliasGuard(limit: text.utf8.count + slack)
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if let column = state.excess(in: line) { return Place(line: number + 1, column: column) }
        }
        return nil
    }

    private init(limit: Int) { self.limit = limit }

    private mutating func excess(in line: Substring) -> Int? {
        let bytes = line.utf8
        // The last byte that is no blank, and the first byte of the word before: what may stand before a token.
        var last = UInt8(ascii: ",")
        var wordStart = UInt8(ascii: ",")
        var atBlank = true
        for index in bytes.indices {
            let byte = bytes[index]
            let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            if isMark, Self.mayPrecedeToken(last) || (atBlank && wordStart == UInt8(ascii: "!")) {
                note(mark: byte, name: line[bytes.index(after: index)...].prefix(while: Self.isNameCharacter))
                if expanded > limit { return bytes.distance(from: bytes.startIndex, to: index) + 1 }
            }
            expanded += 1
            let isBlank = byte == 0x20 || byte == 0x09
            if !isBlank {
                if atBlank { wordStart = byte }
                last = byte
            }
            atBlank = isBlank
        }
        expanded += 1
        return nil
    }

    private mutating func note(mark: UInt8, name: Substring) {
        if mark == UInt8(ascii: "&") {
            anchors[name] = expanded
        } else if let start = anchors[name] {
            let (sum, overflow) = expanded.addingReportingOverflow(expanded - start)
            expanded = overflow ? Int.max / 2 : sum
        }
    }

    private static func mayPrecedeToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "?"),
            UInt8(ascii: "-"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default:
            byte >= 0x80
        }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
    }
}
