import Testing
import ValueAnalysis

@testable import Rules

@Suite struct RuleEngineTests {
    private let engine: RuleEngine

    init() throws { engine = RuleEngine(pack: try RulePack.load(directory: bundledRules)) }

    private func findings(_ rows: AuditRow...) -> [Finding] { engine.findings(for: audit(rows)) }

    @Test func oneRuleForEachVerdict() {
        let expected: [(Verdict, String?)] = [
            (.fitsInt, nil), (.fitsUnsigned, "return-sign-ambiguous"), (.errnoAmbiguous, "return-errno-ambiguous"),
            (.exceeds32Bit, "return-exceeds-32-bit"), (.continuation, nil), (.registerRestore, nil),
            (.unknown, "analysis-incomplete"),
        ]
        for (verdict, rule) in expected {
            #expect(findings(row(verdict: verdict, reason: "r")).map(\.ruleID) == (rule.map { [$0] } ?? []))
        }
    }

    @Test func wideGuestsSeeAllBits() {
        #expect(findings(row(guest: "arm64")).isEmpty)
        #expect(findings(row(guest: "arm64", narrowings: [narrowing()])).map(\.ruleID) == ["narrowing-on-return-path"])
    }

    @Test func guestsOfOneCauseMerge() {
        let found = findings(row(guest: "pv32"), row(guest: "hvm32"), row(guest: "arm32"))
        #expect(found.count == 1)
        #expect(found.first?.guests == ["pv32", "hvm32", "arm32"])
        #expect(found.first?.message.contains("to pv32, hvm32, arm32; eax, r0 holds") == true)
    }

