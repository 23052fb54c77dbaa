import ProgramModel
import Testing
import ValueAnalysis

@testable import Rules

@Suite struct FixTests {
    private static let guardTemplate = FixTemplate(
        title: "check", kind: .returnGuard, guardText: "if ( {value} != (int){value} )\n    return -1;\n")
    private static let clamp = FixTemplate(title: "saturate", kind: .clamp, guardText: "")

    /// The text after the edit of the one finding at `mark`, which is taken out first; nil where none is suggested.
    private func edited(_ marked: String, _ template: FixTemplate, to: String = "unsigned short", min: String = "0") -> String? {
        let parts = marked.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        let line = parts[0].split(separator: "\n", omittingEmptySubsequences: false).count
        let column = (parts[0].split(separator: "\n", omittingEmptySubsequences: false).last?.utf8.count ?? 0) + 1
        let place = ProgramModel.SourceLocation(file: "xen/f.c", line: line, column: column)
        var row = row()
        row.evidence = [EvidenceStep(location: place, message: "returned")]
        if template.kind == .clamp {
            row.narrowings = [
                Narrowing(location: place, from: "long", to: to, range: ValueRange(min: min, max: "99999"), function: "f")
            ]
        }
        guard var finding = RuleEngine(pack: pack).findings(for: audit([row])).first else { return nil }
        finding.narrowings = row.narrowings
        let source = SourceText(file: "xen/f.c", bytes: Array(text.utf8))
        let fixes = FixBuilding { $0 == "xen/f.c" ? source : nil }.fixes(for: finding, templates: [template], rows: [row])
        guard let replacement = fixes.first?.replacements.first else { return nil }
        return Self.applied(replacement, to: text)
    }

    private let pack: RulePack

    init() throws { pack = try RulePack.load(directory: bundledRules) }

    private static func applied(_ edit: Fix.Replacement, to text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        let head = lines[edit.start.line - 1].prefix(edit.start.column - 1)
        let tail = lines[edit.endLine - 1].dropFirst(edit.endColumn - 1)
        lines[(edit.start.line - 1)...(edit.endLine - 1)] = [head + Array(edit.text.unicodeScalars) + tail]
        return lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    }

