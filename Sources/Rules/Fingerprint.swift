/// Identity of a finding across versions of a tree.
///
/// Made from what the finding is about and never from line numbers, columns or value ranges, so that it survives
/// edits elsewhere in the file. Not a security measure: a stable hash that needs no dependency is all that is wanted.
struct Fingerprint {
    /// Changed when the ingredients change, so that old baselines are recognised as such.
    private static let version = "1"

    /// 32 hexadecimal digits for a list of texts; the lengths keep ["ab", "c"] and ["a", "bc"] apart.
    static func hash(_ parts: [String]) -> String {
        var bytes: [UInt8] = []
        for part in [version] + parts {
            bytes += Array("\(part.utf8.count):".utf8)
            bytes += Array(part.utf8)
        }
        return hex(fnv1a(bytes, offset: 0xcbf2_9ce4_8422_2325)) + hex(fnv1a(bytes.reversed(), offset: 0x8422_2325_cbf2_9ce4))
    }

    /// A message without what changes when code moves: numbers and the amount of white space.
    static func normalised(_ message: String) -> String {
        var result = ""
        var word = ""
        func finishWord() {
            // Digits inside a name belong to the name.
            result += word.first?.isNumber == true ? "#" : word
            word = ""
        }
        for character in message {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            finishWord()
            if !character.isWhitespace {
                result.append(character)
            } else if result.last != " " {
                result.append(" ")
            }
        }
        finishWord()
        return result
    }

    private static func fnv1a(_ bytes: some Sequence<UInt8>, offset: UInt64) -> UInt64 {
        bytes.reduce(offset) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
