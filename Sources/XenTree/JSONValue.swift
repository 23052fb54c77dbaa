/// A JSON value. Numbers are not interpreted: nothing that is read here needs them.
enum JSONValue: Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { return members[key] }
        return nil
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}

/// A JSON parser for files of unknown origin: bounded in depth, and with the line and column of what is wrong.
struct JSONParser {
    struct Problem: Error, Equatable {
        var line: Int
        var column: Int
        var message: String
    }

    /// Far deeper than any compilation database, far less deep than the stack.
    static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark, which some editors put there.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// Calls `element` for each element of the array that the text must be, with the element's line and column.
    /// Elements before a mistake are thus not lost.
    mutating func parseArray(_ element: (JSONValue, _ line: Int, _ column: Int) -> Void) throws(Problem) {
        skipSpace()
        try expect("[")
        skipSpace()
        if accept("]") { return try expectEnd() }
        var counter = LineCounter()
        repeat {
            skipSpace()
            let place = counter.advance(to: position, in: bytes)
            element(try value(depth: 1), place.line, place.column)
            skipSpace()
        } while accept(",")
        try expect("]")
        try expectEnd()
    }

    /// The one value that the text must be.
    mutating func parseDocument() throws(Problem) -> JSONValue {
        skipSpace()
        let result = try value(depth: 1)
        skipSpace()
        try expectEnd()
        return result
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        guard depth < Self.depthLimit else { throw problem("nested more than \(Self.depthLimit) levels deep") }
        skipSpace()
        guard position < bytes.count else { throw problem("the file ends within a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(number())
        default:
            for (word, value) in [("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false))] {
                if bytes[position...].starts(with: word.utf8) {
                    position += word.utf8.count
                    return value
                }
            }
            throw problem("a value is expected here")
        }
    }

    private mutating func members(depth: Int) throws(Problem) -> [String: JSONValue] {
        try expect("{")
        var result: [String: JSONValue] = [:]
        skipSpace()
        if accept("}") { return result }
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw problem("a member's name in quotes is expected here")
            }
            let name = try string()
            skipSpace()
            try expect(":")
            result[name] = try value(depth: depth + 1)
            skipSpace()
        } while accept(",")
        try expect("}")
        return result
    }

    private mutating func elements(depth: Int) throws(Problem) -> [JSONValue] {
        try expect("[")
        var result: [JSONValue] = []
        skipSpace()
        if accept("]") { return result }
        repeat {
            result.append(try value(depth: depth + 1))
            skipSpace()
        } while accept(",")
        try expect("]")
        return result
    }

    private mutating func number() -> String {
        let start = position
        while position < bytes.count, "+-.0123456789eE".utf8.contains(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws(Problem) -> String {
        let start = position
        try expect("\"")
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    position = start
                    throw problem("the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): content += try escape()
            case 0..<0x20:
                position -= 1
                throw problem("a control character within a string")
            default: content.append(byte)
            }
        }
        position = start
        throw problem("the string is not closed")
    }

    private mutating func escape() throws(Problem) -> [UInt8] {
        guard position < bytes.count else { throw problem("the file ends within a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(String(Character(try unicodeEscape())).utf8)
        default:
            position -= 1
            throw problem("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(Problem) -> Unicode.Scalar {
        let first = try hexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Characters beyond the first 65,536 are written as two halves.
        guard (0xd800..<0xdc00).contains(first), bytes[position...].starts(with: "\\u".utf8) else {
            throw problem("half a character in a string")
        }
        position += 2
        let second = try hexDigits()
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw problem("half a character in a string") }
        return scalar
    }

    private mutating func hexDigits() throws(Problem) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("four hexadecimal digits are expected here") }
        position += 4
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        if !accept(character) {
            throw problem(position < bytes.count ? "'\(character)' is expected here" : "the file ends too early")
        }
    }

    private mutating func expectEnd() throws(Problem) {
        skipSpace()
        if position < bytes.count { throw problem("more text after the end of the list") }
    }

    private func problem(_ message: String) -> Problem {
        var counter = LineCounter()
        let place = counter.advance(to: min(position, bytes.count), in: bytes)
        return Problem(line: place.line, column: place.column, message: message)
    }
}

/// Turns rising offsets into lines and columns (in bytes), each newline looked at once.
struct LineCounter {
    private var line = 1
    private var lineStart = 0
    private var scanned = 0

    mutating func advance(to offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        while scanned < offset {
            if bytes[scanned] == UInt8(ascii: "\n") {
                line += 1
                lineStart = scanned + 1
            }
            scanned += 1
        }
        return (line, offset - lineStart + 1)
    }
}
