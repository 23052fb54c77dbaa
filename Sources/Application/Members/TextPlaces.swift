/// What stands around a position of the text.
extension TreeText {
    func byte(before place: Int) -> (position: Int, byte: UInt8) {
        var position = place - 1
        while position >= 0, bytes[position] <= UInt8(ascii: " ") { position -= 1 }
        return (position, position >= 0 ? bytes[position] : 0)
    }

    func byte(from place: Int) -> (position: Int, byte: UInt8) {
        var position = place
        while position < bytes.count, bytes[position] <= UInt8(ascii: " ") { position += 1 }
        return (position, position < bytes.count ? bytes[position] : 0)
    }

    /// The macro in whose definition a place is.
    func macro(around place: Int) -> String? {
        guard let name = macroName(around: place) else { return nil }
        return String(decoding: bytes[name], as: UTF8.self)
    }

    /// Whether a word is a parameter of the macro in whose definition a place is: then it stands for something else there.
    func isParameter(_ word: String, ofMacroAround place: Int) -> Bool {
        guard let name = macroName(around: place), name.upperBound < bytes.count,
            bytes[name.upperBound] == UInt8(ascii: "("),
            let end = bytes[name.upperBound...].prefix(256).firstIndex(of: UInt8(ascii: ")"))
        else { return false }
        let parameters = bytes[(name.upperBound + 1)..<end].split { !$0.isWordPart }
        return parameters.contains { $0.elementsEqual(word.utf8) }
    }

    private func macroName(around place: Int) -> Range<Int>? {
        var start = lineStart(place)
        while start > 1, bytes[start - 2] == UInt8(ascii: "\\") { start = lineStart(start - 1) }
        var words = bytes[start..<place].prefix { $0 != UInt8(ascii: "\n") }.drop { $0 == 0x20 || $0 == 0x09 }
        guard words.popFirst() == UInt8(ascii: "#") else { return nil }
        words = words.drop { $0 == 0x20 || $0 == 0x09 }
        guard words.starts(with: "define".utf8) else { return nil }
        let name = words.dropFirst(6).drop { $0 == 0x20 || $0 == 0x09 }.prefix(while: \.isWordPart)
        return name.isEmpty ? nil : name.startIndex..<name.endIndex
    }

    /// The files that have a word, or a macro that stands for it, with all such words; nil: too many.
    ///
    /// - Parameters:
    ///   - counts: whether the word itself counts at a place outside of macros.
    ///   - standsFor: whether a macro stands for the word that is at a place in its definition.
    func mentions(
        of word: String, maximumWords: Int, maximumFiles: Int, counts: (Int) -> Bool = { _ in true },
        standsFor: (Int) -> Bool = { _ in true }
    ) -> (files: Set<Int>, words: [String])? {
        var words = [word]
        var files: Set<Int> = []
        var index = 0
        while index < words.count {
            for place in places(of: words[index]) {
                if let macro = macro(around: place) {
                    if !words.contains(macro), index > 0 || standsFor(place) { words.append(macro) }
                } else if index > 0 || counts(place) {
                    files.insert(file(at: place))
                }
            }
            guard words.count <= maximumWords, files.count <= maximumFiles else { return nil }
            index += 1
        }
        return (files, words)
    }

    func lineStart(_ place: Int) -> Int {
        var position = place
        while position > 0, bytes[position - 1] != UInt8(ascii: "\n") { position -= 1 }
        return position
    }

    /// The files with an `#include` of a file's name.
    func includers(of file: Int) -> [Int] {
        let path = files[file].path
        let name = Array(path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst().utf8)
        let word = name.prefix(while: \.isWordPart)
        return places(of: String(decoding: word, as: UTF8.self)).compactMap { place in
            let end = place + name.count
            guard end < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: ">")].contains(bytes[end]),
                bytes[place..<end].elementsEqual(name)
            else { return nil }
            let start = lineStart(place)
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            guard line.contains("#"), line.contains("include"), let open = line.lastIndex(where: { $0 == "\"" || $0 == "<" })
            else { return nil }
            var included = line[line.index(after: open)...]
            while included.hasPrefix("../") { included = included.dropFirst(3) }
            return path.hasSuffix("/" + included) ? self.file(at: place) : nil
        }
    }

    func isIncluded(_ file: Int) -> Bool { !includers(of: file).isEmpty }

    func units(of sources: Set<Int>) -> Set<String> {
        var units = Set(sources.flatMap { files[$0].units })
        for header in sources.sorted() where files[header].units.isEmpty {
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
            let sources = next.filter { !files[$0].units.isEmpty }
            if let best = sources.first(where: { !known.isDisjoint(with: files[$0].units) }) ?? sources.first {
                return Array(files[best].units.prefix(1))
            }
            if next.isEmpty { return [] }
            seen.formUnion(next)
            level = next
        }
        return []
    }
}
