/// Parses the statements of one `call_handlers_<column>` macro: switches, and tests for the more frequent hypercalls
/// before them. What is known about the number at a call must name exactly one hypercall.
struct DispatchParser {
    /// The hypercalls that the number can be at a statement; nil: any.
    private typealias Candidates = Set<String>?

    private let tokens: ArraySlice<HeaderToken>
    private let file: String
    private let column: String
    private var position: Int
    private var entries: [HypercallEntry] = []

    /// The generator nests four levels deep; a hostile header could nest as deep as the stack.
    private static let depthLimit = 64

    init(_ tokens: ArraySlice<HeaderToken>, file: String, column: String) {
        self.tokens = tokens
        self.file = file
        self.column = column
        position = tokens.startIndex
    }

    mutating func parse() throws(XenTreeError) -> [HypercallEntry] {
        // A statement expression: ({ ... })
        try expect("(")
        try statement(nil, depth: 0)
        try expect(")")
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.hypercall).inserted {
            throw .malformedHypercallTable(
                entry.location, reason: "the hypercall '\(displayPath(entry.hypercall))' is there twice")
        }
        return entries
    }

    private mutating func statement(_ candidates: Candidates, depth: Int) throws(XenTreeError) {
        guard depth < Self.depthLimit else { throw malformed("nested too deeply") }
        switch peek {
        case "{": try block(candidates, depth: depth)
        case "if": try branch(candidates, depth: depth)
        case "switch": try dispatch(depth: depth)
        case "ret": try assignment(candidates)
        case nil: throw malformed("it ends too early")
        default: try skipStatement()
        }
    }

    private mutating func block(_ candidates: Candidates, depth: Int) throws(XenTreeError) {
        try expect("{")
        while let text = peek, text != "}" { try statement(candidates, depth: depth + 1) }
        try expect("}")
    }

    private mutating func branch(_ candidates: Candidates, depth: Int) throws(XenTreeError) {
        try expect("if")
        let tested = Set(try group().compactMap { Self.hypercall($0) })
        guard !tested.isEmpty else { throw malformed("a test that names no hypercall") }
        try statement(tested, depth: depth + 1)
        guard peek == "else" else { return }
        try expect("else")
        try statement(candidates?.subtracting(tested), depth: depth + 1)
    }

    private mutating func dispatch(depth: Int) throws(XenTreeError) {
        try expect("switch")
        _ = try group()
        try expect("{")
        var labels: Candidates = nil
        while let text = peek, text != "}" {
            if text == "case" {
                try expect("case")
                guard let token = current, let hypercall = Self.hypercall(token) else {
                    throw malformed("a case that names no hypercall")
                }
                position += 1
                try expect(":")
                labels = [hypercall]
            } else if text == "default" {
                position += 1
                try expect(":")
                labels = []
            } else {
                try statement(labels, depth: depth + 1)
            }
        }
        try expect("}")
    }

    /// `ret = handler((type)(a1), ...);`, or `ret = -ENOSYS;` for what is not there.
    private mutating func assignment(_ candidates: Candidates) throws(XenTreeError) {
        try expect("ret")
        try expect("=")
        guard let handler = current, handler.kind == .word else { return try skipStatement() }
        position += 1
        guard peek == "(" else { return try skipStatement() }
        let arguments = HypercallHeaderParser.separated(try group())
        try expect(";")
        guard let candidates, candidates.count == 1, let hypercall = candidates.first else {
            throw malformed("which hypercall calls \(displayPath(handler.text)) is not clear", at: handler)
        }
        entries.append(
            HypercallEntry(
                hypercall: hypercall, column: column, handler: handler.text,
                argumentTypes: try arguments.map { (argument) throws(XenTreeError) in try type(of: argument, handler) },
                location: TreeLocation(file: file, line: handler.line, column: handler.column)))
    }

    /// The type in the parentheses that a conversion begins with.
    private func type(of argument: ArraySlice<HeaderToken>, _ handler: HeaderToken) throws(XenTreeError) -> String {
        guard argument.first?.text == "(" else {
            throw malformed("an argument of \(displayPath(handler.text)) is not converted to a type", at: handler)
        }
        var depth = 0
        for index in argument.indices {
            if argument[index].text == "(" { depth += 1 }
            if argument[index].text == ")" { depth -= 1 }
            if depth == 0 { return HeaderTokens.text(argument[(argument.startIndex + 1)..<index]) }
        }
        throw malformed("parentheses do not match", at: handler)
    }

    // MARK: Tokens

    private var current: HeaderToken? { position < tokens.endIndex ? tokens[position] : nil }

    private var peek: String? { current?.text }

    private static func hypercall(_ token: HeaderToken) -> String? {
        let prefix = HypercallHeaderParser.numberPrefix
        guard token.kind == .word, token.text.hasPrefix(prefix), token.text.count > prefix.count else { return nil }
        return String(token.text.dropFirst(prefix.count))
    }

    private mutating func expect(_ text: String) throws(XenTreeError) {
        guard peek == text else {
            throw malformed("'\(text)' is expected" + (peek.map { ", not '\(displayPath($0))'" } ?? " at the end"))
        }
        position += 1
    }

    /// The tokens between matching parentheses.
    private mutating func group() throws(XenTreeError) -> ArraySlice<HeaderToken> {
        try expect("(")
        let start = position
        var depth = 1
        while let text = peek {
            if text == "(" { depth += 1 }
            if text == ")" { depth -= 1 }
            position += 1
            if depth == 0 { return tokens[start..<(position - 1)] }
        }
        throw malformed("parentheses do not match")
    }

    private mutating func skipStatement() throws(XenTreeError) {
        while let text = peek {
            position += 1
            if text == ";" { return }
        }
        throw malformed("it ends too early")
    }

    private func malformed(_ reason: String, at token: HeaderToken? = nil) -> XenTreeError {
        let place = token ?? current ?? tokens.last
        return .malformedHypercallTable(
            TreeLocation(file: file, line: place?.line ?? 1, column: place?.column ?? 1),
            reason: reason + " (column '\(displayPath(column))')")
    }
}
