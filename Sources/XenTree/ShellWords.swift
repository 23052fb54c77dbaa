/// A word of a shell command after quotes are removed.
struct ShellWord: Hashable {
    var text: String
    /// A shell would have put something else here (a variable, a command's output): the text is not what was run.
    var hasExpansion = false
}

/// Splits a command line as a POSIX shell would, without one: nothing is expanded and nothing is run.
struct ShellWords {
    struct Problem: Error, Equatable {
        var message: String
    }

    /// The simple commands of a line, in order, without the operators between them.
    static func commands(in line: some Collection<UInt8>) throws(Problem) -> [[ShellWord]] {
        var splitter = ShellWords(Array(line))
        try splitter.run()
        return splitter.commands
    }

    private let bytes: [UInt8]
    private var position = 0
    private var commands: [[ShellWord]] = []
    private var words: [ShellWord] = []
    private var current: [UInt8] = []
    private var isInWord = false
    private var hasExpansion = false

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() throws(Problem) {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "'"): try readSingleQuoted()
            case UInt8(ascii: "\""): try readDoubleQuoted()
            case UInt8(ascii: "\\"): try readEscape()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): try endWord()
            case UInt8(ascii: "#") where !isInWord: skipComment()
            case _ where Self.operators.contains(byte):
                try endWord()
                endCommand()
            default: append(byte)
            }
        }
        try endWord()
        endCommand()
    }

    private static let operators = Set("\n;&|<>()".utf8)

    private mutating func append(_ byte: UInt8) {
        isInWord = true
        if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") { hasExpansion = true }
        current.append(byte)
    }

    private mutating func readSingleQuoted() throws(Problem) {
        isInWord = true
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "'")) else {
            throw Problem(message: "a single quote is not closed")
        }
        current += bytes[position..<end]
        position = end + 1
    }

    private mutating func readDoubleQuoted() throws(Problem) {
        isInWord = true
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\"), position < bytes.count {
                let next = bytes[position]
                // Before any other character the backslash stands for itself.
                if !"$`\"\\\n".utf8.contains(next) { current.append(byte) }
                if next != UInt8(ascii: "\n") { current.append(next) }
                position += 1
            } else {
                append(byte)
            }
        }
        throw Problem(message: "a double quote is not closed")
    }

    private mutating func readEscape() throws(Problem) {
        guard position < bytes.count else { throw Problem(message: "it ends in a backslash") }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") { return }
        isInWord = true
        current.append(byte)
    }

    private mutating func skipComment() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func endWord() throws(Problem) {
        guard isInWord else { return }
        guard !current.contains(0), let text = String(validating: current, as: UTF8.self) else {
            throw Problem(message: "a word of it is not UTF-8 text")
        }
        words.append(ShellWord(text: text, hasExpansion: hasExpansion))
        current.removeAll(keepingCapacity: true)
        isInWord = false
        hasExpansion = false
    }

    private mutating func endCommand() {
        if !words.isEmpty { commands.append(words) }
        words.removeAll()
    }
}
