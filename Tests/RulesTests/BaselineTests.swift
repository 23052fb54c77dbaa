import Foundation
import Testing
import ValueAnalysis

@testable import Rules

@Suite struct BaselineTests {
    private let engine: RuleEngine

    init() throws { engine = RuleEngine(pack: try RulePack.load(directory: bundledRules)) }

    private func findings(_ rows: AuditRow...) -> [Finding] { engine.findings(for: audit(rows)) }

    private func compare(_ baseline: Baseline, _ findings: [Finding], guests: Set<String> = ["arm32"]) -> Baseline.Comparison {
        baseline.compared(
            with: findings, architecture: "arm64", rules: ["return-exceeds-32-bit", "return-errno-ambiguous"],
            guests: guests)
    }

    @Test func newUnchangedAndFixed() {
        let before = findings(row(subOperation: "A", line: 10), row(subOperation: "B", line: 20))
        let after = findings(row(subOperation: "B", line: 70), row(subOperation: "C", line: 90))
        let compared = compare(Baseline(findings: before, architecture: "arm64"), after)
        #expect(compared.findings.map(\.baselineState) == [.unchanged, .new])
        #expect(compared.findings.map(\.isReported) == [false, true])
        #expect(compared.fixed.map(\.fingerprint) == [before[0].fingerprint])
    }

    /// Two alike in one function are two: when one is mended the other is not new.
    @Test func twoInOneFunction() {
        let before = findings(row(line: 10), row(line: 20))
        let compared = compare(Baseline(findings: before, architecture: "arm64"), findings(row(line: 20)))
        #expect(compared.findings.map(\.baselineState) == [.unchanged])
        #expect(compared.fixed.count == 1)
        let one = Baseline(findings: findings(row(line: 20)), architecture: "arm64")
        #expect(compare(one, before).findings.map(\.baselineState) == [.unchanged, .new])
    }

    /// A row's second value is a finding of its own: one that is known does not hide it.
    @Test func twoInOneRow() {
        var both = row(line: 10)
        both.furtherPaths = [
            ReturnPath(
                range: .init(min: "0", max: "18446744073709551615"),
                location: .init(file: "xen/sample.c", line: 20, column: 5),
                evidence: [.init(location: .init(file: "xen/sample.c", line: 20, column: 12), message: "global 'x'")])
        ]
        let known = Baseline(findings: findings(row(line: 10)), architecture: "arm64")
        let compared = compare(known, findings(both))
        #expect(compared.findings.map(\.baselineState) == [.unchanged, .new])
        #expect(compared.findings.map(\.location.line) == [10, 20])
        #expect(compare(Baseline(findings: findings(both), architecture: "arm64"), findings(row(line: 10))).fixed.count == 1)
        // Where both are at one place their order is that of the paths.
        both.furtherPaths[0].location = both.location
        for _ in 0..<20 { #expect(findings(both).map(\.evidence.first?.location.line) == [9, 20]) }
    }

    /// What was not looked for is not fixed.
    @Test func fixedOnlyWhereThatIsKnown() {
        let known = Baseline(findings: findings(row(subOperation: "A")), architecture: "arm64")
        #expect(compare(known, []).fixed.count == 1)
        #expect(compare(known, [], guests: ["pv32"]).fixed.isEmpty)
        #expect(known.compared(with: [], architecture: "arm64", rules: [], guests: ["arm32"]).fixed.isEmpty)
        #expect(known.compared(with: [], architecture: "x86_64", rules: ["return-exceeds-32-bit"], guests: ["arm32"]).fixed.isEmpty)
    }

    @Test func updateKeepsOtherArchitectures() {
        let arm = Baseline(findings: findings(row(subOperation: "A")), architecture: "arm64")
        let x86 = Baseline(findings: findings(row(subOperation: "B")), architecture: "x86_64")
        let both = arm.replacing("x86_64", with: x86)
        #expect(both.entries.map(\.architecture) == ["arm64", "x86_64"])
        #expect(both.replacing("arm64", with: Baseline()).entries == x86.entries)
    }

    @Test(arguments: [
        ("", "no baseline"), ("{", "no baseline"), ("[]", "wrong type"), ("{\"schemaVersion\": 1}", "'findings' is missing"),
        ("{\"schemaVersion\": 2, \"findings\": []}", "version 2 of the format is not supported"),
        ("{\"schemaVersion\": 1, \"findings\": [{\"rule\": 3}]}", "at .findings[0]"),
        ("\u{0}", "no baseline"),
    ])
    func brokenFiles(text: String, expected: String) {
        do {
            _ = try Baseline.decode(Data(text.utf8), file: "b.json")
            Issue.record("accepted: \(text)")
        } catch {
            #expect("\(error)".hasPrefix("b.json: error: "), "\(error)")
            #expect("\(error)".contains(expected), "\(error)")
            #expect("\(error)".hasSuffix("make a new one with `xenwidth baseline create`"))
        }
    }
}
