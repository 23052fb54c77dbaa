import Foundation
import Testing

/// Where a SARIF log says that the pages of rules are.
@Suite struct RulePagesTests {
    private struct Log: Decodable {
        struct Run: Decodable { var tool: Tool }
        struct Tool: Decodable { var driver: Driver }
        struct Driver: Decodable { var rules: [Rule] }
        struct Rule: Decodable {
            struct Help: Decodable { var markdown: String }
            var id: String
            var helpUri: String?
            var help: Help
        }
        var runs: [Run]
    }

    private func rules(_ arguments: [String]) throws -> [Log.Rule] {
        let outcome = try Program.run(arguments + ["--format", "sarif"])
        try #require(outcome.status <= 1, "\(outcome.errors)")
        return try JSONDecoder().decode(Log.self, from: Data(outcome.output.utf8)).runs[0].tool.driver.rules
    }

    @Test func addressesOfPagesThatExist() throws {
        try MiniXen.withBuild { tree in
            let lint = ["lint", tree.root.path, "--quiet"]
            // Nobody said where they are: no link is better than a dead one, and the help is in the log.
            for rule in try rules(lint) {
                #expect(rule.helpUri == nil)
                #expect(!rule.help.markdown.isEmpty)
            }
            let base = "https://example.org/xenwidth/docs/rules"
            let named = try rules(lint + ["--help-uri", base + "/"])
            #expect(named.count >= 9)
            for rule in named {
                #expect(rule.helpUri == "\(base)/\(rule.id).md")
                let page = repositoryRoot.appendingPathComponent("docs/rules/\(rule.id).md")
                #expect(FileManager.default.fileExists(atPath: page.path))
            }
            try tree.write("helpUri: \(base)\n", to: ".xenwidth.yml")
            #expect(try rules(lint).map(\.helpUri) == named.map(\.helpUri))
            #expect(try rules(lint + ["--help-uri", "file:///docs"]).first?.helpUri?.hasPrefix("file:///docs/") == true)
            #expect(try Program.run(["config", "print", tree.root.path]).output.contains("helpUri: \"\(base)\""))

            let map = tree.file("map.json").path
            #expect(try Program.run(["audit", tree.root.path, "--format", "json", "-o", map]).status == 0)
            #expect(try rules(["merge", map, "--help-uri", base]).map(\.helpUri).contains("\(base)/return-exceeds-32-bit.md"))
        }
    }

    @Test(arguments: ["docs/rules", "javascript:alert(1)", "https://", "https://a/?b", "https://a/#b", "ftp://a/b", "https://a/\u{e9}"])
    func whatIsNoAddress(text: String) throws {
        let outcome = try Program.run(["lint", "/nowhere", "--help-uri", text])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("help-uri"), "\(outcome.errors)")
    }
}
