/// Preprocesses the description of the hypercall table for the options of a build, as far as such a file goes:
/// conditions on macros, and macros without parameters. What goes further is not guessed at.
struct DescriptionPreprocessor {
    /// The file says something that is not understood here.
    struct NotUnderstood: Error {}

    /// The lines that are left, without comments.
    private(set) var lines: [String] = []
    private var macros: [String: String]
    private var branches: [Branch] = []

    private struct Branch {
        var isActive: Bool
        /// No later branch of this condition is active.
        var isDecided: Bool
    }

    /// - Parameter macros: those that the build's configuration defines. All others count as not defined.
    init(_ text: String, macros: [String: String]) throws(NotUnderstood) {
        self.macros = macros
        let joined = text.replacing("\r\n", with: "\n").replacing("\\\n", with: "")
        for line in Self.withoutComments(joined).split(separator: "\n") {
            let line = line.trimmed
            if line.hasPrefix("#") {
                try directive(line.dropFirst().trimmed)
            } else if isActive, !line.isEmpty {
                lines.append(try expanded(line))
            }
        }
        guard branches.isEmpty else { throw NotUnderstood() }
    }

    private static func withoutComments(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "/*") {
            kept += rest[..<start.lowerBound] + " "
            let comment = rest[start.upperBound...]
            rest = comment.firstRange(of: "*/").map { comment[$0.upperBound...] } ?? ""
        }
        kept += rest
        return kept.split(separator: "\n").map { line in
            line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        }.joined(separator: "\n")
    }

    private var isActive: Bool { branches.allSatisfy(\.isActive) }

    private mutating func directive(_ line: String) throws(NotUnderstood) {
        let name = String(line.prefix(while: \.isLetter))
        let rest = line.dropFirst(name.count).trimmed
        switch name {
        case "ifdef": open(macros[rest] != nil)
        case "ifndef": open(macros[rest] == nil)
        case "if": open(isActive ? try Condition.value(of: rest, macros: macros) : false)
        case "elif", "else":
            guard let last = branches.popLast() else { throw NotUnderstood() }
            var isTrue = isActive && !last.isDecided
            if isTrue, name == "elif" { isTrue = try Condition.value(of: rest, macros: macros) }
            branches.append(Branch(isActive: isTrue, isDecided: last.isDecided || isTrue))
        case "endif":
            guard branches.popLast() != nil else { throw NotUnderstood() }
        case "define" where isActive:
            let macro = rest.prefix(while: \.isWordPart)
            let body = rest.dropFirst(macro.count)
            guard !macro.isEmpty, body.first != "(" else { throw NotUnderstood() }
            macros[String(macro)] = body.trimmed
        case "undef" where isActive: macros[rest] = nil
        case _ where isActive: throw NotUnderstood()
        default: break
        }
    }

    private mutating func open(_ isTrue: Bool) { branches.append(Branch(isActive: isTrue, isDecided: isTrue)) }

    private func expanded(_ line: String) throws(NotUnderstood) -> String {
        var line = line
        // A macro that leads to itself would not end.
        for _ in 0..<16 {
            var result = ""
            var hasChanged = false
            var rest = line[...]
            while let character = rest.first {
                let word = rest.prefix(while: \.isWordPart)
                if word.isEmpty {
                    result.append(character)
                    rest.removeFirst()
                    continue
                }
                if let body = macros[String(word)], body != word {
                    result += body
                    hasChanged = true
                } else {
                    result += word
                }
                rest.removeFirst(word.count)
            }
            if !hasChanged { return result }
            line = result
        }
        throw NotUnderstood()
    }
}

extension DescriptionPreprocessor {
    /// The expression of an `#if`: `defined`, numbers and macros with numbers, `!`, `&&`, `||`, comparisons.
    private struct Condition {
        private var tokens: ArraySlice<Substring>
        private let macros: [String: String]
        private var depth = 0

        static func value(of text: String, macros: [String: String]) throws(NotUnderstood) -> Bool {
            var condition = Condition(tokens: split(text)[...], macros: macros)
            let value = try condition.alternatives()
            guard condition.tokens.isEmpty else { throw NotUnderstood() }
            return value != 0
        }

        private init(tokens: ArraySlice<Substring>, macros: [String: String]) {
            self.tokens = tokens
            self.macros = macros
        }

        private static func split(_ text: String) -> [Substring] {
            var tokens: [Substring] = []
            var rest = text[...]
            while let character = rest.first {
                let word = rest.prefix(while: \.isWordPart)
                let pair = rest.prefix(2)
                if character.isWhitespace {
                    rest.removeFirst()
                    continue
                }
                let token = !word.isEmpty ? word
                    : ["&&", "||", "==", "!=", "<=", ">="].contains(pair) ? pair : rest.prefix(1)
                tokens.append(token)
                rest.removeFirst(token.count)
            }
            return tokens
        }

        private mutating func take(_ text: String) -> Bool {
            guard tokens.first.map({ $0 == text }) ?? false else { return false }
            tokens.removeFirst()
            return true
        }

        private mutating func alternatives() throws(NotUnderstood) -> Int {
            var value = try conjunction()
            while take("||") {
                let other = try conjunction()
                value = value != 0 || other != 0 ? 1 : 0
            }
            return value
        }

        private mutating func conjunction() throws(NotUnderstood) -> Int {
            var value = try comparison()
            while take("&&") {
                let other = try comparison()
                value = value != 0 && other != 0 ? 1 : 0
            }
            return value
        }

        private static let comparisons: [String: @Sendable (Int, Int) -> Bool] = [
            "==": { $0 == $1 }, "!=": { $0 != $1 }, "<": { $0 < $1 }, "<=": { $0 <= $1 }, ">": { $0 > $1 },
            ">=": { $0 >= $1 },
        ]

        private mutating func comparison() throws(NotUnderstood) -> Int {
            let value = try operand()
            guard let name = tokens.first, let compare = Self.comparisons[String(name)] else { return value }
            tokens.removeFirst()
            let other = try operand()
            return compare(value, other) ? 1 : 0
        }

        private mutating func operand() throws(NotUnderstood) -> Int {
            depth += 1
            defer { depth -= 1 }
            guard depth < 64 else { throw NotUnderstood() }
            if take("!") { return try operand() == 0 ? 1 : 0 }
            if take("(") {
                let value = try alternatives()
                guard take(")") else { throw NotUnderstood() }
                return value
            }
            if take("defined") {
                let isInParentheses = take("(")
                guard let name = tokens.popFirst(), name.allSatisfy(\.isWordPart) else { throw NotUnderstood() }
                guard !isInParentheses || take(")") else { throw NotUnderstood() }
                return macros[String(name)] == nil ? 0 : 1
            }
            guard let word = tokens.popFirst(), word.allSatisfy(\.isWordPart) else { throw NotUnderstood() }
            if let number = Int(word) { return number }
            // A macro with parameters is none of this file's.
            guard word.first?.isNumber == false, tokens.first != "(" else { throw NotUnderstood() }
            guard let body = macros[String(word)] else { return 0 }
            guard let number = Int(body) else { throw NotUnderstood() }
            return number
        }
    }
}
