import Foundation
import Rules
import Testing

@testable import Reports

/// Findings that are suppressed, known or fixed, in each format.
@Suite struct FindingStateTests {
    private func findings() throws -> [Finding] {
        var findings = try sampleFindings()
        findings[0].suppressions = [
            Suppression(
                location: place(89, 5, file: "xen/common/argo.c"), rules: [findings[0].ruleID], reason: "known {0}",
                lines: 89...90)
        ]
        for index in findings.indices { findings[index].baselineState = index == 1 ? .unchanged : .new }
        return findings
    }

    private let fixed = [
        Baseline.Entry(
            fingerprint: String(repeating: "0", count: 32), rule: "return-exceeds-32-bit", architecture: "arm64",
            guests: ["arm32"], file: "xen/gone.c", message: "do_gone\u{1b} can return 1")
    ]

    @Test func text() throws {
        let all = try findings()
        let text = LintTextReport().render(findings: all, audit: sampleAudit(), fixed: fixed)
        #expect(!text.contains("[\(all[0].ruleID)]\n") || all[2...].contains { $0.ruleID == all[0].ruleID })
        #expect(text.contains("fixed since the baseline: xen/gone.c: do_gone\\x1b can return 1 [return-exceeds-32-bit]\n"), "\(text)")
        #expect(text.contains("(1 suppressed, 1 known to the baseline, 1 fixed)\n"), "\(text)")
    }

    @Test func sarif() throws {
        let log = SARIFReport(tool: tool).render(
            findings: try findings(), audit: sampleAudit(), rules: try bundledPack().rules, fixed: fixed)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any])
        let results = try #require((object["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
        #expect(results.map { $0["baselineState"] as? String } == ["new", "unchanged"] + results.dropFirst(3).map { _ in "new" } + ["absent"])
        let suppression = try #require((results[0]["suppressions"] as? [[String: Any]])?.first)
        #expect(suppression["kind"] as? String == "inSource")
        #expect(suppression["justification"] as? String == "known {0}")
        #expect(results[1]["suppressions"] == nil)
    }

    /// A baseline that was written is the same when it is read again, whatever names a tree chose.
    @Test func baselineRoundTrip() throws {
        let hostileFindings = RuleEngine(pack: try bundledPack()).findings(for: hostileAudit())
        let baseline = Baseline(findings: try sampleFindings() + hostileFindings, architecture: "arm64")
        let json = BaselineReport().json(baseline)
        let read = try Baseline.decode(Data(json.utf8), file: "b")
        #expect(Set(read.entries) == Set(baseline.entries))
        #expect(BaselineReport().json(read) == json)
        #expect(!BaselineReport().text(baseline).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func schemas() throws {
        guard let python = Python.with(module: "jsonschema") else { return }
        let lint = LintJSONReport(tool: tool).render(findings: try findings(), audit: sampleAudit(), fixed: fixed)
        let baseline = BaselineReport().json(Baseline(findings: try sampleFindings(), architecture: "arm64"))
        let log = SARIFReport(tool: tool).render(
            findings: try findings(), audit: sampleAudit(), rules: try bundledPack().rules, fixed: fixed)
        let shared = repositoryRoot.appendingPathComponent("../shared/data/sarif-schema-2.1.0.json").standardizedFileURL
        let docs = repositoryRoot.appendingPathComponent("docs")
        let pairs = [
            (docs.appendingPathComponent("lint.schema.json"), lint),
            (docs.appendingPathComponent("baseline.schema.json"), baseline), (shared, log),
        ]
        try withTemporaryDirectory { directory in
            for (schema, text) in pairs where FileManager.default.fileExists(atPath: schema.path) {
                let file = directory.appendingPathComponent("instance.json")
                try text.write(to: file, atomically: true, encoding: .utf8)
                let outcome = try python.run(["-c", SchemaTests.validator, schema.path, file.path])
                #expect(outcome.status == 0 && outcome.output.isEmpty, "\(schema.lastPathComponent): \(outcome.output)")
            }
        }
    }
}
