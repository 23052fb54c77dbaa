import Foundation
import Lowering
import Rules

/// The text of a build's C files, and of what lies beside them and below their include paths. Read once, to be searched
/// for words; comments and strings are blank.
final class TreeText: Sendable {
    struct File: Sendable {
        var path: String
        var shownPath: String
        /// In `bytes`.
        var range: Range<Int>
        /// The units that are made of it; empty for what is only included.
        var units: [String]
    }

    let bytes: [UInt8]
    /// By path.
    let files: [File]
    /// False: there is more than is read.
    let isWhole: Bool
    /// Macros with parameters.
    let macros: Set<String>
    /// Which words a file may have.
    private let words: [WordFilter]

    private static let sizeLimit = 96 << 20
    private static let fileLimit = 8 << 20
    private static let extensions: Set<String> = ["c", "h", "inc"]

    init(units: [String: UnitRecipe], displayPath: (String) -> String) {
        var unitsByPath: [String: [String]] = [:]
        for (name, recipe) in units { unitsByPath[Self.canonical(recipe.path) ?? recipe.path, default: []].append(name) }
        let paths = Set(unitsByPath.keys).union(Self.paths(besides: Array(unitsByPath.keys), of: units))
        var bytes: [UInt8] = []
        var files: [File] = []
        var isWhole = true
        for path in paths.sorted() {
            guard let content = FileContent.read(path, limit: Self.fileLimit), bytes.count + content.count < Self.sizeLimit
            else {
                isWhole = false
                continue
            }
            let start = bytes.count
            bytes += Self.withoutComments(content)
            files.append(
                File(
                    path: path, shownPath: displayPath(path), range: start..<bytes.count,
                    units: unitsByPath[path, default: []].sorted()))
            bytes.append(UInt8(ascii: "\n"))
        }
        var macros: Set<String> = []
        words = files.map { WordFilter(bytes, $0.range, &macros) }
        self.macros = macros
        self.bytes = bytes
        self.files = files
        self.isWhole = isWhole
    }

    /// With a space for each byte of a comment or a string, so that positions stay; lines stay too.
    private static func withoutComments(_ content: Data) -> [UInt8] {
        var bytes = [UInt8](content)
        let scanner = CommentScanner(bytes)
        let strings = scanner.literals.filter { !isFileName($0, bytes) }
        for range in scanner.comments.map(\.range) + strings {
            for index in range where bytes[index] != UInt8(ascii: "\n") { bytes[index] = UInt8(ascii: " ") }
        }
        return bytes
    }

    /// Whether a string is that of an `#include`.
    private static func isFileName(_ literal: Range<Int>, _ bytes: [UInt8]) -> Bool {
        let before = bytes[max(0, literal.lowerBound - 64)..<literal.lowerBound]
        let line = String(decoding: before[(before.lastIndex(of: UInt8(ascii: "\n")) ?? before.startIndex)...], as: UTF8.self)
        return line.contains("#") && line.contains("include")
    }

    /// The file that has a position.
    func file(at position: Int) -> Int {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = (low + high) / 2
            if files[middle].range.upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where a word begins, each time it stands by itself.
    func places(of word: String) -> [Int] {
        let wanted = Array(word.utf8)
        guard let last = wanted.last else { return [] }
        let hash = WordFilter.hash(wanted[...])
        return bytes.withUnsafeBufferPointer { text in
            var found: [Int] = []
            for (file, filter) in zip(files, words) where filter.mayContain(hash) {
                var end = file.range.lowerBound + wanted.count - 1
                while end < file.range.upperBound {
                    defer { end += 1 }
                    let start = end - wanted.count + 1
                    guard text[end] == last, start == file.range.lowerBound || !text[start - 1].isWordPart,
                        end + 1 == file.range.upperBound || !text[end + 1].isWordPart,
                        wanted.indices.allSatisfy({ text[start + $0] == wanted[$0] })
                    else { continue }
                    found.append(start)
                }
            }
            return found
        }
    }

    // MARK: Which files

    /// The sources and headers that lie beside those of the units and below their include paths.
    static func paths(besides sources: [String], of units: [String: UnitRecipe]) -> Set<String> {
        var paths: Set<String> = []
        for directory in Set(sources.map(parent)) { paths.formUnion(self.sources(in: directory)) }
        for directory in includePaths(of: Array(units.values)) { paths.formUnion(self.sources(below: directory)) }
        return paths
    }

    private static func includePaths(of recipes: [UnitRecipe]) -> Set<String> {
        var paths: Set<String> = []
        for recipe in recipes {
            var flags = recipe.flags[...]
            while let flag = flags.popFirst() {
                switch flag {
                case "-iquote", "-isystem", "-idirafter", "-I": if let path = flags.popFirst() { paths.insert(path) }
                default: if flag.hasPrefix("-I") { paths.insert(String(flag.dropFirst(2))) }
                }
            }
        }
        return Set(paths.compactMap(canonical))
    }

    private static func sources(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter(isSource).compactMap { canonical("\(directory)/\($0)") }
    }

    private static func sources(below directory: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: directory) else { return [] }
        var found: [String] = []
        for case let name as String in walk where isSource(name) {
            if let path = canonical("\(directory)/\(name)") { found.append(path) }
        }
        return found
    }

    private static func isSource(_ name: String) -> Bool { extensions.contains((name as NSString).pathExtension) }

    private static func parent(_ path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    private static func canonical(_ path: String) -> String? {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }
}
