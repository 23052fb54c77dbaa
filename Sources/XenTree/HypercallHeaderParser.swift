/// Reads the header that the build generates from the description of the hypercall table: prototypes, and for each
/// column a macro `call_handlers_<column>` that dispatches on the hypercall's number.
struct HypercallHeaderParser {
    private(set) var prototypes: [String: HandlerPrototype] = [:]
    private(set) var columns: [(name: String, line: Int)] = []
    private(set) var entries: [HypercallEntry] = []
    private(set) var diagnostics: [TreeDiagnostic] = []
    private let file: String
    private let tokens: [HeaderToken]
    /// The number of arguments of each hypercall as the header's `hypercall_args_<column>` has it: a second account
    /// of the same table, to check the first one with.
    private var argumentCounts: [String: [String: (count: Int, line: Int)]] = [:]

    static let handlersMacro = "call_handlers_"
    static let argumentsMacro = "hypercall_args_"
    static let numberPrefix = "__HYPERVISOR_"

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        tokens = HeaderTokens.split(bytes)
    }

    mutating func parse() throws(XenTreeError) {
        var position = 0
        var declaration: [HeaderToken] = []
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            if token.kind == .directive {
                let end = tokens[position...].firstIndex { $0.kind == .directiveEnd } ?? tokens.count
                try parseDirective(tokens[position..<end])
                position = end + 1
            } else if token.text == ";" {
                parseDeclaration(declaration[...])
                declaration = []
            } else {
                declaration.append(token)
            }
        }
        try checkAgainstArgumentCounts()
    }

    private mutating func parseDirective(_ line: ArraySlice<HeaderToken>) throws(XenTreeError) {
        guard line.first?.text == "define", let name = line.dropFirst().first else { return }
        if name.text.hasPrefix(Self.handlersMacro) {
            let column = String(name.text.dropFirst(Self.handlersMacro.count))
            guard !columns.contains(where: { $0.name == column }) else {
                throw malformed(name, "the column '\(displayPath(column))' is there twice")
            }
            columns.append((column, name.line))
            let body = line.dropFirst(2).drop { $0.text != ")" }.dropFirst()
            var dispatch = DispatchParser(body, file: file, column: column)
            entries += try dispatch.parse()
        } else if name.text.hasPrefix(Self.argumentsMacro) {
            parseArgumentCounts(line.dropFirst(2), column: String(name.text.dropFirst(Self.argumentsMacro.count)))
        }
    }

    /// `{ [__HYPERVISOR_x] = 2, ... }`
    private mutating func parseArgumentCounts(_ body: ArraySlice<HeaderToken>, column: String) {
        var counts: [String: (count: Int, line: Int)] = [:]
        for index in body.indices where body[index].text.hasPrefix(Self.numberPrefix) && index + 3 < body.endIndex {
            guard body[index + 1].text == "]", body[index + 2].text == "=", let count = Int(body[index + 3].text)
            else { continue }
            counts[String(body[index].text.dropFirst(Self.numberPrefix.count))] = (count, body[index].line)
        }
        argumentCounts[column] = counts
    }

    /// `type name(type name, ...)`
    private mutating func parseDeclaration(_ tokens: ArraySlice<HeaderToken>) {
        guard let open = tokens.firstIndex(where: { $0.text == "(" }), open - tokens.startIndex >= 2,
            tokens.last?.text == ")", tokens[open - 1].kind == .word
        else { return }
        let name = tokens[open - 1]
        let list = Self.separated(tokens[(open + 1)..<(tokens.endIndex - 1)])
        let parameters = list.compactMap { parameter -> HandlerPrototype.Parameter? in
            guard parameter.count > 1, let last = parameter.last, last.kind == .word else { return nil }
            return HandlerPrototype.Parameter(type: HeaderTokens.text(parameter.dropLast()), name: last.text)
        }
        prototypes[name.text] = HandlerPrototype(
            returnType: HeaderTokens.text(tokens[..<(open - 1)]), parameters: parameters, line: name.line)
    }

    /// The pieces between commas that are in no parentheses of their own.
    static func separated(_ tokens: ArraySlice<HeaderToken>) -> [ArraySlice<HeaderToken>] {
        var pieces: [ArraySlice<HeaderToken>] = []
        var start = tokens.startIndex
        var depth = 0
        for index in tokens.indices {
            switch tokens[index].text {
            case "(", "{", "[": depth += 1
            case ")", "}", "]": depth -= 1
            case "," where depth == 0:
                pieces.append(tokens[start..<index])
                start = index + 1
            default: break
            }
        }
        if start < tokens.endIndex { pieces.append(tokens[start...]) }
        return pieces
    }

    /// The header says in two ways which hypercalls a column has. If they differ, it was not understood.
    private func checkAgainstArgumentCounts() throws(XenTreeError) {
        for (column, line) in columns {
            guard let counts = argumentCounts[column] else { continue }
            let place = HeaderToken(kind: .word, text: column, line: line, column: 1)
            let cells = entries.filter { $0.column == column }
            let found = Set(cells.map(\.hypercall))
            if let missing = counts.keys.filter({ !found.contains($0) }).min() {
                throw malformed(place, "no call for the hypercall '\(missing)' found in column '\(column)'")
            }
            for cell in cells {
                guard counts[cell.hypercall]?.count == cell.argumentTypes.count else {
                    let token = HeaderToken(kind: .word, text: "", line: cell.location.line, column: cell.location.column)
                    throw malformed(token, "the call has not as many arguments as \(Self.argumentsMacro)\(column) says")
                }
            }
        }
    }

    private func malformed(_ token: HeaderToken, _ reason: String) -> XenTreeError {
        .malformedHypercallTable(TreeLocation(file: file, line: token.line, column: token.column), reason: reason)
    }
}
