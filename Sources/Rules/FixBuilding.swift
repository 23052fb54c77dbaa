import ProgramModel
import ValueAnalysis

/// Makes edits of a rule's templates. What it does not understand it leaves alone: a suggestion that does not compile
/// is worse than none.
public struct FixBuilding {
    private let edit: (FixSite) -> PlacedEdit?
    /// The text of a file; nil for all files where edits were made elsewhere.
    let source: ((String) -> SourceText?)?

    /// - Parameter source: the text of a file of the tree.
    public init(source: @escaping (String) -> SourceText?) {
        self.source = source
        edit = { $0.edit(source) }
    }

    /// Of edits that were made elsewhere. Such fixes make no patches.
    public init(edits: [FixSite: PlacedEdit]) {
        source = nil
        edit = { edits[$0] }
    }

    /// The edits for one finding.
    ///
    /// - Parameter rows: the rows of the map that it stands for.
    public func fixes(for finding: Finding, templates: [FixTemplate], rows: [AuditRow]) -> [Fix] {
        templates.compactMap { template in
            let sites = Self.sites(for: finding, template: template, rows: rows)
            return sites.isEmpty ? nil : fix(template.title, sites.map { $0.flatMap(edit) })
        }
    }

    /// The edits that the fixes for a finding would be made of, as far as they can be made.
    public func edits(for finding: Finding, templates: [FixTemplate], rows: [AuditRow]) -> [FixSite: PlacedEdit] {
        let sites = templates.flatMap { Self.sites(for: finding, template: $0, rows: rows).compactMap { $0 } }
        return sites.reduce(into: [:]) { found, site in found[site] = edit(site) }
    }

    /// nil for one that has no place.
    private static func sites(for finding: Finding, template: FixTemplate, rows: [AuditRow]) -> [FixSite?] {
        switch template.kind {
        case .returnGuard:
            // What a smaller type has cut before cannot be checked at the return any more.
            guard finding.narrowings.isEmpty else { return [] }
            return rows.map { row in
                row.evidence.last.map {
                    .returnGuard(text: template.guardText, type: row.returnType, location: $0.location)
                }
            }
        case .clamp: return finding.narrowings.map { .clamp($0) }
        }
    }

    /// One fix of all edits; nil where one of them could not be made, since half of it would mend nothing.
    private func fix(_ title: String, _ edits: [PlacedEdit?]) -> Fix? {
        var made: Set<PlacedEdit> = []
        for edit in edits {
            guard let edit else { return nil }
            made.insert(edit)
        }
        let ordered = made.sorted { ($0.file, $0.range.lowerBound) < ($1.file, $1.range.lowerBound) }
        let overlaps = zip(ordered, ordered.dropFirst()).contains { $0.overlaps($1) }
        return ordered.isEmpty || overlaps ? nil : Fix(title: title, edits: ordered)
    }
}

/// A place where an edit is wanted, and what the edit has to do.
public enum FixSite: Hashable, Sendable, Codable {
    case returnGuard(text: String, type: String, location: SourceLocation)
    case clamp(Narrowing)

    func edit(_ source: (String) -> SourceText?) -> PlacedEdit? {
        switch self {
        case .returnGuard(let text, let type, let location):
            ReturnGuard(guardText: text, type: type, at: location).edit(source)
        case .clamp(let narrowing): ConversionClamp(narrowing: narrowing).edit(source)
        }
    }
}

/// An edit of a file.
public struct PlacedEdit: Hashable, Sendable, Codable {
    /// In bytes.
    var range: Range<Int>
    public var replacement: Fix.Replacement
    var file: String { replacement.start.file }

    func overlaps(_ other: PlacedEdit) -> Bool { file == other.file && range.overlaps(other.range) }

    init(_ edit: SourceText.Edit, in text: SourceText) {
        range = edit.range
        replacement = text.replacement(edit)
    }
}

/// Checks a value before it is returned.
private struct ReturnGuard {
    let guardText: String
    let type: String
    let at: SourceLocation

    private static let keyword = "return"

    init(guardText: String, type: String, at: SourceLocation) {
        self.guardText = guardText
        self.type = type
        self.at = at
    }

