/// A place in a file of the tree or of its build. Line and column start at 1.
public struct TreeLocation: Sendable, Hashable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { "\(displayPath(file)):\(line):\(column)" }
}

/// Something about the tree or the build that a user should know but that does not end the run.
public struct TreeDiagnostic: Sendable, Hashable, CustomStringConvertible {
    /// `warning`: something was left out that may be missed. `note`: expected, said for completeness.
    public enum Severity: String, Sendable, Hashable {
        case warning
        case note
    }

    public var severity: Severity
    /// The file it is about, as an absolute path.
    public var file: String
    public var line: Int?
    public var column: Int?
    public var message: String

    public init(_ severity: Severity, file: String, line: Int? = nil, column: Int? = nil, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String {
        var place = displayPath(file)
        if let line { place += ":\(line)" }
        if line != nil, let column { place += ":\(column)" }
        return "\(place): \(severity.rawValue): \(message)"
    }
}

/// `path` as it may be shown: control characters, which could drive a terminal or forge a line, become escapes.
public func displayPath(_ path: String) -> String {
    guard path.unicodeScalars.contains(where: mustBeEscaped) else { return path }
    var shown = ""
    for scalar in path.unicodeScalars {
        switch scalar {
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        case _ where mustBeEscaped(scalar):
            let digits = String(scalar.value, radix: 16)
            shown += scalar.value < 0x100
                ? "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
                : "\\u{\(digits)}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// Control and format characters: the latter include the bidirectional overrides, which reorder what is read.
private func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
}

/// A path as one word of a shell's command.
public func shellWord(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "/._-+,@:".utf8.contains(byte)
        }
    }
    return isPlain ? path : shellQuoted(displayPath(path))
}

/// Text that a shell takes as it is, between single quotes.
public func shellQuoted(_ text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
}