    @Test(arguments: [
        ("{\n    @return rc;\n}", "{\n    if ( rc != (int)rc )\n        return -1;\n\n    return rc;\n}"),
        ("{\n  if ( x )\n    @return rc;\n}",
         "{\n  if ( x )\n    {\n        long result = rc;\n\n        if ( result != (int)result )\n            return -1;\n        return result;\n    }\n}"),
        ("é; @return result +\n  f(1);",
         "é; {\n    long returned = result + f(1);\n\n    if ( returned != (int)returned )\n        return -1;\n    return returned;\n}"),
        ("x: @return (rc);",
         "x: {\n    long result = (rc);\n\n    if ( result != (int)result )\n        return -1;\n    return result;\n}"),
        ("@RETURN(rc);", nil), ("@returned = 1;", nil), ("@return;", nil), ("@return a", nil), ("@return ')';", nil),
        ("@return /* why */ a;", nil), ("@return ({ int x = 1; x; });", nil), ("@return a);", nil), ("a;\n@", nil),
        ("#define F(x) @return x \\\n + 1;", nil),
    ] as [(String, String?)])
    func guards(text: String, expected: String?) { #expect(edited(text, Self.guardTemplate) == expected) }

    @Test(arguments: [
        ("unsigned short done = @count;", "unsigned short done = count > 0xffff ? 0xffff : count;"),
        ("unsigned short @done = count;", "unsigned short done = count > 0xffff ? 0xffff : count;"),
        ("done = a->b.@c;", "done = a->b.c > 0xffff ? 0xffff : a->b.c;"),
        ("return @(unsigned short)count;", "return (unsigned short)(count > 0xffff ? 0xffff : count);"),
        ("@return (unsigned short)count;", "return (unsigned short)(count > 0xffff ? 0xffff : count);"),
        ("return (unsigned short)@count;", "return (unsigned short)(count > 0xffff ? 0xffff : count);"),
        ("f(a, @count, b);", "f(a, count > 0xffff ? 0xffff : count, b);"),
        ("f(@count);", "f(count > 0xffff ? 0xffff : count);"),
        ("x = @f(1);", "x = ({ long value = f(1); value > 0xffff ? 0xffff : value; });"),
        ("return @f(value, g(1));", "return ({ long wide = f(value, g(1)); wide > 0xffff ? 0xffff : wide; });"),
        ("h(@f(1));", nil), ("x = @f(1) + g(2);", nil), ("x = @f(1)(2);", nil), ("x = (short)@f(1);", nil), ("x += @f(1);", nil), ("x == @f(1);", nil),
        ("x = -@count;", nil), ("x = a @+ b;", nil), ("x = @a++;", nil), ("x += @a;", "x += a > 0xffff ? 0xffff : a;"),
        ("x = @a + b;", nil), ("x = *@p;", nil), ("x = b ? 1 : @a;", nil), ("x = @a[1];", nil), ("@MACRO(a);", nil),
    ] as [(String, String?)])
    func clamps(text: String, expected: String?) { #expect(edited(text, Self.clamp) == expected) }

    @Test(arguments: [
        ("int", "-1", "x = a > 0x7fffffff ? 0x7fffffff : a;"),
        ("signed char", "-200", "x = a < (-0x7f - 1) ? (-0x7f - 1) : a > 0x7f ? 0x7f : a;"),
        ("unsigned int", "-1", "x = a < 0 ? 0 : a > 0xffffffff ? 0xffffffff : a;"),
        ("uint8_t", "0", "x = a > 0xff ? 0xff : a;"), ("u16", "0", "x = a > 0xffff ? 0xffff : a;"),
        ("int16_t", "0", "x = a > 0x7fff ? 0x7fff : a;"), ("domid_t", "0", nil),
        ("unsigned int:8", "0", "x = a > 0xff ? 0xff : a;"), ("int:16", "0", "x = a > 0x7fff ? 0x7fff : a;"),
        ("unsigned long:12", "0", "x = a > 0xfff ? 0xfff : a;"), ("int:1", "-9", "x = a < (-0x0 - 1) ? (-0x0 - 1) : a > 0x0 ? 0x0 : a;"),
 ("long", "0", nil), ("_Bool", "0", nil),
    ] as [(String, String, String?)])
    func limits(to: String, min: String, expected: String?) {
        #expect(edited("x = @a;", Self.clamp, to: to, min: min) == expected)
    }

    @Test func diffsOfSeveralEdits() {
        let text = SourceText(file: "f.c", bytes: Array("1\n2\n3\n4\n5\n6\n7\n8\n9\nten".utf8))
        let diff = text.diff([.init(range: 2..<3, text: "two\ntwo"), .init(range: 18..<21, text: "10")])
        #expect(diff == """
            --- a/f.c
            +++ b/f.c
            @@ -1,5 +1,6 @@
             1
            -2
            +two
            +two
             3
             4
             5
            @@ -7,4 +8,4 @@
             7
             8
             9
            -ten
            +10

            """)
    }

    /// Hunks must not share lines, and what is between edits of one hunk is context.
    @Test func diffsOfNeighbours() {
        let text = SourceText(file: "f.c", bytes: Array("1\n2\n3 x\n4\n5\n6\n7\n8\n9\n10\n11\n".utf8))
        let diff = text.diff([
            .init(range: 4..<5, text: "three"), .init(range: 6..<7, text: "y"), .init(range: 10..<11, text: "five"),
            .init(range: 23..<25, text: "eleven"),
        ])
        #expect(diff == """
            --- a/f.c
            +++ b/f.c
            @@ -1,11 +1,11 @@
             1
             2
            -3 x
            +three y
             4
            -5
            +five
             6
             7
             8
             9
             10
            -11
            +eleven

            """)
    }

    /// What edits one file is one patch; equal edits are made once, and those in the way of others wait.
    @Test func patchesOfSeveralFindings() throws {
        let text = "{\n    return rc;\n    return a;\n}\n"
        let source = SourceText(file: "xen/f.c", bytes: Array(text.utf8))
        let building = FixBuilding { $0 == "xen/f.c" ? source : nil }
        func finding(line: Int, _ template: FixTemplate) throws -> Finding {
            var row = row(line: line)
            row.evidence = [EvidenceStep(location: .init(file: "xen/f.c", line: line, column: 5), message: "returned")]
            var finding = try #require(RuleEngine(pack: pack).findings(for: audit([row])).first)
            finding.fixes = building.fixes(for: finding, templates: [template], rows: [row])
            try #require(finding.fixes.count == 1)
            return finding
        }
        let other = FixTemplate(title: "other", kind: .returnGuard, guardText: "if ( {value} > 1 )\n    return 1;\n")
        let first = try finding(line: 2, Self.guardTemplate)
        let waits = try finding(line: 2, other)
        let last = try finding(line: 3, Self.guardTemplate)
        let patches = building.patches(for: [first, first, waits, last])
        #expect(patches.map(\.findings) == [[first, first, last]])
        #expect(patches.map(\.postponed) == [[waits]])
        #expect(patches.first?.diff.split(separator: "\n").count { $0.hasPrefix("@@") } == 1)
        #expect(patches.first?.diff.split(separator: "\n").count { $0.hasPrefix("+    if (") } == 2)
    }
}
