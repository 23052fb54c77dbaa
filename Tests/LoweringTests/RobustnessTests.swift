import Foundation
import Lowering
import ProgramModel
import Testing

/// Hostile and broken sources: a clear answer for the functions concerned, and no crash.
@Suite struct RobustnessTests {
    private func lookup(_ text: String, _ name: String = "f") throws -> BodyLookup {
        let program = ClangProgram(index: try CSource(text))
        return program.body(of: FunctionReference(name: name, unit: nil))
    }

    private func isUnknown(_ lookup: BodyLookup) -> Bool {
        switch lookup {
        case .found(let function): !function.unsupported.isEmpty || function.dump().contains("any<")
        case .missing: true
        }
    }

    struct Nesting: Sendable, CustomTestStringConvertible {
        var name: String
        var before: String
        var open: String
        var middle: String
        var close: String
        var after: String
        /// clang needs the square of this for nested statements.
        var levels = 100_000
        var testDescription: String { name }

        func text(_ levels: Int) -> String {
            before + String(repeating: open, count: levels) + middle + String(repeating: close, count: levels) + after
        }
    }

    static let nestings = [
        Nesting(name: "parentheses", before: "long f(long a) { return ", open: "(", middle: "a", close: ")", after: "; }"),
        Nesting(name: "blocks", before: "long f(long a) { ", open: "{", middle: "a++;", close: "}", after: " return a; }"),
        Nesting(name: "negations", before: "long f(long a) { return ", open: "- ", middle: "a", close: "", after: "; }"),
        Nesting(name: "sums", before: "long f(long a) { return ", open: "a+", middle: "a", close: "", after: "; }"),
        Nesting(name: "ifs", before: "long f(long a) { ", open: "if (a) ", middle: "a++;", close: "", after: " return a; }", levels: 4_000),
        Nesting(name: "else ifs", before: "long f(long a) { ", open: "if (a == 1) a++; else ", middle: "a++;", close: "", after: " return a; }", levels: 4_000),
        Nesting(name: "conditionals", before: "long f(long a) { return ", open: "a ? 1 : ", middle: "a", close: "", after: "; }"),
        Nesting(name: "calls", before: "long g(long); long f(long a) { return ", open: "g(", middle: "a", close: ")", after: "; }"),
        Nesting(name: "pointers", before: "long f(long ", open: "*", middle: "a", close: "", after: ") { return a != 0; }"),
        Nesting(name: "initialiser braces", before: "long f(long a) { struct { int x; } v = ", open: "{", middle: "1", close: "}", after: "; return v.x; }"),
    ]

    @Test(arguments: nestings) func hostileNestingIsNoCrash(_ nesting: Nesting) throws {
        // What matters is that there is an answer, and that it does not claim to know.
        let answer = try lookup(nesting.text(nesting.levels))
        // A pointer is a pointer, whatever it points to.
        #expect(isUnknown(answer) || nesting.name == "pointers")
        guard case .found(let function) = answer else { return }
        // It says where.
        for instruction in function.blocks.flatMap(\.instructions) {
            guard case .unsupported = instruction.kind else { continue }
            #expect(instruction.location.file == "a.c" && instruction.location.line == 1, "\(instruction)")
            #expect(instruction.location.column > 16)
        }
    }

    @Test(arguments: nestings) func someLevelsAreLowered(_ nesting: Nesting) throws {
        guard nesting.name != "initialiser braces", nesting.name != "pointers" else { return }
        guard case .found(let function) = try lookup(nesting.text(150)) else {
            Issue.record("not found")
            return
        }
        #expect(function.unsupported.isEmpty)
    }

    @Test func anErrorSpoilsItsFunctionOnly() throws {
        let text = "long g(long a) { return a; }\nlong f(long a) { return undeclared + a; }\nlong h(long a) { return a + 1; }\n"
        guard case .missing(.parseError(let message)) = try lookup(text) else {
            Issue.record("f was lowered")
            return
        }
        #expect(message.hasPrefix("a.c:2:25: "))
        for name in ["g", "h"] {
            guard case .found = try lookup(text, name) else {
                Issue.record("\(name) is missing")
                continue
            }
        }
    }

    @Test(arguments: [
        "#include \"missing.h\"\nlong f(long a) { return a; }",
        "struct s { undeclared x; };\nlong f(long a) { return sizeof(struct s); }",
        "long f(long a) { return a; }\n}",
        "#error no\nlong f(long a) { return a; }",
    ])
    func anErrorOutsideOfFunctionsSpoilsAll(_ text: String) throws {
        guard case .missing(.parseError) = try lookup(text) else {
            Issue.record("lowered in spite of the error")
            return
        }
    }

    @Test func bytesThatAreNoTextAreHarmless() throws {
        let source = try CSource("long f(long a) { return a; }")
        var bytes = Array("/* ".utf8) + [0xFF, 0xFE, 0xC3, 0x28] + Array(" */ const char *s = \"".utf8)
        bytes += [0x80, 0xE2, 0x28] + Array("\"; long f(long a) { return a + 1; } // ".utf8) + [0xF0, 0x90] + [10]
        try source.write(bytes, to: "a.c")
        #expect(try ClangProgram(index: source).function("f").dump().contains("return (a + 1).i64"))
    }

    @Test func bytesInIdentifiersAreAnError() throws {
        let source = try CSource("long f(long a) { return a; }")
        try source.write(Array("long f(long a) { return a".utf8) + [0xFF, 0x00] + Array("; }\n".utf8), to: "a.c")
        let program = ClangProgram(index: source)
        if case .found(let function) = program.body(of: FunctionReference(name: "f", unit: nil)) {
            #expect(!function.dump().isEmpty)
        }
    }

    @Test func emptyAndMissingFiles() throws {
        guard case .missing(.noBody) = try lookup("", "g") else {
            Issue.record("a body in an empty file")
            return
        }
        let program = ClangProgram(index: try CSource(["a.c": ""]))
        guard case .missing(.parseError) = program.body(of: FunctionReference(name: "f", unit: "gone.c")) else {
            Issue.record("a body in no file")
            return
        }
    }

    @Test func twoDefinitionsAreAmbiguous() throws {
        let program = ClangProgram(index: try CSource(["a.c": "int f(void) { return 1; }", "b.c": "int f(void) { return 2; }"]))
        guard case .missing(.ambiguous(let message)) = program.body(of: FunctionReference(name: "f", unit: nil)) else {
            Issue.record("one of two was taken")
            return
        }
        #expect(message == "defined in a.c, b.c")
    }

    @Test func staticFunctionsAreToldApartByUnit() throws {
        let files = ["a.c": "static int f(void) { return 1; }", "b.c": "static int f(void) { return 2; }"]
        let program = ClangProgram(index: try CSource(files))
        for (unit, value) in [("a.c", 1), ("b.c", 2)] {
            #expect(try program.function("f", unit: unit).dump().contains("return \(value)"))
        }
    }

    @Test func manyFunctionsInAnyOrderGiveTheSame() throws {
        let text = (0..<50).map { "static int g\($0)(int a) { int b = a ?: \($0); return b; }\n" }.joined()
        func dumps(_ numbers: [Int], limit: Int) throws -> [String] {
            let program = ClangProgram(index: try CSource(text), maximumLiveUnits: limit)
            return try numbers.map { try program.function("g\($0)").dump() }
        }
        let forwards = try dumps(Array(0..<50), limit: 8)
        #expect(try dumps((0..<50).reversed(), limit: 1).reversed() == forwards)
    }
}