    @Test func operationsOfOneCauseMergeAndAreCapped() {
        let rows = (0..<6).map { row(subOperation: "SAMPLE_\($0)", range: ("0", String(1 << (33 + $0)))) }
        let found = engine.findings(for: audit(rows))
        #expect(found.count == 1)
        #expect(found[0].rows.count == 6)
        #expect(found[0].message.hasPrefix(
            "do_sample_op(SAMPLE_0), do_sample_op(SAMPLE_1), do_sample_op(SAMPLE_2), do_sample_op(SAMPLE_3) and 2 more"))
        #expect(found[0].message.contains("[0, 0x4000000000]"))
    }

    @Test func differentPlacesAndSourcesStayApart() {
        #expect(findings(row(line: 10), row(line: 20)).count == 2)
        var other = row(line: 10)
        other.evidence[0].location.line = 3
        #expect(findings(row(line: 10), other).count == 2)
    }

    @Test func rowsWithoutAPlaceDoNotMerge() {
        var a = row(handler: "do_a")
        var b = row(handler: "do_b")
        a.location = .unknown
        a.evidence = []
        b.location = .unknown
        b.evidence = []
        #expect(findings(a, b).count == 2)
    }

    /// The value is too wide for the guest whichever conversion cuts it: one finding, that shows the conversion.
    @Test func narrowingBehindAnExcessIsNotReportedTwice() {
        let cut = narrowing(to: "int", max: "18446744073709551615")
        let found = findings(row(narrowings: [cut]), row(handler: "do_other", guest: "arm64", line: 50, narrowings: [cut]))
        #expect(found.map(\.ruleID) == ["return-exceeds-32-bit"])
        #expect(found.first?.narrowings == [cut])
    }

    /// 32 bits could have carried the value: the smaller type is the cause.
    @Test func narrowingBelow32Bits() {
        let found = findings(row(range: ("0", "70000"), narrowings: [narrowing()]))
        #expect(found.map(\.ruleID) == ["narrowing-on-return-path"])
        #expect(found.first?.location == narrowing().location)
        #expect(found.first?.message
            == "[0, 70000] is cut from 'unsigned int' to 'unsigned short'; do_sample_op returns it to arm32")
    }

    @Test func sharedNarrowingIsOneFinding() {
        let found = findings(
            row(handler: "do_a", range: ("0", "70000"), line: 10, narrowings: [narrowing()]),
            row(handler: "do_b", range: ("0", "70000"), line: 99, narrowings: [narrowing(), narrowing(line: 8, to: "char")]))
        #expect(found.count == 2)
        #expect(found[0].handlers == ["do_a", "do_b"])
        #expect(found[1].handlers == ["do_b"])
    }

    @Test func orderIsByPlaceAndInputOrderDoesNotMatter() {
        let rows = [row(line: 30), row(handler: "do_b", line: 5), row(verdict: .unknown, line: 30, reason: "why")]
        let found = engine.findings(for: audit(rows))
        #expect(found.map(\.location.line) == [5, 30, 30])
        #expect(found.map(\.ruleID) == ["return-exceeds-32-bit", "analysis-incomplete", "return-exceeds-32-bit"])
        #expect(engine.findings(for: audit(rows)) == found)
        #expect(engine.findings(for: audit(rows.reversed())).map(\.fingerprint) == found.map(\.fingerprint))
    }

    @Test func fingerprintsIgnoreLinesAndNumbers() {
        let before = findings(row(subOperation: "S", line: 10, source: "'limit' at 12, up to 0xffff"))
        let after = findings(row(subOperation: "S", range: ("0", "9999999999"), line: 77, source: "'limit' at 3,  up to 7"))
        #expect(before[0].fingerprint == after[0].fingerprint)
        #expect(before[0].fingerprint.count == 32)
        let other = findings(row(subOperation: "S2", line: 10, source: "'limit' at 12, up to 0xffff"))
        #expect(before[0].fingerprint != other[0].fingerprint)
    }

    @Test func twoFindingsInOneFunctionDiffer() {
        let one = findings(row(line: 10))
        let two = findings(row(line: 10), row(line: 20))
        #expect(two[0].fingerprint == one[0].fingerprint)
        #expect(two[1].fingerprint != two[0].fingerprint)
    }

    @Test func fingerprintIsStableAcrossReleases() {
        #expect(Fingerprint.hash(["a", "b"]) == "a6d7b8a3225e0af0e90f69bd22e2c19b")
        #expect(Fingerprint.hash(["ab", ""]) != Fingerprint.hash(["a", "b"]))
        #expect(Fingerprint.normalised("line 12 of max_page2, u64 0xff") == "line # of max_page2, u64 #")
    }

    /// A rule of one's own: one YAML file, no Swift.
    @Test func anyHandlerAbove4096() throws {
        let text = ruleText(
            when: "{handler: 'do_*', range: {maxAbove: 4096}}", message: "{handler} returns up to {range.max}{{}}")
        let engine = RuleEngine(pack: try pack(rule: text))
        let found = engine.findings(for: audit([
            row(verdict: .fitsInt, range: ("0", "4096")), row(verdict: .fitsInt, range: ("0", "4097"), line: 20),
        ]))
        #expect(found.map(\.message) == ["do_sample_op returns up to 4097{}"])
    }

    /// What is substituted is data, not template.
    @Test func namesWithBracesAreNotExpanded() {
        let found = findings(row(handler: "{guest}", subOperation: "{range}\n\u{1b}[31m"))
        #expect(found[0].message.hasPrefix("{guest}({range}\n\u{1b}[31m) can return"))
    }

    @Test func disabledRulesAreSilent() throws {
        var pack = try RulePack.load(directory: bundledRules)
        for index in pack.rules.indices { pack.rules[index].isEnabled = false }
        #expect(RuleEngine(pack: pack).findings(for: audit([row()])).isEmpty)
    }

    @Test func shownRanges() {
        #expect(ValueRange(min: "-22", max: "0").shown == "[-22, 0]")
        #expect(ValueRange(min: "7", max: "7").shown == "7")
        #expect(ValueRange(min: "-9223372036854775808", max: "4294967296").shown == "[-0x8000000000000000, 0x100000000]")
        #expect(ValueRange(min: "x", max: "1").shown == "[x, 1]")
    }
}
