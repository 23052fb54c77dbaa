import Foundation
import ProgramModel
import ValueAnalysis

/// What the comment before a function in `fixtures/cases` says of it; the format is in that directory's README.
struct WrittenCase {
    struct Row {
        var label: String?
        var verdict: Verdict
        var range: (min: Int128, max: Int128)?
        var isExact: Bool
    }

    var name: String
    var guest = "arm32"
    var target = "lp64"
    var rows: [Row] = []
    /// Of functions that run later; the label is the function's name, nil where that is not known.
    var laterRows: [Row] = []
    var narrowings: [String] = []
    var forbidsNarrowings = false

    var function: String { "case_\(name)" }
}

struct CaseFile {
    let url: URL
    let text: String
    let cases: [WrittenCase]

    static let directory = repositoryRoot.appendingPathComponent("fixtures/cases")

    static var all: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".c") }.sorted()
    }

    init(named name: String) throws {
        url = Self.directory.appendingPathComponent(name)
        text = try String(contentsOf: url, encoding: .utf8)
        var cases: [WrittenCase] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("/* case:") {
                cases.append(WrittenCase(name: Self.value(line, "/* case:")))
                isInside = true
            } else if isInside, line.contains("*/") {
                isInside = false
            } else if isInside {
                try Self.read(line, into: &cases[cases.count - 1])
            }
        }
        self.cases = cases
    }

    private static func value(_ line: Substring, _ key: String) -> String {
        line.dropFirst(key.count).trimmingCharacters(in: .whitespaces)
    }

    private static func read(_ line: Substring, into one: inout WrittenCase) throws {
        let text = line.trimmingCharacters(in: CharacterSet(charactersIn: " *"))
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        switch text[..<colon] {
        case "guest": one.guest = value
        case "target": one.target = value
        case "row": one.rows.append(try row(value))
        case "later": one.laterRows.append(try row(value))
        case "narrowing": if value == "none" { one.forbidsNarrowings = true } else { one.narrowings.append(value) }
        default: break
        }
    }

    private static func row(_ text: String) throws -> WrittenCase.Row {
        let words = text.split(separator: " ")
        guard words.count >= 2, let verdict = Verdict(rawValue: String(words[1])) else { throw Malformed(text: text) }
        var range: (Int128, Int128)?
        if let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]") {
            let ends = text[text.index(after: open)..<close].components(separatedBy: "..")
            guard ends.count == 2, let low = Int128(ends[0]), let high = Int128(ends[1]) else { throw Malformed(text: text) }
            range = (low, high)
        }
        return WrittenCase.Row(
            label: words[0] == "-" ? nil : String(words[0]), verdict: verdict, range: range,
            isExact: text.contains("= ["))
    }

    struct Malformed: Error { var text: String }

    /// The line of code that has a text, counted from 1; nil unless there is exactly one.
    func line(of needle: String) -> Int? {
        let found = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().filter {
            $0.element.contains(needle) && !$0.element.hasPrefix(" *")
        }
        return found.count == 1 ? found[0].offset + 1 : nil
    }
}

let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
