import Foundation
import Testing
import ValueAnalysis

@testable import Rules

@Suite struct SuppressionTests {
    private let pack: RulePack
    private let tags = [
        JustifiedTag(tag: "SAF-7-safe", rules: ["return-exceeds-32-bit"], text: "as documented"),
        JustifiedTag(tag: "SAF-8-safe", rules: ["return-exceeds-32-bit"], text: ""),
        JustifiedTag(tag: "SAF-9-safe", rules: [], text: "Next ID to be used"),
    ]

    init() throws { pack = try RulePack.load(directory: bundledRules) }

    private func scan(_ text: String) -> [Suppression] {
        SuppressionScanner(tags: tags).suppressions(in: Array(text.utf8), file: "xen/sample.c")
    }

    /// Comments, with the rules, the lines that they cover, and what is wrong with them.
    @Test(arguments: [
        ("x; /* xenwidth: allow(a) r */\ny;", ["a"], 1...1, nil),
        ("x; // xenwidth: allow(a, b) r\ny;", ["a", "b"], 1...1, nil),
        ("/* xenwidth: allow(a) r */\ny;\nz;", ["a"], 1...2, nil),
        ("/* xenwidth: allow(a) r */ y;\nz;", ["a"], 1...1, nil),
        ("/*\n * xenwidth: allow(a)\n * r\n */\n\n/* more */\ny;", ["a"], 1...7, nil),
        ("/* xenwidth: allow(a until 2026-01-31) r */\ny;", ["a"], 1...2, nil),
        ("/* xenwidth: allow(a until soon) r */\ny;", [], 1...2, "expected 'until YYYY-MM-DD', a day, as the last words in the parentheses"),
        ("/* xenwidth: allow(a until 2027-02-29) r */\ny;", [], 1...2, "expected 'until YYYY-MM-DD', a day, as the last words in the parentheses"),
        ("/* xenwidth: allow(a until 2028-02-29) r */\ny;", ["a"], 1...2, nil),
        ("/* xenwidth: allow(a) -- */\ny;", ["a"], 1...2, "the reason is missing after 'allow(a)'"),
        ("/* SAF-3-false-positive-xenwidth */\ny;", [], 1...2, "no database of justifications has an entry 'SAF-3-false-positive-xenwidth'"),
        ("/* xenwidth: allow(a) */\ny;", ["a"], 1...2, "the reason is missing after 'allow(a)'"),
        ("/* xenwidth: allow() r */\ny;", [], 1...2, "no rule is named in the parentheses"),
        ("/* xenwidth: allow a */\ny;", [], 1...2, "expected 'allow(rule) reason'"),
        ("// xenwidth: \\\nallow(a) r\ny;", ["a"], 1...3, nil),
        ("// xenwidth: allow(a) r \\\r\n and more\r\ny;\r\n", ["a"], 1...3, nil),
        ("x; // \\\n xenwidth: allow(a) r\ny;", ["a"], 1...2, nil),
        ("s = \"a\\\nb\"; /* xenwidth: allow(a) r */\ny;", ["a"], 2...2, nil),
        ("/* SAF-7-safe and why */\ny;", ["return-exceeds-32-bit"], 1...2, nil),
        ("/* SAF-8-safe */\ny;", ["return-exceeds-32-bit"], 1...2, "its entry has no text"),
        ("/* SAF-9-safe */\ny;", [], 1...2, "its entry names no rule"),
    ] as [(String, [String], ClosedRange<Int>, String?)])
    func comments(text: String, rules: [String], lines: ClosedRange<Int>, malformation: String?) throws {
        let found = scan(text)
        try #require(found.count == 1, "\(text)")
        #expect(found[0].rules == rules, "\(text)")
        #expect(found[0].lines == lines, "\(text)")
        #expect(found[0].malformation == malformation, "\(text)")
    }

