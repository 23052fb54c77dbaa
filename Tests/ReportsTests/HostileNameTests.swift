import Foundation
import Rules
import Testing

@testable import Reports

@Suite struct HostileNameTests {
    private func findings() throws -> [Finding] { RuleEngine(pack: try bundledPack()).findings(for: hostileAudit()) }

    private func expectClean(_ text: String, sourceComment: Comment) {
        let bad = text.unicodeScalars.filter { $0 != "\n" && DisplayText.isHidden($0) }
        #expect(bad.isEmpty, sourceComment)
    }

    @Test func textReports() throws {
        let lint = LintTextReport(options: TextOptions(width: 80)).render(findings: try findings(), audit: hostileAudit())
        expectClean(lint, sourceComment: "lint")
        #expect(lint.contains("a\\n\\x1b[31m\"<script>\\\\u{202e}\u{fffd}{0}'\\x9b\\x7f"))
        expectClean(AuditTextReport().render(audit: hostileAudit()), sourceComment: "audit")
        let entry = HandlerEntry(hypercall: hostile, guest: hostile, handler: hostile, location: nil, returnType: hostile)
        expectClean(HandlersTextReport().render(entries: [entry]), sourceComment: "handlers")
    }

    /// The text comes back as it was, and the file itself is clean.
    @Test func json() throws {
        let text = AuditJSONReport(tool: tool).render(audit: hostileAudit())
        expectClean(text, sourceComment: "json")
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let rows = try #require(object?["rows"] as? [[String: Any]])
        #expect(rows[0]["handler"] as? String == hostile)
        #expect((rows[0]["location"] as? [String: Any])?["file"] as? String == "dir \(hostile)/x:y%.c")
    }

    @Test func sarif() throws {
        let text = SARIFReport(tool: tool).render(findings: try findings(), audit: hostileAudit(), rules: try bundledPack().rules)
        expectClean(text, sourceComment: "sarif")
        #expect(text.contains("\"uri\": \"dir%20a%0A%1B%5B31m%22%3Cscript%3E%5C%E2%80%AE%EF%BF%BD%7B0%7D%27%C2%9B%7F/x%3Ay%25.c\""))
        #expect(!text.contains("\"startLine\": 0"))
        #expect(!text.contains("\"startColumn\": 0"))
        // Braces are placeholders in SARIF's messages.
        #expect(text.contains("{{0}}"))
    }

    @Test func links() {
        #expect(SARIFText.escaped("[a](b) {1}") == "[a\\](b) {{1}}")
    }
}
