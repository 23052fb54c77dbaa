/// The comments of a C source, without the rest of it.
package struct CommentScanner {
    package struct Comment: Hashable {
        var line: Int
        var column: Int
        var lastLine: Int
        /// Its bytes, with the delimiters.
        package var range: Range<Int>
        /// Without its delimiters.
        var text: String
        /// Whether code stands before it on its first line.
        var followsCode: Bool
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var hasCode = false
    package private(set) var comments: [Comment] = []
    /// What is between the quotes of strings and character constants.
    package private(set) var literals: [Range<Int>] = []
    /// Lines that have something other than comments and blanks.
    private(set) var codeLines: Set<Int> = []
    private var lastCodeLine = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scan()
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func advance() {
        if bytes[position] == UInt8(ascii: "\n") {
            line += 1
            lineStart = position + 1
            hasCode = false
        }
        position += 1
    }

    private mutating func scan() {
        while let current = byte() {
            switch (current, byte(1)) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): comment(isBlock: true)
            case (UInt8(ascii: "/"), UInt8(ascii: "/")): comment(isBlock: false)
            case (UInt8(ascii: "\""), _), (UInt8(ascii: "'"), _): literal(end: current)
            default:
                if current > 0x20 { noteCode() }
                advance()
            }
        }
    }

    private mutating func noteCode() {
        hasCode = true
        guard lastCodeLine != line else { return }
        lastCodeLine = line
        codeLines.insert(line)
    }

    /// The length of a line break at an offset, also one of two characters; 0 where there is none.
    private func lineBreak(_ offset: Int) -> Int {
        if byte(offset) == UInt8(ascii: "\n") { return 1 }
        return byte(offset) == UInt8(ascii: "\r") && byte(offset + 1) == UInt8(ascii: "\n") ? 2 : 0
    }

    /// Passes a backslash and the line break behind it, which join two lines (C11 5.1.1.2).
    private mutating func splice() -> Bool {
        guard byte() == UInt8(ascii: "\\"), case let length = lineBreak(1), length > 0 else { return false }
        let isCode = hasCode
        for _ in 0...length { advance() }
        hasCode = isCode
        return true
    }

    /// A literal ends with its line at the latest: whatever is wrong stays there.
    private mutating func literal(end: UInt8) {
        noteCode()
        advance()
        let first = position
        var last = bytes.count
        defer { literals.append(first..<max(first, min(last, position))) }
        while let current = byte(), current != UInt8(ascii: "\n") {
            if splice() {
                noteCode()
                continue
            }
            if current == UInt8(ascii: "\\"), byte(1) != nil { advance() }
            if current == end { last = position }
            advance()
            if current == end { return }
        }
    }

    private mutating func comment(isBlock: Bool) {
        let start = (line: line, column: position - lineStart + 1, followsCode: hasCode)
        position += 2
        let first = position
        var last = bytes.count
        while let current = byte() {
            if isBlock, current == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                last = position
                position += 2
                break
            }
            if !isBlock, current == UInt8(ascii: "\n") {
                last = position
                break
            }
            if isBlock || !splice() { advance() }
        }
        let wasCode = start.followsCode && line == start.line
        hasCode = wasCode
        comments.append(Comment(
            line: start.line, column: start.column, lastLine: line, range: first - 2..<position,
            text: String(decoding: bytes[first..<max(first, min(last, bytes.count))], as: UTF8.self),
            followsCode: start.followsCode))
    }
}
