/// A token of C text, with its place.
struct HeaderToken: Hashable {
    enum Kind: Hashable {
        /// A name or a number.
        case word
        /// A single punctuation character.
        case mark
        /// The `#` that begins a preprocessor line, and the end of that line.
        case directive, directiveEnd
    }

    var kind: Kind
    var text: String
    var line: Int
    var column: Int
}

/// Splits a generated header into tokens. Preprocessor lines, with their continuations, are marked as such.
enum HeaderTokens {
    static func split(_ bytes: [UInt8]) -> [HeaderToken] {
        var tokens: [HeaderToken] = []
        var position = 0
        var line = 1
        var lineStart = 0
        var isInDirective = false
        func token(_ kind: HeaderToken.Kind, _ range: Range<Int>) -> HeaderToken {
            HeaderToken(
                kind: kind, text: String(decoding: bytes[range], as: UTF8.self), line: line,
                column: range.lowerBound - lineStart + 1)
        }
        while position < bytes.count {
            let byte = bytes[position]
            let start = position
            position += 1
            switch byte {
            case UInt8(ascii: "\n"):
                if isInDirective { tokens.append(token(.directiveEnd, start..<start)) }
                isInDirective = false
                line += 1
                lineStart = position
            case UInt8(ascii: "\\") where isContinuation(bytes, position):
                position = bytes[position] == UInt8(ascii: "\r") ? position + 2 : position + 1
                line += 1
                lineStart = position
            case UInt8(ascii: "/") where bytes[position...].first == UInt8(ascii: "*"):
                position = endOfComment(bytes, position + 1)
                for newline in bytes[start..<position].indices where bytes[newline] == UInt8(ascii: "\n") {
                    line += 1
                    lineStart = newline + 1
                }
            case UInt8(ascii: "#") where !isInDirective && tokens.last?.line != line:
                isInDirective = true
                tokens.append(token(.directive, start..<position))
            case 0...UInt8(ascii: " "): continue
            case _ where byte.isWordPart:
                while position < bytes.count, bytes[position].isWordPart { position += 1 }
                tokens.append(token(.word, start..<position))
            default: tokens.append(token(.mark, start..<position))
            }
        }
        if isInDirective { tokens.append(token(.directiveEnd, position..<position)) }
        return tokens
    }

    private static func isContinuation(_ bytes: [UInt8], _ position: Int) -> Bool {
        bytes[position...].starts(with: "\n".utf8) || bytes[position...].starts(with: "\r\n".utf8)
    }

    private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int {
        var position = start
        while position + 1 < bytes.count {
            if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") { return position + 2 }
            position += 1
        }
        return bytes.count
    }


    /// Tokens as one would write them: a space between words, and between a word and a `*`.
    static func text(_ tokens: some Sequence<HeaderToken>) -> String {
        var text = ""
        var previous: HeaderToken?
        for token in tokens {
            if let previous, token.kind == .word || token.text == "*",
                previous.kind == .word || (previous.text == "*" && token.kind == .word) || previous.text == ","
            {
                text += " "
            }
            text += token.text
            previous = token
        }
        return text
    }
}
