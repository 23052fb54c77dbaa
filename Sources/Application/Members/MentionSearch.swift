import Foundation
import Lowering

/// Which units may store something in a member, by the words of the tree's text: more than do, and (but for names that a
/// macro puts together) never less.
///
/// - A word that only reads the member (`p->m(x)`, `p->m && ...`) is none that stores, nor is one of another kind, unless
///   it is a macro's argument.
/// - A macro that mentions the member stands for it where it is used.
/// - A header is seen through one of the units that include it.
/// - An initialiser without designators does not name the member, but its variable's declaration names the record.
struct MentionSearch {
    private let text: TreeText
    private let member: String
    private let record: String
    private static let maximumWords = 32
    private static let maximumFiles = 400

    init(text: TreeText, member: String, record: String) {
        self.text = text
        self.member = member
        self.record = record
    }

    var mentions: MemberMentions? {
        guard text.isWhole else { return nil }
        let names = RecordNames(text: text, record: record)
        let (naming, defining) = (names.files, names.definingFiles)
        let found = text.mentions(
            of: member, maximumWords: Self.maximumWords, maximumFiles: Self.maximumFiles,
            counts: { mayStore(at: $0) && (naming?.contains(text.file(at: $0)) ?? true || !isDesignator($0)) },
            standsFor: { mayStandFor(at: $0) && !text.isParameter(member, ofMacroAround: $0) })
        guard var files = found.map({ $0.files.union(initializingFiles) }) ?? defining else { return nil }
        if let defining { files.formIntersection(defining) }
        return MemberMentions(units: text.units(of: files).sorted(), words: found?.words ?? [])
    }

    // MARK: One place

    /// Whether the member's name may be there to be written, or to be handed to a macro that may do that.
    private func mayStore(at place: Int) -> Bool {
        let (before, previous) = text.byte(before: place)
        var (after, next) = text.byte(from: place + member.utf8.count)
        // A call, or a function of that name.
        if next == UInt8(ascii: "(") { return false }
        guard isAccess(before) else {
            // GNU's old designators.
            let isDesignator = next == UInt8(ascii: ":") && [UInt8(ascii: "{"), UInt8(ascii: ",")].contains(previous)
            return isDesignator || isMacroArgument(place)
        }
        if isAddressed(before) || isMacroArgument(place) { return true }
        while next == UInt8(ascii: ")") { (after, next) = text.byte(from: after + 1) }
        let second = text.byte(from: after + 1).byte
        switch next {
        case UInt8(ascii: "="): return second != next
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return second == next
        default: return false
        }
    }

    /// Whether `.` or `->` ends at a position.
    private func isAccess(_ end: Int) -> Bool {
        guard end >= 0 else { return false }
        return text.bytes[end] == UInt8(ascii: ".")
            || text.bytes[end] == UInt8(ascii: ">") && end > 0 && text.bytes[end - 1] == UInt8(ascii: "-")
    }

    /// Whether a macro that has the member's name there can be what is written, or write it.
    private func mayStandFor(at place: Int) -> Bool {
        let (before, previous) = text.byte(before: place)
        let (after, next) = text.byte(from: place + member.utf8.count)
        let isPasted = previous == UInt8(ascii: "#")
            || next == UInt8(ascii: "#") && after + 1 < text.bytes.count && text.bytes[after + 1] == next
        return isPasted || isAccess(before) && next != UInt8(ascii: "(") || mayStore(at: place)
    }

    /// Whether `.member = ` is in an initialiser's braces: then its variable is declared as the record, or as one around it.
    private func isDesignator(_ place: Int) -> Bool {
        let (dot, previous) = text.byte(before: place)
        guard previous == UInt8(ascii: ".") else { return false }
        return [UInt8(ascii: "{"), UInt8(ascii: ",")].contains(text.byte(before: dot).byte)
    }

    /// Whether a place is in the parentheses of something that may be a macro, or of an assembly statement.
    private func isMacroArgument(_ place: Int) -> Bool {
        var position = place - 1
        var depth = 0
        while position >= 0, place - position < 4096 {
            switch text.bytes[position] {
            case UInt8(ascii: ")"): depth += 1
            case UInt8(ascii: "(") where depth > 0: depth -= 1
            case UInt8(ascii: "("): if isMacro(before: position) { return true }
            // Statements are outside of most parentheses, but may be a macro's argument too.
            case UInt8(ascii: "}") where depth == 0 && text.lineStart(position) == position: return false
            default: break
            }
            position -= 1
        }
        return false
    }

    private func isMacro(before parenthesis: Int) -> Bool {
        let (end, last) = text.byte(before: parenthesis)
        guard last.isWordPart else { return false }
        var start = end
        while start > 0, text.bytes[start - 1].isWordPart { start -= 1 }
        let name = String(decoding: text.bytes[start...end], as: UTF8.self)
        return text.macros.contains(name) || ["asm", "__asm__", "volatile", "goto"].contains(name)
    }

    /// Whether `&` may stand before the expression that leads to a member: anything but plain names counts as if.
    private func isAddressed(_ access: Int) -> Bool {
        var position = access
        while position >= 0 {
            let byte = text.bytes[position]
            guard byte.isWordPart || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ">")
            else { break }
            position -= 1
        }
        let (first, last) = text.byte(before: position + 1)
        switch last {
        case UInt8(ascii: "&"): return first == 0 || text.bytes[first - 1] != UInt8(ascii: "&")
        case UInt8(ascii: ")"), UInt8(ascii: "]"): return true
        default: return false
        }
    }

    // MARK: Initialisers

    /// The files with an initialiser in braces after the record's tag; for a record without one, where it is declared.
    private var initializingFiles: Set<Int> {
        if let range = record.range(of: " at ") {
            let shown = record[range.upperBound...].prefix { $0 != ":" }
            return Set(text.files.indices.filter { text.files[$0].shownPath == shown })
        }
        var files: Set<Int> = []
        for place in text.places(of: record) where startsInitializer(place + record.utf8.count) {
            files.insert(text.file(at: place))
        }
        return files
    }

    /// Whether `struct r x = {`, or `(struct r){`, goes on after the tag; a function's parameters and body do not count.
    private func startsInitializer(_ end: Int) -> Bool {
        var depth = 0
        var last: UInt8 = 0
        for byte in text.bytes[end..<min(end + 400, text.bytes.count)] where byte > UInt8(ascii: " ") {
            switch byte {
            case UInt8(ascii: "{"): return last == UInt8(ascii: "=") || depth < 0
            case UInt8(ascii: ";"), UInt8(ascii: "}"): return false
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth < 0, last != 0, last != UInt8(ascii: "]") { return false }
            default: if depth < 0 { return false }
            }
            last = byte
        }
        return false
    }
}
