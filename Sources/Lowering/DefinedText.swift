import ClangAST

extension UnitSession {
    /// After an error the tree may be something else than the program.
    var isWhole: Bool { errors.isEmpty }

    /// What the unit defines, as far as its text has one of some words; all of it for none.
    func definitions(mentioning words: [String]) -> [Cursor] {
        let words = words.map { Array($0.utf8) }
        return definedTexts.filter { $0.mentions(words) }.map(\.cursor)
    }
}

/// A definition of a unit, and where its text is.
struct DefinedText {
    var cursor: Cursor
    var file: String
    /// nil: not in one piece.
    var range: Range<Int>?

    /// A declaration that ends inside a macro's arguments ends before the macro does.
    private static let margin = 128

    init(_ cursor: Cursor) {
        self.cursor = cursor
        let (start, end) = cursor.extent(.file)
        file = start.file
        range = start.file == end.file && start.offset <= end.offset ? start.offset..<(end.offset + Self.margin) : nil
    }

    /// Most of a unit is headers that have nothing to do with it, and its text is looked through faster than its tree.
    fileprivate func mentions(_ words: [[UInt8]]) -> Bool {
        guard !words.isEmpty, let range else { return true }
        let text = cursor.unit.bytes(ofFile: file, from: range.lowerBound, count: range.count)
        return words.contains { text.contains(word: $0) }
    }
}

extension [UInt8] {
    /// Whether the bytes have this word, not as a part of a longer one.
    func contains(word: [UInt8]) -> Bool {
        guard let first = word.first, count >= word.count else { return false }
        return withUnsafeBufferPointer { text in
            word.withUnsafeBufferPointer { word in
                var position = 0
                while position + word.count <= text.count {
                    defer { position += 1 }
                    guard text[position] == first, position == 0 || !Self.isWord(text[position - 1]) else { continue }
                    let end = position + word.count
                    guard end == text.count || !Self.isWord(text[end]) else { continue }
                    if (1..<Swift.max(1, word.count)).allSatisfy({ text[position + $0] == word[$0] }) { return true }
                }
                return false
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
