import ClangAST
import Foundation
import Testing

@Suite struct TranslationUnitTests {
    private func parse(_ text: String, flags: [String] = [], name: String = "a.c") throws -> TranslationUnit {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return try TranslationUnit.parse(path: file.path, flags: flags)
    }

    @Test(arguments: [("x86_64-linux-gnu", 64), ("aarch64-linux-gnu", 64), ("arm-linux-gnueabihf", 32)])
    func pointerWidths(_ target: String, _ width: Int) throws {
        #expect(try parse("int x;", flags: ["--target=\(target)"]).pointerWidth == width)
    }

    @Test func errorsAreDiagnostics() throws {
        let unit = try parse("int f(void) { return nothing; }\nint g(void) { return 1 }\n")
        let errors = unit.diagnostics.filter { $0.severity >= .error }
        #expect(errors.map(\.location.line) == [1, 2])
        #expect(errors.first?.message.contains("nothing") == true)
    }

    @Test func warningsAreOff() throws {
        #expect(try parse("int f(void) { int unused; }").diagnostics.isEmpty)
    }

    @Test func aRefusedFlagStopsTheParse() {
        #expect(throws: ClangError.refusedFlag("-fplugin=x")) { try parse("int x;", flags: ["-fplugin=x"]) }
    }

    @Test(arguments: ["-o", "@a", "a.c", "/no/such/file.c", "/dev/null", "/tmp", "/tmp/a\u{0}b.c", ""])
    func pathsThatAreNoFileAreRefused(_ path: String) {
        #expect(throws: ClangError.self) { try TranslationUnit.parse(path: path, flags: []) }
    }

    @Test(arguments: ["a b.c", "a\nb.c", "\u{1B}[31m.c", "-x.c", "@x.c", "ü.c", "a\"b'.c", "$(x).c"])
    func strangeFileNamesAreParsed(_ name: String) throws {
        let unit = try parse("int f(void) { return 1; }", name: name)
        #expect(unit.root.children.map(\.spelling) == ["f"])
        #expect(unit.root.children.first?.location().file.hasSuffix(name) == true)
    }

    @Test func relativeIncludesStartFromTheDirectory() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory.appendingPathComponent("inc"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("#define VALUE 7\n".utf8).write(to: directory.appendingPathComponent("inc/v.h"))
        try Data("#include <v.h>\nint x = VALUE;\n".utf8).write(to: directory.appendingPathComponent("a.c"))
        let unit = try TranslationUnit.parse(
            path: directory.appendingPathComponent("a.c").path, flags: ["-Iinc"], directory: directory.path)
        #expect(unit.diagnostics.isEmpty)
        #expect(unit.root.children.last?.initializer?.evaluatedInteger == 7)
    }

    struct Evaluation: Sendable, CustomTestStringConvertible {
        var text: String
        var bits: UInt64?
        var testDescription: String { text }
    }

    @Test(arguments: [
        Evaluation(text: "3", bits: 3), Evaluation(text: "-1", bits: .max), Evaluation(text: "0xffffffff", bits: 0xffff_ffff),
        Evaluation(text: "(unsigned char)300", bits: 44), Evaluation(text: "sizeof(long)", bits: 8),
        Evaluation(text: "1UL << 63", bits: 1 << 63), Evaluation(text: "-9223372036854775807L - 1", bits: 1 << 63),
        Evaluation(text: "'a'", bits: 97), Evaluation(text: "3 > 2 ? 5 : 6", bits: 5),
    ])
    func constantsAreEvaluated(_ evaluation: Evaluation) throws {
        let unit = try parse("long x = \(evaluation.text);", flags: ["--target=x86_64-linux-gnu"])
        let value = unit.root.children.first?.initializer?.evaluatedInteger
        // The value is converted to the variable's type.
        #expect(value == evaluation.bits)
    }

    @Test func bitFieldsAndOffsets() throws {
        let unit = try parse("struct s { int a : 3; unsigned b : 7; long c; };", flags: ["--target=x86_64-linux-gnu"])
        let fields = try #require(unit.root.children.first).type.fields
        #expect(fields.map(\.spelling) == ["a", "b", "c"])
        #expect(fields.map { $0.isBitField ? $0.bitFieldWidth : 0 } == [3, 7, 0])
        #expect(fields.map(\.fieldBitOffset) == [0, 3, 64])
    }

    @Test func operatorsHaveNames() throws {
        let unit = try parse("int f(int a, int b) { a <<= b; a++; return -a; }")
        var found: [String] = []
        var pending = unit.root.children
        while let cursor = pending.popLast() {
            switch cursor.kind {
            case .compoundAssignOperator: found.append("\(cursor.binaryOperator)")
            case .unaryOperator: found.append("\(cursor.unaryOperator)")
            default: break
            }
            pending += cursor.children
        }
        #expect(found.sorted() == ["compound(ClangAST.ClangBinaryOperator.shiftLeft)", "minus", "postIncrement"])
    }

    @Test func bigStackRunsOnAThreadOfItsOwn() throws {
        func depth(_ level: Int) -> Int { level == 0 ? 0 : 1 + depth(level - 1) }
        #expect(try BigStack.run { depth(200_000) } == 200_000)
        struct Failure: Error {}
        #expect(throws: Failure.self) { try BigStack.run { throw Failure() } }
    }
}
