import ProgramModel

/// Text on its way to a terminal: nothing in it moves the cursor, changes colours or hides.
enum DisplayText {
    /// Controls, and the characters that turn or hide what stands around them.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }

    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if !isHidden(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value < 0x100 {
                    result += "\\x" + hex(scalar.value, digits: 2)
                } else {
                    result += "\\u{" + hex(scalar.value, digits: 4) + "}"
                }
            }
        }
        return result
    }

    static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// `file:line:column`, with what is known of it.
    static func place(_ location: SourceLocation) -> String {
        var place = escaped(location.file)
        if location.line > 0 {
            place += ":\(location.line)"
            if location.column > 0 { place += ":\(location.column)" }
        }
        return place
    }

    /// Cuts at blanks so that no line is longer than `width`, as far as words allow. A range (`[0, 255]`) is one word.
    ///
    /// - Parameters:
    ///   - used: columns already taken on the first line.
    ///   - indent: blanks before every further line.
    static func wrapped(_ text: String, width: Int?, used: Int, indent: Int) -> String {
        guard let width else { return text }
        var result = ""
        var column = used
        for (index, word) in words(text).enumerated() {
            if index > 0, column + 1 + word.count > width, column > indent {
                result += "\n" + String(repeating: " ", count: indent)
                column = indent
            } else if index > 0 {
                result += " "
                column += 1
            }
            result += word
            column += word.count
        }
        return result
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = words.last, last.hasPrefix("["), last.hasSuffix(","), !last.contains(" ") {
                words[words.count - 1] += " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }

    /// `1 row`, `2 rows`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Colours of a terminal, or none.
struct TextStyle {
    var isColoured: Bool

    enum Colour: String {
        case bold = "1"
        case error = "1;31"
        case warning = "1;35"
        case note = "1;36"
        case good = "32"
    }

    func callAsFunction(_ text: String, _ colour: Colour?) -> String {
        guard isColoured, let colour else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }
}
