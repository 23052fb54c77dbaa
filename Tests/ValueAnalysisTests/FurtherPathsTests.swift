import Foundation
import Testing
import ValueAnalysis

/// Values that a row's paths return besides the one that it shows.
@Suite struct FurtherPathsTests {
    private static let world = """
        extern unsigned long first, second, third, fourth, fifth, sixth;
        extern unsigned int small;

        """

    private static func row(_ body: String) throws -> AuditRow {
        try #require(try SingleUnit.rows(of: "x", in: world + "long case_x(unsigned long c) { \(body) }").first)
    }

    /// Of each path the names of the globals that it comes from, the row's own first.
    private static func sources(_ row: AuditRow) -> [String] {
        row.paths.map { path in
            let words = path.evidence.first?.message.split(separator: "'") ?? []
            return words.count > 1 ? String(words[1]) : ""
        }
    }

    @Test(arguments: [
        ("if (c) return first; return second;", ["first", "second"]),
        ("long rc; if (c) rc = first; else rc = second; return rc;", ["first", "second"]),
        ("long rc = 0; while (c--) rc = c & 1 ? first : second; return rc;", ["first", "second"]),
        // One source is one path, whatever ways it takes.
        ("if (c) return first; return 0;", ["first"]),
        ("long rc = first; if (c) rc = rc + 1; return rc;", ["first"]),
        // What fits is none, nor is what is less bad than the row.
        ("if (c) return second & 0xff; return first;", ["first"]),
        ("if (c) return small; return first;", ["first"]),
        ("long rc = second; if (rc < 0 || rc > 100) rc = 100; if (c) rc = first; return rc;", ["first"]),
        // A row that fits has none.
        ("long rc = c ? first : second; return rc < 0 || rc > 100 ? 100 : rc;", []),
        ("if (c == 1) return first; if (c == 2) return second; if (c == 3) return third; return fourth;",
            ["first", "second", "third", "fourth"]),
    ])
    func paths(body: String, expected: [String]) throws {
        let row = try Self.row(body)
        #expect((row.verdict == .fitsInt) == expected.isEmpty, "\(row)")
        if expected.isEmpty { #expect(row.furtherPaths.isEmpty) } else { #expect(Self.sources(row) == expected, "\(row)") }
    }

    @Test func endsAtTheReturn() throws {
        let row = try Self.row("long rc; if (c) rc = first; else rc = second; return rc;")
        for path in row.paths { #expect(path.evidence.last?.message.hasPrefix("returned by 'case_x'") == true, "\(path)") }
        #expect(row.furtherPaths.map(\.range.max) == ["9223372036854775807"])
    }

    /// Each cut belongs to the path that passes it.
    @Test func cuts() throws {
        let row = try Self.row("int rc; if (c) rc = first; else rc = second; return rc;")
        #expect(row.verdict == .exceeds32Bit)
        #expect(row.narrowings.count == 2)
        #expect(Self.sources(row) == ["first", "second"])
        #expect(row.paths.map(\.narrowings.count) == [1, 1], "\(row)")
        #expect(row.paths.map(\.range?.max) == ["18446744073709551615", "18446744073709551615"])
    }

    @Test func notMoreThanPeopleRead() throws {
        let row = try Self.row("""
            if (c == 1) return first; if (c == 2) return second; if (c == 3) return third;
            if (c == 4) return fourth; if (c == 5) return fifth; return sixth;
            """)
        #expect(row.furtherPaths.count == 4)
    }
}
