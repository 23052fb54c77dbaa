import Application
import Foundation
import Rules
import Testing

/// The commands that look at the rule pack alone.
@Suite struct RulesCommandTests {
    private static let bundled = repositoryRoot.appendingPathComponent("rules").path

    /// The examples are the rules' tests: each runs through the whole pipeline.
    @Test func allExamplesAreAsTheyShouldBe() throws {
        let outcomes = try ExampleRun(pack: try RulePack.load(directory: Self.bundled)).outcomes(jobs: 2)
        #expect(outcomes.count >= 60)
        for outcome in outcomes {
            #expect(outcome.failure == nil, "\(outcome.example.location): \(outcome.example.title) \(outcome.failure ?? "")")
        }
    }

    /// An example that is wrong is found out.
    @Test func wrongExamplesAreReported() throws {
        try withTemporaryDirectory { directory in
            let pack = directory.appendingPathComponent("pack")
            try FileManager.default.copyItem(atPath: Self.bundled, toPath: pack.path)
            let file = pack.appendingPathComponent("findings/return-type-class.yml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing("int do_example(", with: "long do_example(")
                .replacing("return cmd ? -22 : 0;\n        }\n    - title: a prototype", with: "return }\n    - title: a prototype")
                .write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run(["rules", "test", "--only", "return-type-class,return-sign-ambiguous", "--rules", pack.path])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("findings/return-type-class.yml:27:7: error: example "), "\(outcome)")
            #expect(outcome.output.contains(" of 2 rules, "), "\(outcome)")
            #expect(outcome.output.contains("does not trigger the rule"), "\(outcome)")
            #expect(outcome.output.contains("does not compile: line "), "\(outcome)")
        }
    }

    @Test func listAndExplanation() throws {
        let list = try Program.run(["rules"])
        #expect(list.status == 0)
        #expect(list.output.contains("could-return-int          note     off  "), "\(list.output)")
        let explained = try Program.run(["explain", "return-exceeds-32-bit"])
        #expect(explained.status == 0)
        #expect(explained.output.hasPrefix("return-exceeds-32-bit: A 32-bit guest cannot see"))
        #expect(explained.output.contains("Known case: XENMEM_maximum_ram_page"))
        let unknown = try Program.run(["explain", "return-exceeds-32-bits"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean 'return-exceeds-32-bit'?"), "\(unknown.errors)")
    }
}
