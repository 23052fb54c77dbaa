/// As much of C's spelling as edits need.
enum CWords {
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy(isWordByte)
    }

    static func words(of text: String) -> Set<String> {
        Set(text.utf8.split { !isWordByte($0) }.map { String(decoding: Array($0), as: UTF8.self) })
    }

    /// The first name that an expression does not have.
    static func unused(_ names: [String], in expression: String) -> String {
        let words = words(of: expression)
        return names.first { !words.contains($0) } ?? names.joined(separator: "_")
    }

    /// A call of a named function, and nothing beside it.
    static func isCall(_ expression: String) -> Bool {
        let name = expression.prefix { $0 != "(" }
        guard isIdentifier(String(name)), expression.last == ")" else { return false }
        var depth = 0
        for (offset, byte) in expression.utf8.enumerated() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0, offset >= name.utf8.count, offset < expression.utf8.count - 1 { return false }
        }
        return depth == 0
    }

    /// The name of a type as far as words make it.
    static func isTypeName(_ text: String) -> Bool {
        !text.isEmpty && text.split(separator: " ").allSatisfy { isIdentifier(String($0)) }
    }

    /// A variable, or a field of one: it can be written twice without being evaluated differently.
    static func isSimple(_ expression: String) -> Bool {
        var rest = expression[...]
        func takeWord() -> Bool {
            let word = rest.prefix { $0.utf8.count == 1 && isWordByte($0.utf8.first ?? 0) }
            rest = rest.dropFirst(word.count)
            return isIdentifier(String(word))
        }
        guard takeWord() else { return false }
        while !rest.isEmpty {
            guard let step = ["->", "."].first(where: rest.hasPrefix) else { return false }
            rest = rest.dropFirst(step.count)
            guard takeWord() else { return false }
        }
        return true
    }

    /// Where the right side of a plain assignment or initialisation starts.
    static func assignment(in bytes: ArraySlice<UInt8>) -> Int? {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "=") {
            let before = index > bytes.startIndex ? bytes[index - 1] : 0x20
            let after = index + 1 < bytes.endIndex ? bytes[index + 1] : 0x20
            // Part of a comparison, or of an assignment that computes.
            if before != 0x20 || after == UInt8(ascii: "=") { return nil }
            return index + 1
        }
        return nil
    }

    /// Where the path of fields starts that the bytes end in; their end where they end in none.
    static func pathStart(in bytes: ArraySlice<UInt8>) -> Int {
        var start = bytes.endIndex
        while start > bytes.startIndex {
            let byte = bytes[start - 1]
            let isArrow = byte == UInt8(ascii: ">") && start - 1 > bytes.startIndex && bytes[start - 2] == UInt8(ascii: "-")
            guard isWordByte(byte) || byte == UInt8(ascii: ".") || isArrow else { break }
            start -= isArrow ? 2 : 1
        }
        return start
    }

    /// The word that the bytes end in, blanks aside.
    static func lastWord(in bytes: ArraySlice<UInt8>) -> String {
        guard let last = bytes.lastIndex(where: { $0 > 0x20 }) else { return "" }
        let end = last + 1
        var start = end
        while start > bytes.startIndex, isWordByte(bytes[start - 1]) { start -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Where the operand of a leading cast starts.
    static func cast(in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first == UInt8(ascii: "("), let end = bytes.firstIndex(of: UInt8(ascii: ")")) else { return nil }
        let inside = bytes[(bytes.startIndex + 1)..<end]
        guard !inside.isEmpty, inside.allSatisfy({ isWordByte($0) || $0 == 0x20 }), end + 1 < bytes.endIndex else { return nil }
        return bytes[(end + 1)...].firstIndex { $0 > 0x20 }
    }

    /// The limits of an integer type, as numbers and as C writes them.
    struct Limits: Hashable {
        var lowest: Int128
        var min: String
        var max: String

        init?(width: Int, isUnsigned: Bool) {
            guard (1...64).contains(width) else { return nil }
            let highest = (Int128(1) << Int128(isUnsigned ? width : width - 1)) - 1
            max = "0x" + String(highest, radix: 16)
            min = isUnsigned ? "0" : "(-\(max) - 1)"
            lowest = isUnsigned ? 0 : -highest - 1
        }
    }

    /// nil for a type whose width its name does not tell.
    static func limits(of type: String) -> Limits? {
        // A bit-field, as in `unsigned int:12`.
        let parts = type.split(separator: ":", omittingEmptySubsequences: false)
        let words = parts[0].split(separator: " ").map(String.init).filter { $0 != "const" }
        var isUnsigned = words.contains("unsigned")
        if parts.count == 2 { return Int(parts[1]).flatMap { Limits(width: $0, isUnsigned: isUnsigned) } }
        let core = words.filter { $0 != "unsigned" && $0 != "signed" && $0 != "int" }
        let width: Int
        switch core {
        case []: width = 32
        case ["short"]: width = 16
        case ["char"]: width = 8
        default:
            // `uint16_t`, `u16` and the like.
            guard core.count == 1, let name = core.first, let digits = Int(name.filter(\.isNumber)),
                [8, 16, 32].contains(digits), let sign = name.drop(while: { $0 == "_" }).first
            else { return nil }
            guard "uis".contains(sign) else { return nil }
            isUnsigned = sign == "u"
            width = digits
        }
        return Limits(width: width, isUnsigned: isUnsigned)
    }
}
