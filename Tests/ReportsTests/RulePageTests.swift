import Foundation
import Rules
import Testing

@testable import Reports

/// The rules as pages and on a terminal.
@Suite struct RulePageTests {
    /// `docs/rules/` is what `make docs` makes of `rules/` today.
    @Test func pagesAreFresh() throws {
        let directory = repositoryRoot.appendingPathComponent("docs/rules")
        let pages = RuleMarkdown(rules: try bundledPack().rules).pages
        let there = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".md") }
        #expect(there.sorted() == pages.map(\.name).sorted(), "run `make docs`")
        for page in pages {
            let file = directory.appendingPathComponent(page.name)
            #expect((try? String(contentsOf: file, encoding: .utf8)) == page.text, "\(page.name): run `make docs`")
        }
    }

    @Test func aPage() throws {
        let pages = RuleMarkdown(rules: try bundledPack().rules).pages
        let page = try #require(pages.first { $0.name == "return-exceeds-32-bit.md" }?.text)
        #expect(page.contains("\n# return-exceeds-32-bit\n"))
        #expect(page.contains("severity: error · on by default · [CWE-681]"))
        #expect(page.contains("\n### XENMEM_maximum_ram_page\n"))
        #expect(page.contains("saturated:\n\n    unsigned long max_page;\n"))
        #expect(!page.contains("\n\n\n") && page.hasSuffix("\n"))
    }

    /// What a rule's author wrote reaches a terminal without control characters.
    @Test func hostileRulesOnATerminal() throws {
        var rule = try #require(try bundledPack().rules.first { !$0.cases.isEmpty })
        rule.title = hostile
        rule.help = hostile
        rule.cases[0].history = hostile
        rule.triggering[0].title = hostile
        rule.triggering[0].code = hostile
        rule.references[0].title = hostile
        for text in [RuleTextReport().render(rule: rule), RuleListTextReport().render(rules: [rule])] {
            #expect(!text.unicodeScalars.contains { DisplayText.isHidden($0) && $0 != "\n" }, "\(text)")
        }
    }
}