    func edit(_ source: (String) -> SourceText?) -> PlacedEdit? {
        guard let text = source(at.file), let start = text.offset(line: at.line, column: at.column) else { return nil }
        let expressionStart = start + Self.keyword.utf8.count
        guard expressionStart < text.bytes.count, text.text(start..<expressionStart) == Self.keyword,
            !CWords.isWordByte(text.bytes[expressionStart]),
            let end = text.end(from: expressionStart, stops: [UInt8(ascii: ";")])
        else { return nil }
        let expression = text.text(expressionStart..<end).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !expression.isEmpty, !type.isEmpty else { return nil }
        let indentation = text.indentation(at: start)
        let startsStatement = text.byteBefore(start).map { [UInt8]("{};:".utf8).contains($0) } ?? false
        let lines = CWords.isIdentifier(expression) && startsStatement
            ? plain(expression) : block(expression)
        let joined = lines.enumerated().map { number, line in
            number == 0 || line.isEmpty ? line : indentation + line
        }.joined(separator: "\n")
        return PlacedEdit(SourceText.Edit(range: start..<(end + 1), text: joined), in: text)
    }

    private func check(_ value: String) -> [String] {
        guardText.replacing("{value}", with: value).split(separator: "\n").map(String.init)
    }

    private func plain(_ value: String) -> [String] { check(value) + ["", "return \(value);"] }

    /// Everything in a block is one statement: it may stand behind an `if`.
    private func block(_ expression: String) -> [String] {
        let name = CWords.unused(["result", "returned", "value_to_return"], in: expression)
        let inside = ["\(type) \(name) = \(expression);", ""] + check(name) + ["return \(name);"]
        return ["{"] + inside.map { $0.isEmpty ? "" : "    " + $0 } + ["}"]
    }
}

/// Saturates a value at the limits of the type that it is converted to.
private struct ConversionClamp {
    let narrowing: Narrowing

    func edit(_ source: (String) -> SourceText?) -> PlacedEdit? {
        let place = narrowing.location
        guard let text = source(place.file), let start = text.offset(line: place.line, column: place.column),
            let limits = CWords.limits(of: narrowing.to), let min = Int128(narrowing.range.min),
            let end = text.end(from: start, stops: Set(";,)".utf8)),
            let (operand, needsParentheses) = operand(in: text, from: start, to: end)
        else { return nil }
        let expression = text.text(operand..<end)
        func clamp(_ value: String) -> String {
            let above = "\(value) > \(limits.max) ? \(limits.max) : \(value)"
            return min < limits.lowest ? "\(value) < \(limits.min) ? \(limits.min) : " + above : above
        }
        var clamped = clamp(expression)
        if !CWords.isSimple(expression) {
            // A call is made once, and its result kept, where all of it is what gets converted.
            guard CWords.isCall(expression), isWhole(operand, in: text), CWords.isTypeName(narrowing.from)
            else { return nil }
            let name = CWords.unused(["value", "wide", "value_to_cut"], in: expression)
            clamped = "({ \(narrowing.from) \(name) = \(expression); \(clamp(name)); })"
        } else if needsParentheses {
            clamped = "(\(clamped))"
        }
        return PlacedEdit(SourceText.Edit(range: operand..<end, text: clamped), in: text)
    }

    /// Whether what starts there is all that is assigned or returned.
    private func isWhole(_ operand: Int, in text: SourceText) -> Bool {
        if CWords.lastWord(in: text.bytes[..<operand]) == "return" { return true }
        guard let sign = text.bytes[..<operand].lastIndex(where: { $0 > 0x20 }), text.bytes[sign] == UInt8(ascii: "=")
        else { return false }
        // Neither a comparison nor an assignment that computes.
        return text.bytes[..<sign].last.map { $0 <= 0x20 || CWords.isWordByte($0) } ?? false
    }

    /// Where the converted value starts; nil where something else could be applied to it first.
    ///
    /// The place may be that of the assignment, of the `return`, of the cast, or of the last field of a path.
    private func operand(in text: SourceText, from start: Int, to end: Int) -> (start: Int, needsParentheses: Bool)? {
        var operand = start
        if let assigned = CWords.assignment(in: text.bytes[start..<end]) {
            operand = assigned
        } else if text.text(start..<end).hasPrefix("return ") {
            operand += "return ".utf8.count
        } else {
            operand = CWords.pathStart(in: text.bytes[..<start])
        }
        operand = text.bytes[operand..<end].firstIndex { $0 > 0x20 } ?? operand
        if let cast = CWords.cast(in: text.bytes[operand..<end]) { return (cast, true) }
        switch text.byteBefore(operand) {
        case UInt8(ascii: "=")?, UInt8(ascii: "(")?, UInt8(ascii: ",")?: return (operand, false)
        // A cast, which binds closer than what takes the value's place.
        case UInt8(ascii: ")")?: return (operand, true)
        default: return CWords.lastWord(in: text.bytes[..<operand]) == "return" ? (operand, false) : nil
        }
    }
}
