import Testing

@testable import XenTree

/// How the build compiled its files: records that are whole, cut, hostile or strange.
@Suite struct CommandTests {
    private static let line =
        "cmd_common/a.o := gcc -MMD -MP -MF common/.a.o.d -DA='\"x y\"' -I./include -include ./include/config.h "
        + "-O2 -fplugin=evil.so -Wall -std=gnu99 -c -o common/a.o common/a.c\n"

    private func parse(_ bytes: [UInt8]) -> CommandFile.Content {
        var notes: [TreeDiagnostic] = []
        return CommandFile(directory: "/b", targetTriple: "t").parse(bytes, path: "/b/.a.o.cmd", notes: &notes)
    }

    @Test func aWholeRecord() throws {
        guard case .compile(let command) = parse(Array(Self.line.utf8)) else {
            Issue.record("no command")
            return
        }
        #expect(command.source == "/b/common/a.c")
        #expect(command.object == "/b/common/a.o")
        #expect(command.flags == [
            "--target=t", "-DA=\"x y\"", "-I/b/include", "-include", "/b/include/config.h", "-O2", "-std=gnu99",
        ])
    }

    @Test func recordsCutAnywhereAreNeverTakenForWhole() {
        let bytes = Array(Self.line.utf8)
        let whole = parse(bytes)
        for count in 0..<bytes.count {
            guard case .compile(let command) = parse(Array(bytes.prefix(count))) else { continue }
            guard case .compile(let expected) = whole else { return }
            #expect(command.flags == expected.flags && command.object == expected.object, "cut at \(count)")
        }
    }

    @Test func filesCutAfterTheCommandAreSaid() {
        let list = "source_common/a.o := common/a.c\n\ndeps_common/a.o := \\\n  include/a.h \\\n\n"
        let whole = Array((Self.line + "\n" + list + "common/a.o: $(deps_common/a.o)\n\n$(deps_common/a.o):\n").utf8)
        func messages(_ count: Int) -> [String] {
            var notes: [TreeDiagnostic] = []
            let file = CommandFile(directory: "/b", targetTriple: "t")
            guard case .compile = file.parse(Array(whole.prefix(count)), path: "/b/.a.o.cmd", notes: &notes) else {
                return ["left out"]
            }
            return notes.map(\.message)
        }
        #expect(messages(whole.count) == [])
        #expect(messages(Self.line.utf8.count) == [], "a compiler that writes no list")
        for count in Self.line.utf8.count + list.utf8.count..<whole.count {
            #expect(messages(count).contains { $0.contains("cut short after the command") }, "cut at \(count)")
        }
    }

    @Test(arguments: [
        "", "\n", "cmd_", "cmd_a.o := ", "cmd_a.o := gcc -c 'a.c", "cmd_a.o := gcc -c \"a.c\n", "cmd_a.o := gcc -c a.c \\",
        "deps_a.o := a.c\n", "cmd_a.o:=gcc -c a.c\n", "cmd_a := gcc -c a.c\n",
    ])
    func unusableRecords(_ text: String) {
        if case .compile = parse(Array(text.utf8)) { Issue.record("a command from '\(text)'") }
    }

    @Test(arguments: [[0xFF, 0xFE], [0xC3, 0x28], [0]] as [[UInt8]])
    func recordsThatAreNoText(_ bytes: [UInt8]) {
        let bytes = Array("cmd_a.o := gcc -DX=".utf8) + bytes + Array(" -c -o a.o a.c\n".utf8)
        if case .compile = parse(bytes) { Issue.record("a command") }
    }

    struct Words: Sendable {
        var line: String
        var words: [[String]]?
    }

    @Test(arguments: [
        Words(line: "a b  c", words: [["a", "b", "c"]]), Words(line: "a 'b c' \"d e\"", words: [["a", "b c", "d e"]]),
        Words(line: "a\\ b \\'c", words: [["a b", "'c"]]), Words(line: "a; b && c | d", words: [["a"], ["b"], ["c"], ["d"]]),
        Words(line: "'a'\"b\"c", words: [["abc"]]), Words(line: "\"a\\\"b\\n\"", words: [["a\"b\\n"]]),
        Words(line: "a # b", words: [["a"]]), Words(line: "a#b", words: [["a#b"]]), Words(line: "''", words: [[""]]),
        Words(line: "", words: []), Words(line: "'", words: nil), Words(line: "a \"b", words: nil), Words(line: "a\\", words: nil),
        Words(line: "a \\\n b", words: [["a", "b"]]),
    ])
    func shellWords(_ example: Words) {
        let found = try? ShellWords.commands(in: Array(example.line.utf8)).map { $0.map(\.text) }
        #expect(found == example.words)
    }

    @Test func whatAShellWouldExpandIsMarked() throws {
        let words = try ShellWords.commands(in: Array("a $B '$C' \"$D\" `e` \\$f".utf8)).flatMap { $0 }
        #expect(words.map(\.hasExpansion) == [false, true, false, true, true, false])
    }

    @Test func nestingAndLengthAreNoProblem() throws {
        let long = String(repeating: "-DX=1 ", count: 200_000)
        guard case .compile(let command) = parse(Array("cmd_a.o := gcc \(long) -c -o a.o a.c\n".utf8)) else {
            Issue.record("no command")
            return
        }
        #expect(command.flags.count == 200_001)
    }

    // MARK: Flags

    @Test(arguments: [
        "-fplugin=./evil.so", "-fplugin ./evil.so", "-Xclang -load -Xclang ./evil.so", "-load evil.so", "@flags", "-o out",
        "-oout", "--serialize-diagnostics x", "-MF deps", "-MD", "-MMD", "-ivfsoverlay x", "-Wp,-MD,x", "-mllvm -load=x",
        "--config x", "--config=x", "-include-pch x", "-isysroot x", "--sysroot=x", "-B /x", "-B/x", "-specs=x", "-wrapper x",
        "-save-temps", "-fprofile-use=x", "-x c++", "-resource-dir x", "-working-directory x", "-target evil", "--target=evil",
        "-imacros x", "-fmodules", "-fpass-plugin=x", "-Wall", "-g"
    ])
    func flagsThatNeverPass(_ text: String) {
        let words = text.split(separator: " ").map { ShellWord(text: String($0)) }
        #expect(CompilerArguments(words, directory: "/b").flags == [])
    }

    @Test func valuesOfDroppedFlagsAreNoFlags() {
        let words = "-Xclang -DA -MF -DB -o -DC -target -DD -DE".split(separator: " ").map { ShellWord(text: String($0)) }
        #expect(CompilerArguments(words, directory: "/b").flags == ["-DE"])
    }

    /// A value can thus be read neither as a flag nor as a file of flags.
    @Test func pathsBecomeAbsolute() {
        let words = "-include -fplugin=x -isystem -load -I @x -I-load -isystem a/../b -include x.h -iquote/q".split(separator: " ").map { ShellWord(text: String($0)) }
        #expect(CompilerArguments(words, directory: "/b").flags == [
            "-include", "/b/-fplugin=x", "-isystem", "/b/-load", "-I/b/@x", "-isystem", "/b/a/../b", "-include", "/b/x.h", "-iquote", "/q",
        ])
    }
}
