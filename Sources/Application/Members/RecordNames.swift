/// The words one of which a file has that initialises a record by its members' names: its tag, its typedefs, the structs that
/// it is a part of, and macros that mention these; and where the record is known at all.
struct RecordNames {
    private let text: TreeText
    private let record: String
    private static let maximumNames = 24
    private static let maximumLevels = 8
    /// Bytes of a declaration's braces that are looked through.
    private static let window = 1 << 16

    init(text: TreeText, record: String) {
        self.text = text
        self.record = record
    }

    /// The files with one of the names; nil: there are too many.
    var files: Set<Int>? {
        guard !record.contains(" ") else { return nil }
        var names = [record]
        var files: Set<Int> = []
        var index = 0
        while index < names.count {
            for place in text.places(of: names[index]) {
                files.insert(text.file(at: place))
                for name in around(place, length: names[index].utf8.count) where !names.contains(name) { names.append(name) }
            }
            guard names.count <= Self.maximumNames else { return nil }
            index += 1
        }
        return files
    }

    /// The sources that declare the record's members, if no header does: nobody else can store there.
    var definingFiles: Set<Int>? {
        var found: Set<Int> = []
        if let range = record.range(of: " at ") {
            let shown = record[range.upperBound...].prefix { $0 != ":" }
            found = Set(text.files.indices.filter { text.files[$0].shownPath == shown })
        } else {
            for place in text.places(of: record) {
                let isTag = text.byte(from: place + record.utf8.count).byte == UInt8(ascii: "{")
                if isTag || text.byte(before: place).byte == UInt8(ascii: "}") { found.insert(text.file(at: place)) }
            }
        }
        let isPrivate = !found.isEmpty && found.allSatisfy { !text.files[$0].units.isEmpty && !text.isIncluded($0) }
        return isPrivate ? found : nil
    }

    /// Other names for what is declared with the name at a place.
    private func around(_ place: Int, length: Int) -> [String] {
        if let macro = text.macro(around: place) { return [macro] }
        let (after, next) = text.byte(from: place + length)
        if next == UInt8(ascii: "{") { return enclosing(place) + following(brace: after) }
        guard next.isWordPart else { return [] }
        return enclosing(place) + (isTypedef(place) ? [word(from: after)] : [])
    }

    private func isTypedef(_ place: Int) -> Bool {
        var position = place - 1
        let end = max(0, place - 256)
        while position >= end, ![UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: "{")].contains(text.bytes[position]) {
            position -= 1
        }
        return word(from: text.byte(from: position + 1).position) == "typedef"
    }

    /// The structs and unions that a member declared at a place is in.
    private func enclosing(_ place: Int) -> [String] {
        var names: [String] = []
        var position = place
        for _ in 0..<Self.maximumLevels {
            guard let brace = openBrace(before: position) else { break }
            let (last, byte) = text.byte(before: brace)
            guard byte.isWordPart else { break }
            let tag = word(endingAt: last)
            let isAnonymous = tag == "struct" || tag == "union"
            let keyword = isAnonymous ? tag : word(endingAt: text.byte(before: last - tag.utf8.count + 1).position)
            guard keyword == "struct" || keyword == "union" else { break }
            if !isAnonymous { names.append(tag) }
            names += following(brace: brace)
            position = brace
        }
        return names
    }

    private func openBrace(before place: Int) -> Int? {
        var depth = 0
        var position = place - 1
        let end = max(0, place - Self.window)
        while position >= end {
            switch text.bytes[position] {
            case UInt8(ascii: "}"): depth += 1
            case UInt8(ascii: "{"):
                if depth == 0 { return position }
                depth -= 1
            default: break
            }
            position -= 1
        }
        return nil
    }

    /// What is declared after a struct's closing brace.
    private func following(brace: Int) -> [String] {
        var depth = 0
        for position in brace..<min(brace + Self.window, text.bytes.count) {
            if text.bytes[position] == UInt8(ascii: "{") { depth += 1 }
            guard text.bytes[position] == UInt8(ascii: "}") else { continue }
            depth -= 1
            guard depth == 0 else { continue }
            let name = word(from: text.byte(from: position + 1).position)
            return name.isEmpty ? [] : [name]
        }
        return []
    }

    private func word(from start: Int) -> String {
        guard start < text.bytes.count else { return "" }
        return String(decoding: text.bytes[start...].prefix(64).prefix(while: \.isWordPart), as: UTF8.self)
    }

    private func word(endingAt last: Int) -> String {
        guard last >= 0, text.bytes[last].isWordPart else { return "" }
        var start = last
        while start > 0, last - start < 64, text.bytes[start - 1].isWordPart { start -= 1 }
        return String(decoding: text.bytes[start...last], as: UTF8.self)
    }
}