    @Test(arguments: [
        "s = \"/* xenwidth: allow(a) r */\";", "c = '\"'; /* SAF-70-safe */", "/* not xenwidth: allow(a) r */",
        "s = \"a \\\n /* xenwidth: allow(a) r */ b\";", "s = \"a \\\r\n /* xenwidth: allow(a) r */ b\";", "/* SAF-7-safely */",
        "/* xenwidth */", "/* SAF-3-false-positive-eclair */", "/* not-xenwidth */", "", "/*", "\"", "'", "/", "\\", "/* \u{0} */",
    ])
    func noComments(text: String) { #expect(scan(text).isEmpty) }

    /// Literals that do not end, comments that do not end, bytes that are no text.
    @Test func brokenSourcesDoNoHarm() {
        #expect(scan("a = \"x\n/* xenwidth: allow(a) r */\ny;").count == 1)
        #expect(scan("/* xenwidth: allow(a) r").first?.malformation == nil)
        var bytes = Array("/* xenwidth: allow(a) r ".utf8) + [0xff, 0xfe, 0x80]
        bytes += Array(" */\ny;".utf8)
        #expect(SuppressionScanner(tags: []).suppressions(in: bytes, file: "f").count == 1)
        var random = SplitMix(state: 11)
        let pieces = ["/*", "*/", "//", "\"", "'", "\\", "\n", "xenwidth:", "allow(", ")", " until ", "a", "\u{0}"]
        for _ in 0..<2_000 {
            let text = (0..<20).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            for suppression in scan(text) { #expect(suppression.lines.lowerBound == suppression.location.line) }
        }
    }

    private func matched(_ text: String, _ findings: [Finding], isComplete: Bool = true) -> [Finding] {
        SuppressionMatching(pack: pack, architecture: "arm64", today: "2026-06-30").findings(
            findings, suppressions: scan(text), isComplete: isComplete)
    }

    private var finding: [Finding] { RuleEngine(pack: pack).findings(for: audit([row(line: 2)])) }

    @Test func suppressedFindingsStay() {
        let found = matched("/* xenwidth: allow(return-exceeds-32-bit) known */\nx;", finding)
        #expect(found.map(\.ruleID) == ["return-exceeds-32-bit"])
        #expect(found[0].suppressions.map(\.reason) == ["known"])
        #expect(!found[0].isReported)
    }

    @Test(arguments: [
        ("/* xenwidth: allow(return-exceeds-32-bit until 2026-06-30) r */", nil),
        ("/* xenwidth: allow(return-exceeds-32-bit until 2026-06-29) r */", "it ended with 2026-06-29"),
        ("/* xenwidth: allow(return-errno-ambiguous) r */", "there is no such finding here"),
        ("/* xenwidth: allow(return-exceeds-32-bits) r */", "there is no rule 'return-exceeds-32-bits'; did you mean 'return-exceeds-32-bit'?"),
        ("/* xenwidth: allow(return-exceeds-32-bit, qqq) r */", "there is no rule 'qqq'"),
        ("/* xenwidth: allow(return-exceeds-32-bit) */", "the reason is missing after 'allow(return-exceeds-32-bit)'"),
        ("/* xenwidth: */", "expected 'allow(rule) reason'"),
    ] as [(String, String?)])
    func uselessOnesAreNotes(comment: String, problem: String?) {
        let found = matched(comment + "\nx;", finding)
        let notes = found.filter { $0.ruleID == "unused-suppression" }
        #expect(notes.count == (problem == nil ? 0 : 1))
        if let problem { #expect(notes.first?.message.hasSuffix(problem) == true, "\(notes)") }
        #expect(found.first { $0.ruleID == "return-exceeds-32-bit" }?.isReported == (problem != nil))
    }

    /// Of several rules each has to be of use; a tag's entry is for many places.
    @Test func partsThatAreOfNoUse() {
        let found = matched("/* xenwidth: allow(return-exceeds-32-bit, return-errno-ambiguous) r */\nx;", finding)
        #expect(found.map(\.message).contains("suppression of return-errno-ambiguous has no effect: there is no such finding here"))
        #expect(found.first { $0.ruleID == "return-exceeds-32-bit" }?.isReported == false)
        let tag = JustifiedTag(tag: "SAF-7-safe", rules: ["return-exceeds-32-bit", "return-errno-ambiguous"], text: "t")
        let tagged = SuppressionScanner(tags: [tag]).suppressions(in: Array("/* SAF-7-safe */\nx;".utf8), file: "xen/sample.c")
        let justified = SuppressionMatching(pack: pack, architecture: "arm64", today: "2026-06-30").findings(
            finding, suppressions: tagged, isComplete: true)
        #expect(justified.map(\.ruleID) == ["return-exceeds-32-bit"])
    }

    /// A rule that did not run, or guest classes that were left out: the suppression may be needed.
    @Test func unusedOnlyWhereThatIsKnown() throws {
        let comment = "/* xenwidth: allow(could-return-int) r */\nx;"
        #expect(matched(comment, finding).count == 1)
        let other = "/* xenwidth: allow(return-errno-ambiguous) r */\nx;"
        #expect(matched(other, finding, isComplete: false).count == 1)
        #expect(matched(other, finding).count == 2)
    }
}
