import ProgramModel

/// A source as bytes with its lines, for edits.
public struct SourceText: Sendable {
    /// Relative to the tree's root.
    public let file: String
    let bytes: [UInt8]
    /// Where each line starts.
    private let starts: [Int]

    public init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    /// The offset of a line and a column in bytes, as compilers count; nil outside.
    func offset(line: Int, column: Int) -> Int? {
        guard starts.indices.contains(line - 1), column >= 1 else { return nil }
        let offset = starts[line - 1] + column - 1
        return offset < bytes.count ? offset : nil
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Line and column, in characters of Unicode, of an offset.
    func place(of offset: Int) -> (line: Int, column: Int) {
        let line = starts.lastIndex { $0 <= offset } ?? 0
        return (line + 1, text(starts[line]..<offset).unicodeScalars.count + 1)
    }

    func lineStart(of offset: Int) -> Int { starts.last { $0 <= offset } ?? 0 }

    /// The blanks that the line of an offset starts with.
    func indentation(at offset: Int) -> String {
        let start = lineStart(of: offset)
        let end = bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? start
        return text(start..<min(end, offset))
    }

    /// The end of what starts at an offset: the first of `stops` outside of brackets and literals; nil if brackets
    /// do not match or a comment or directive is in the way, which an edit would better leave to a person.
    func end(from start: Int, stops: Set<UInt8>) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if depth == 0, stops.contains(byte) { return index }
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "#"), UInt8(ascii: "{"), UInt8(ascii: "}"),
                UInt8(ascii: ";"), UInt8(ascii: "\\"):
                return nil
            case UInt8(ascii: "/") where index + 1 < bytes.count
                && [UInt8(ascii: "*"), UInt8(ascii: "/")].contains(bytes[index + 1]):
                return nil
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The last byte before an offset that is no blank.
    func byteBefore(_ offset: Int) -> UInt8? { bytes[..<offset].last { $0 > 0x20 } }

    // MARK: - Edits

    /// Bytes and what takes their place.
    struct Edit: Hashable {
        var range: Range<Int>
        var text: String
    }

    func replacement(_ edit: Edit) -> Fix.Replacement {
        let start = place(of: edit.range.lowerBound)
        let end = place(of: edit.range.upperBound)
        return Fix.Replacement(
            start: SourceLocation(file: file, line: start.line, column: start.column), endLine: end.line,
            endColumn: end.column, text: edit.text)
    }

    /// The whole lines that a range of bytes lies in.
    func lines(of range: Range<Int>) -> Range<Int> {
        let end = bytes[range.upperBound...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        return lineStart(of: range.lowerBound)..<end
    }

    func lines(_ range: Range<Int>) -> [String] { Self.lines(Array(bytes[range])) }

    static func lines(_ text: [UInt8]) -> [String] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// A unified diff of edits that do not overlap.
    func diff(_ edits: [Edit]) -> String { UnifiedDiff.text(of: edits, in: self) }
}
