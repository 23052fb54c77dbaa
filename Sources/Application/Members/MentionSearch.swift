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
    private static let maximumWords = 16
    private static let maximumFiles = 400

    init(text: TreeText, member: String, record: String) {
        self.text = text
        self.member = member
        self.record = record
    }

    var mentions: MemberMentions? {
        guard text.isWhole else { return nil }
        var words = [member]
        var files: Set<Int> = []
        var index = 0
        while index < words.count {
            for place in text.places(of: words[index]) {
                if let macro = macro(around: place) {
                    if !words.contains(macro) { words.append(macro) }
                } else if index > 0 || mayStore(at: place) {
                    files.insert(text.file(at: place))
                }
            }
            guard words.count <= Self.maximumWords, files.count <= Self.maximumFiles else { return nil }
            index += 1
        }
        files.formUnion(initializingFiles)
        return MemberMentions(units: units(of: files).sorted(), words: words)
    }

    // MARK: One place

    /// Whether the member's name may be there to be written, or to be handed to a macro that may do that.
    private func mayStore(at place: Int) -> Bool {
        let (before, previous) = byte(before: place)
        var (after, next) = byte(from: place + member.utf8.count)
        let isAccess = previous == UInt8(ascii: ".")
            || previous == UInt8(ascii: ">") && before > 0 && text.bytes[before - 1] == UInt8(ascii: "-")
        // A call, or a function of that name.
        if next == UInt8(ascii: "(") { return false }
        guard isAccess else {
            // GNU's old designators.
            let isDesignator = next == UInt8(ascii: ":") && [UInt8(ascii: "{"), UInt8(ascii: ",")].contains(previous)
            return isDesignator || isMacroArgument(place)
        }
        if isAddressed(before) || isMacroArgument(place) { return true }
        while next == UInt8(ascii: ")") { (after, next) = byte(from: after + 1) }
        let second = byte(from: after + 1).byte
        switch next {
        case UInt8(ascii: "="): return second != next
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return second == next
        default: return false
        }
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
            case UInt8(ascii: "}") where depth == 0 && lineStart(position) == position: return false
            default: break
            }
            position -= 1
        }
        return false
    }

    private func isMacro(before parenthesis: Int) -> Bool {
        let (end, last) = byte(before: parenthesis)
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
        let (first, last) = byte(before: position + 1)
        switch last {
        case UInt8(ascii: "&"): return first == 0 || text.bytes[first - 1] != UInt8(ascii: "&")
        case UInt8(ascii: ")"), UInt8(ascii: "]"): return true
        default: return false
        }
    }

    private func byte(before place: Int) -> (position: Int, byte: UInt8) {
        var position = place - 1
        while position >= 0, text.bytes[position] <= UInt8(ascii: " ") { position -= 1 }
        return (position, position >= 0 ? text.bytes[position] : 0)
    }

    private func byte(from place: Int) -> (position: Int, byte: UInt8) {
        var position = place
        while position < text.bytes.count, text.bytes[position] <= UInt8(ascii: " ") { position += 1 }
        return (position, position < text.bytes.count ? text.bytes[position] : 0)
    }

    /// The macro in whose definition a place is.
    private func macro(around place: Int) -> String? {
        var start = lineStart(place)
        while start > 1, text.bytes[start - 2] == UInt8(ascii: "\\") { start = lineStart(start - 1) }
        var words = text.bytes[start..<place].prefix { $0 != UInt8(ascii: "\n") }.drop { $0 == 0x20 || $0 == 0x09 }
        guard words.popFirst() == UInt8(ascii: "#") else { return nil }
        words = words.drop { $0 == 0x20 || $0 == 0x09 }
        guard words.starts(with: "define".utf8) else { return nil }
        let name = words.dropFirst(6).drop { $0 == 0x20 || $0 == 0x09 }.prefix(while: \.isWordPart)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private func lineStart(_ place: Int) -> Int {
        var position = place
        while position > 0, text.bytes[position - 1] != UInt8(ascii: "\n") { position -= 1 }
        return position
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

    // MARK: Units

    private func units(of files: Set<Int>) -> Set<String> {
        var units = Set(files.flatMap { text.files[$0].units })
        for header in files.sorted() where text.files[header].units.isEmpty {
            units.formUnion(includingUnit(of: header, among: units))
        }
        return units
    }

    /// The units of one source that includes a file, directly if there is one; one that is read anyway is best.
    private func includingUnit(of header: Int, among known: Set<String>) -> [String] {
        var seen: Set<Int> = [header]
        var level = [header]
        for _ in 0..<8 {
            let next = Set(level.flatMap(includers)).subtracting(seen).sorted()
            let sources = next.filter { !text.files[$0].units.isEmpty }
            if let best = sources.first(where: { !known.isDisjoint(with: text.files[$0].units) }) ?? sources.first {
                return Array(text.files[best].units.prefix(1))
            }
            if next.isEmpty { return [] }
            seen.formUnion(next)
            level = next
        }
        return []
    }

    /// The files with an `#include` of a file's name.
    private func includers(of file: Int) -> [Int] {
        let path = text.files[file].path
        let name = Array(path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst().utf8)
        let word = name.prefix(while: \.isWordPart)
        return text.places(of: String(decoding: word, as: UTF8.self)).compactMap { place in
            let end = place + name.count
            guard end < text.bytes.count, [UInt8(ascii: "\""), UInt8(ascii: ">")].contains(text.bytes[end]),
                text.bytes[place..<end].elementsEqual(name)
            else { return nil }
            let start = lineStart(place)
            let line = String(decoding: text.bytes[start..<end], as: UTF8.self)
            guard line.contains("#"), line.contains("include"), let open = line.lastIndex(where: { $0 == "\"" || $0 == "<" })
            else { return nil }
            var included = line[line.index(after: open)...]
            while included.hasPrefix("../") { included = included.dropFirst(3) }
            return path.hasSuffix("/" + included) ? text.file(at: place) : nil
        }
    }
}
