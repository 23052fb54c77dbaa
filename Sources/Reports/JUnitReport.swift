import ProgramModel
import Rules
import ValueAnalysis

/// The map as test results: a row is a test, and findings about it are its failures; so is a finding about no row. CI systems
/// without a view for findings have one for tests.
public struct JUnitReport: Sendable {
    private let tool: ToolIdentity

    public init(tool: ToolIdentity) { self.tool = tool }

    private struct RowKey: Hashable {
        var hypercall: String
        var handler: String
        var subOperation: String?
        var guest: String
    }

    /// The document, ending with a line break.
    public func render(findings: [Finding], audit: Audit) -> String {
        var byRow: [RowKey: [Finding]] = [:]
        for finding in findings {
            for row in finding.rows { byRow[key(row), default: []].append(finding) }
        }
        var lines: [String] = []
        var failures = 0
        var skipped = 0
        for row in audit.rows {
            let key = RowKey(
                hypercall: row.hypercall, handler: row.handler, subOperation: row.subOperation, guest: row.guest)
            let content = content(of: row, findings: byRow[key] ?? [], failures: &failures, skipped: &skipped)
            lines.append(testCase(row, content: content))
        }
        // What is about no row is a test of its own.
        let others = findings.filter(\.rows.isEmpty)
        for finding in others {
            let content = content(of: nil, findings: [finding], failures: &failures, skipped: &skipped)
            lines.append(testCase(finding, content: content))
        }
        let name = "\(tool.name) \(audit.tree.version) \(audit.tree.architecture)"
        let counts = "tests=\"\(lines.count)\" failures=\"\(failures)\" skipped=\"\(skipped)\" errors=\"0\""
        let head = "name=\"\(escaped(name))\" \(counts)"
        return (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites \(head)>", "  <testsuite \(head)>"] + lines
            + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
    }

    private func key(_ row: Finding.Row) -> RowKey {
        RowKey(hypercall: row.hypercall, handler: row.handler, subOperation: row.subOperation, guest: row.guest)
    }

    private func content(
        of row: AuditRow?, findings: [Finding], failures: inout Int, skipped: inout Int
    ) -> [String] {
        let serious = findings.filter { $0.severity != .note }
        guard serious.isEmpty else {
            failures += 1
            return serious.map { finding in
                let steps = finding.evidence.map { "\(DisplayText.place($0.location)): \(DisplayText.escaped($0.message))" }
                let text = ["\(DisplayText.place(finding.location)): \(DisplayText.escaped(finding.message))"] + steps
                return "      <failure type=\"\(escaped(finding.ruleID))\" message=\"\(escaped(finding.message))\">"
                    + text.map(markup).joined(separator: "\n") + "</failure>"
            }
        }
        if let row, row.verdict == .unknown {
            skipped += 1
            return ["      <skipped message=\"\(escaped(row.reason ?? "not decided"))\"/>"]
        }
        return findings.map { "      <system-out>\(escaped($0.message))</system-out>" }
    }

    private func testCase(_ row: AuditRow, content: [String]) -> String {
        let name = escaped("\(row.subOperation ?? "other paths"): \(row.verdict.rawValue)")
        return element(
            "classname=\"\(escaped("\(row.guest).\(row.handler)"))\" name=\"\(name)\"", at: row.location, content: content)
    }

    private func testCase(_ finding: Finding, content: [String]) -> String {
        let name = "\(finding.ruleID): \(finding.location.file):\(finding.location.line)"
        return element(
            "classname=\"\(escaped(finding.subject.rawValue))\" name=\"\(escaped(name))\"", at: finding.location,
            content: content)
    }

    private func element(_ attributes: String, at place: SourceLocation, content: [String]) -> String {
        var head = "    <testcase \(attributes)"
        if !place.file.isEmpty { head += " file=\"\(escaped(place.file))\" line=\"\(place.line)\"" }
        return content.isEmpty ? head + "/>" : ([head + ">"] + content + ["    </testcase>"]).joined(separator: "\n")
    }

    private func escaped(_ text: String) -> String { markup(DisplayText.escaped(text)) }

    /// Text without controls, which XML cannot carry, as character data or in a quoted attribute.
    private func markup(_ text: String) -> String { MarkupText.escaped(text) }
}

/// Text in XML and HTML.
enum MarkupText {
    /// Safe as character data and in attributes with either quote. Characters that XML forbids become U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
