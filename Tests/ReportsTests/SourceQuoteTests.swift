import ProgramModel
import Testing

@testable import Reports

/// Lines of the source under the steps of a finding.
@Suite struct SourceQuoteTests {
    private func quote(_ line: String, column: Int, width: Int? = nil) -> [String] {
        SourceQuote(style: TextStyle(isColoured: false), width: width)
            .lines(at: SourceLocation(file: "a.c", line: 12, column: column), sources: SourceLines { _, _ in line })
    }

    @Test func theMarkStandsUnderThePlace() {
        #expect(quote("    rc = max_page;", column: 5) == ["   12 |     rc = max_page;", "      |     ^"])
        #expect(quote("\trc = 1;", column: 2) == ["   12 |         rc = 1;", "      |         ^"])
        #expect(quote("é = 1;", column: 4) == ["   12 | é = 1;", "      |   ^"])
    }

    @Test func whatCannotBeShownIsLeftOut() {
        #expect(quote("", column: 1).isEmpty)
        #expect(quote("   ", column: 1).isEmpty)
        #expect(quote("rc;", column: 99) == ["   12 | rc;"])
        #expect(quote("a\u{1b}[31m", column: 1)[0] == "   12 | a\\x1b[31m")
        let long = String(repeating: "x", count: 5000)
        #expect(quote(long, column: 3)[0].count < 300)
        #expect(quote(long, column: 3, width: 80).allSatisfy { $0.count <= 80 })
    }
}
