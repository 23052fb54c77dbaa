import Testing
import ValueAnalysis

@testable import Rules

@Suite struct ConditionTests {
    private func holds(_ when: String, _ row: AuditRow) throws -> Bool {
        let pack = try pack(rule: ruleText(when: when))
        let subject = ConditionSubject(row: row, architecture: "arm64", guest: pack.guest(named: row.guest))
        return pack.rules[0].condition.holds(for: subject)
    }

    @Test func texts() throws {
        let row = row(handler: "compat_sample_op", subOperation: "SAMPLE_x", guest: "small")
        #expect(try holds("{handler: 'compat_*'}", row))
        #expect(try !holds("{handler: ['do_*', '?ompat']}", row))
        #expect(try holds("{handler: ['do_*', '?ompat_sample_op']}", row))
        #expect(try holds("{subOperation: SAMPLE_x, hypercall: sample_op, returnType: long}", row))
        #expect(try holds("{architecture: arm64, guest: small}", row))
        #expect(try !holds("{subOperation: '*'}", Self.withoutSubOperation))
        #expect(try holds("{hasSubOperation: false}", Self.withoutSubOperation))
    }

    private static let withoutSubOperation = row()

    @Test func ranges() throws {
        let row = row(range: ("-1", "4097"))
        #expect(try holds("{range: {maxAbove: 4096}}", row))
        #expect(try !holds("{range: {maxAbove: 4097}}", row))
        #expect(try holds("{range: {maxBelow: 0x1002, minBelow: 0, minAbove: -2}}", row))
        #expect(try holds("{range: {within: [INT_MIN, INT_MAX]}}", row))
        #expect(try !holds("{range: {within: [0, INT_MAX]}}", row))
    }

    /// Nothing is known of what does not return: no test of the range holds.
    @Test func noRange() throws {
        let row = row(range: nil)
        #expect(try !holds("{range: {within: [INT64_MIN, UINT64_MAX]}}", row))
        #expect(try holds("{not: {range: {within: [INT64_MIN, UINT64_MAX]}}}", row))
    }

    @Test func combinations() throws {
        let row = row(guest: "small", verdict: .unknown)
        #expect(try holds("{any: [{verdict: fits-int}, {verdict: unknown}], resultWidth: 32}", row))
        #expect(try !holds("{all: [{verdict: fits-int}, {verdict: unknown}]}", row))
        #expect(try !holds("{resultWidth: 64}", row))
        #expect(try !holds("{resultWidth: 32}", Self.withoutSubOperation))
        #expect(try holds("{narrowings: false}", row))
    }

    @Test(arguments: [
        ("*", "", true), ("", "", true), ("", "a", false), ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXbYY", false),
        ("?", "", false), ("a?c", "abc", true), ("*a", "bba", true), ("*a*", "bab", true),
        ("*a*a*a*a*a*a*a*a*b", String(repeating: "a", count: 2000), false),
    ])
    func wildcards(pattern: String, text: String, expected: Bool) {
        #expect(WildcardPattern(pattern).matches(text) == expected)
    }
}
