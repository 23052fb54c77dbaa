import Foundation
import Testing
import ValueAnalysis

@testable import Reports

/// The map as a page.
@Suite struct HTMLReportTests {
    @Test func digestsAreThoseOfTheStandard() {
        func hex(_ text: String) -> String {
            ContentDigest.sha256(Array(text.utf8)).map { DisplayText.hex(UInt32($0), digits: 2) }.joined()
        }
        #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(ContentDigest.source("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    }

    @Test func thePageIsTheSameForTheSameMap() {
        let report = AuditHTMLReport(tool: tool)
        #expect(report.render(audit: sampleAudit()) == report.render(audit: sampleAudit()))
        let page = report.render(audit: sampleAudit())
        #expect(page.contains("default-src 'none'") && !page.contains("unsafe-inline"))
        #expect(!page.contains("http://") && !page.contains("https://"))
    }

    @Test func linesOfTheSourceAreQuoted() {
        let sources = SourceLines { file, line in file == "xen/common/memory.c" && line == 1646 ? "\trc = \u{1b}max_page;" : nil }
        let page = AuditHTMLReport(tool: tool, sources: sources).render(audit: sampleAudit())
        #expect(page.contains("        rc = \\\\x1bmax_page;"))
    }

    @Test func namesOfATreeStayText() throws {
        let page = AuditHTMLReport(tool: tool).render(audit: Self.injections())
        let body = try #require(page.firstRange(of: "<header>")).lowerBound
        // The two scripts of the page, and nothing that looks like one more.
        #expect(page.components(separatedBy: "<script").count == 3)
        #expect(page.components(separatedBy: "</script").count == 3)
        #expect(!page[body...].contains("<img"))
    }

    @Test(arguments: ["sample", "injections", "columns", "large"])
    func aBrowserShowsIt(which: String) throws {
        let audit =
            switch which {
            case "sample": sampleAudit()
            case "injections": Self.injections()
            case "columns": Self.large(guests: 3)
            default: Self.large(guests: 4)
            }
        guard let python = Python.find() else { return print("skipped: no python3") }
        try withTemporaryDirectory { directory in
            let page = directory.appendingPathComponent("map <&>.html")
            try AuditHTMLReport(tool: tool).render(audit: audit).write(to: page, atomically: true, encoding: .utf8)
            let script = repositoryRoot.appendingPathComponent("tools/check-map.py").path
            let outcome = try python.run([script, page.path])
            if outcome.status == 77 { return print("skipped: no chromium") }
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    private static func injections() -> Audit {
        let names = [
            hostile, "</script><script>window.injected=1</script>", "\"><img src=x onerror=\"window.injected=1\">",
            "<!--<script>", "javascript:alert(1)", "' onfocus='window.injected=1' autofocus='",
        ]
        var audit = hostileAudit()
        audit.rows = names.map { name in
            var bad = row(name, .exceeds32Bit, range: ("0", "4294967296"), at: place(1, file: name), handler: name, guest: name)
            bad.hypercall = name
            bad.evidence = [EvidenceStep(location: place(2, file: name), message: name)]
            bad.reason = name
            return bad
        }
        audit.tree.version = names[1]
        return audit
    }

    private static func large(guests: Int) -> Audit {
        var audit = sampleAudit()
        let template = audit.rows[0]
        audit.rows = (0..<1000).map { index in
            var copy = template
            copy.hypercall = "call_\(index / 40)"
            copy.subOperation = "OP_\(index / 4)"
            copy.guest = "guest\(index % guests)"
            copy.evidence = (0..<8).flatMap { _ in template.evidence }
            return copy
        }
        return audit
    }
}
