import ProgramModel
import Yams

/// A YAML node with its file, read by the type that the key demands.
struct YAMLValue {
    let node: Node
    let file: String

    var location: SourceLocation {
        SourceLocation(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    }

    func error(_ kind: RulePackError.Kind, _ message: String) -> RulePackError {
        RulePackError(kind: kind, location: location, message: message)
    }

    var isMapping: Bool { if case .mapping = node { true } else { false } }

    /// A mapping that has no key but `keys`.
    func mapping(of what: String, keys: [String]) throws -> YAMLMapping {
        guard case .mapping(let mapping) = node else {
            throw error(.wrongType, "\(what): expected a mapping, found \(kindName)")
        }
        var entries: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            let keyValue = YAMLValue(node: key, file: file)
            guard case .scalar(let scalar) = key else {
                throw keyValue.error(.wrongType, "\(what): expected a word as key, found \(keyValue.kindName)")
            }
            guard keys.contains(scalar.string) else {
                throw keyValue.error(
                    .unknownKey(nearest: Spelling.nearest(to: scalar.string, among: keys)),
                    "\(what): unknown key '\(scalar.string)'" + Spelling.hint(for: scalar.string, among: keys))
            }
            entries[scalar.string] = YAMLValue(node: value, file: file)
        }
        return YAMLMapping(what: what, value: self, entries: entries)
    }

    func list() throws -> [YAMLValue] {
        guard case .sequence(let sequence) = node else { throw error(.wrongType, "expected a list, found \(kindName)") }
        return sequence.map { YAMLValue(node: $0, file: file) }
    }

    /// A list with at least one item, or one item standing for a list of itself.
    func oneOrMore() throws -> [YAMLValue] {
        guard case .sequence = node else { return [self] }
        let items = try list()
        guard !items.isEmpty else { throw error(.invalidValue(nearest: nil), "expected at least one item") }
        return items
    }

    /// Text that is not empty, and that editors with the schema take for text: what looks like something else is quoted.
    func text() throws -> String {
        let text = try anyText()
        guard !isNumberOrTruth else {
            throw error(.wrongType, "expected text, found '\(text.prefix(40))': put it in quotes if it is meant as text")
        }
        return text
    }

    /// Any scalar that is not empty.
    func anyText() throws -> String {
        let scalar = try scalar("text")
        guard !isNull, !scalar.string.allSatisfy(\.isWhitespace) else {
            throw error(.wrongType, "expected text, found nothing")
        }
        return scalar.string
    }

    /// A name as C and the tables use it, such as `memory_op` or `fits-int`.
    func word() throws -> String {
        let text = try text()
        guard text.unicodeScalars.allSatisfy(Self.isOfName) else {
            throw error(.invalidValue(nearest: nil), "expected a name of letters, digits, '_', '-' and '.'")
        }
        return text
    }

    /// Such a name with wildcards. Other signs match no name: whoever writes a regular expression is told so.
    func namePattern() throws -> WildcardPattern {
        let text = try text()
        guard text.unicodeScalars.allSatisfy({ Self.isOfName($0) || $0 == "*" || $0 == "?" }) else {
            throw error(
                .invalidValue(nearest: nil), "'\(text.prefix(40))' is no pattern of a name: \(WildcardPattern.meaning)")
        }
        return WildcardPattern(text)
    }

    static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "_-.".unicodeScalars.contains(scalar))
    }

    func integer(in bounds: ClosedRange<Int64> = Int64.min...Int64.max) throws -> Int64 {
        let scalar = try scalar("a whole number")
        guard scalar.style == .plain, let value = Self.number(scalar.string) else {
            throw error(.wrongType, "expected a whole number, found '\(scalar.string.prefix(40))'")
        }
        guard let fitting = Int64(exactly: value), bounds.contains(fitting) else {
            throw error(.invalidValue(nearest: nil), "expected \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return fitting
    }

    func boolean() throws -> Bool {
        let scalar = try scalar("true or false")
        switch (scalar.style, scalar.string) {
        case (.plain, "true"): return true
        case (.plain, "false"): return false
        default: throw error(.wrongType, "expected true or false, found '\(scalar.string.prefix(40))'")
        }
    }

    /// One of the raw values of an enumeration.
    func choice<T: RawRepresentable & CaseIterable>(_ type: T.Type) throws -> T where T.RawValue == String {
        let text = try anyText()
        if let value = T(rawValue: text) { return value }
        let names = T.allCases.map(\.rawValue)
        throw error(
            .invalidValue(nearest: Spelling.nearest(to: text, among: names)),
            "unknown value '\(text.prefix(40))'" + Spelling.hint(for: text, among: names))
    }

    /// A decimal or hexadecimal number.
    static func number(_ text: String) -> Int128? {
        let negative = text.hasPrefix("-")
        let digits = negative ? text.dropFirst() : text[...]
        let magnitude = digits.hasPrefix("0x") ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits, radix: 10)
        guard let magnitude, magnitude >= 0, let first = digits.first, first.isNumber else { return nil }
        return negative ? -magnitude : magnitude
    }

    private var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    private var isNumberOrTruth: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        let text = scalar.string
        let isNumeric = text.contains(where: \.isNumber) && (Self.number(text) != nil || Double(text) != nil)
        return isNumeric || text == "true" || text == "false"
    }

    private func scalar(_ expected: String) throws -> Node.Scalar {
        guard case .scalar(let scalar) = node else { throw error(.wrongType, "expected \(expected), found \(kindName)") }
        return scalar
    }

    private var kindName: String {
        switch node {
        case .scalar(let scalar): isNull ? "nothing" : "'\(scalar.string.prefix(40))'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

/// A mapping whose keys are known to be valid.
struct YAMLMapping {
    let what: String
    let value: YAMLValue
    let entries: [String: YAMLValue]

    subscript(key: String) -> YAMLValue? { entries[key] }

    func required(_ key: String) throws -> YAMLValue {
        guard let entry = entries[key] else {
            throw value.error(.missingKey(key), "\(what): '\(key)' is missing")
        }
        return entry
    }
}
