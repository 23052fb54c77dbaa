import ProgramModel

/// An entry of a tree's own database of justifications, as far as suppressions need it.
public struct JustifiedTag: Hashable, Sendable {
    public var tag: String
    public var rules: [String]
    public var text: String

    public init(tag: String, rules: [String], text: String) {
        self.tag = tag
        self.rules = rules
        self.text = text
    }
}

/// Finds the suppressions in a C source.
public struct SuppressionScanner: Sendable {
    private static let keyword = "xenwidth:"
    /// What the tags of databases end in that are for this tool alone.
    private static let ownTagEnd = "-xenwidth"
    private let tags: [String: JustifiedTag]

    public init(tags: [JustifiedTag]) {
        self.tags = Dictionary(tags.map { ($0.tag, $0) }) { first, _ in first }
    }

    /// The suppressions of a file, in its order. Most files have none, and cost one search.
    public func suppressions(in bytes: [UInt8], file: String) -> [Suppression] {
        guard mayHaveSome(bytes) else { return [] }
        let scanner = CommentScanner(bytes)
        return scanner.comments.compactMap { comment in
            // Alone on its lines it is about the next code, with a comment between or not.
            var last = comment.lastLine
            if !comment.followsCode, !scanner.codeLines.contains(last) {
                last += 1
                while !scanner.codeLines.contains(last), last < comment.lastLine + 50 { last += 1 }
            }
            let place = SourceLocation(file: file, line: comment.line, column: comment.column)
            return suppression(words: Self.plain(comment.text), place: place, lines: comment.line...last)
        }
    }

    private func mayHaveSome(_ bytes: [UInt8]) -> Bool {
        let words = [Self.keyword, Self.ownTagEnd] + Set(tags.keys.map { String($0.prefix { $0 != "-" }) + "-" }).sorted()
        return words.contains { word in
            let needle = Array(word.utf8)
            guard let first = needle.first, bytes.count >= needle.count else { return false }
            return bytes.indices.dropLast(needle.count - 1).contains { start in
                bytes[start] == first && bytes[start..<start + needle.count].elementsEqual(needle)
            }
        }
    }

    /// One line, without the stars that decorate the lines of a comment and the backslashes that join them.
    private static func plain(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { line in
            let joined = line.last == "\\" ? line.dropLast() : line
            let trimmed = joined.drop { $0.isWhitespace }
            return trimmed.hasPrefix("*") ? trimmed.dropFirst() : trimmed
        }.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func suppression(words text: String, place: SourceLocation, lines: ClosedRange<Int>) -> Suppression? {
        if text.hasPrefix(Self.keyword) {
            let rest = text.dropFirst(Self.keyword.count).drop { $0 == " " }
            return Self.comment(rest, place: place, lines: lines)
        }
        guard let word = text.split(separator: " ").first.map(String.init) else { return nil }
        guard let tag = tags[word] else {
            // Tags of other tools, and those for all, may be meant for others.
            guard word.hasSuffix(Self.ownTagEnd), word.contains("-false-positive-") else { return nil }
            return Suppression(
                location: place, scheme: .tag(word), rules: [], reason: "", lines: lines,
                malformation: "no database of justifications has an entry '\(word.prefix(60))'")
        }
        return Suppression(
            location: place, scheme: .tag(tag.tag), rules: tag.rules, reason: tag.text, lines: lines,
            malformation: tag.rules.isEmpty
                ? "its entry names no rule" : tag.text.isEmpty ? "its entry has no text" : nil)
    }

    /// `allow(rule, rule until 2027-01-31) reason`.
    private static func comment(_ text: Substring, place: SourceLocation, lines: ClosedRange<Int>) -> Suppression {
        func broken(_ reason: String, rules: [String] = []) -> Suppression {
            Suppression(location: place, rules: rules, reason: "", lines: lines, malformation: reason)
        }
        guard text.hasPrefix("allow("), let end = text.firstIndex(of: ")") else {
            return broken("expected 'allow(rule) reason'")
        }
        let inside = text[text.index(text.startIndex, offsetBy: "allow(".count)..<end]
        var words = inside.split { $0 == "," || $0 == " " }.map(String.init)
        var lastDay: String?
        if let until = words.firstIndex(of: "until") {
            guard until == words.count - 2, isDay(words[until + 1]) else {
                return broken("expected 'until YYYY-MM-DD', a day, as the last words in the parentheses")
            }
            lastDay = words[until + 1]
            words.removeLast(2)
        }
        guard !words.isEmpty else { return broken("no rule is named in the parentheses") }
        let reason = text[text.index(after: end)...].drop { $0 == " " || $0 == ":" }
        guard reason.contains(where: { $0.isLetter || $0.isNumber }) else { return broken("the reason is missing after 'allow(\(inside))'", rules: words) }
        return Suppression(location: place, rules: words, reason: String(reason), lastDay: lastDay, lines: lines)
    }

    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.indices.contains(month - 1) && (1...lengths[month - 1]).contains(day)
    }
}
