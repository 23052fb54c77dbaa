import Testing

@testable import XenTree

/// `compile_commands.json`: both forms, and whatever may stand in a broken one.
@Suite struct DatabaseTests {
    private func read(_ text: String) -> CompilationDatabase {
        CompilationDatabase(Array(text.utf8), path: "/b/compile_commands.json", targetTriple: "t")
    }

    @Test func bothForms() {
        let database = read("""
            [{"directory": "/b", "file": "a.c", "arguments": ["gcc", "-DX", "-c", "-o", "a.o", "a.c"]},
             {"directory": "sub", "file": "b.c", "command": "gcc -D'Y=1 2' -c b.c"},
             {"directory": "/b", "file": "x.py", "command": "python x.py"}]
            """)
        #expect(database.diagnostics == [])
        #expect(database.commands.map(\.source) == ["/b/a.c", "/b/sub/b.c"])
        #expect(database.commands.map(\.object) == ["/b/a.o", "/b/sub/b.o"])
        #expect(database.commands.map(\.flags) == [["--target=t", "-DX"], ["--target=t", "-DY=1 2"]])
    }

    struct Broken: Sendable {
        var text: String
        var line: Int
        var column: Int
        var message: String
    }

    @Test(arguments: [
        Broken(text: "", line: 1, column: 1, message: "not valid JSON: the file ends too early"),
        Broken(text: "{}", line: 1, column: 1, message: "not valid JSON: '[' is expected here"),
        Broken(text: "[\n{\"file\": \"a.c\"\n", line: 3, column: 1, message: "not valid JSON: the file ends too early"),
        Broken(text: "[{\"file\": \"a.c}]", line: 1, column: 11, message: "not valid JSON: the string is not closed"),
        Broken(text: "[{}]", line: 1, column: 2, message: "an entry without \"file\""),
        Broken(text: "[1]", line: 1, column: 2, message: "an entry without \"file\""),
        Broken(text: "[{\"file\":\"a.c\"}]", line: 1, column: 2, message: "an entry with neither \"arguments\" nor \"command\""),
        Broken(text: "[{\"file\":\"a.c\",\"arguments\":[1]}]", line: 1, column: 2, message:
            "the command of a.c is not understood: an argument is not plain text"),
        Broken(text: "[{\"file\":\"a.c\",\"command\":\"gcc '\"}]", line: 1, column: 2, message:
            "the command of a.c is not understood: a single quote is not closed"),
        Broken(text: "[] x", line: 1, column: 4, message: "not valid JSON: more text after the end of the list"),
        Broken(text: "[\"\\ud800\"]", line: 1, column: 9, message: "not valid JSON: half a character in a string"),
    ])
    func broken(_ example: Broken) {
        let found = read(example.text).diagnostics
        #expect(found.map(\.message) == [example.message])
        #expect(found.first?.line == example.line)
        #expect(found.first?.column == example.column)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"file\":["]) func nestingIsBounded(_ open: String) {
        let text = String(repeating: open, count: 100_000)
        #expect(read("[" + text).diagnostics.count == 1)
    }

    @Test func whatStandsBeforeAMistakeIsKept() {
        let entry = "{\"directory\":\"/b\",\"file\":\"a.c\",\"command\":\"gcc -c a.c\"}"
        #expect(read("[\(entry), \(entry), oops").commands.count == 2)
    }

    @Test func cutAnywhereIsNoCrash() {
        let bytes = Array("[{\"directory\":\"/b\",\"file\":\"ä.c\",\"arguments\":[\"gcc\",\"-DX=\\u00e4\\n\",\"-c\",\"ä.c\"]}]".utf8)
        for count in 0..<bytes.count {
            let database = CompilationDatabase(Array(bytes.prefix(count)), path: "/b/c.json", targetTriple: "t")
            #expect(!database.diagnostics.isEmpty)
        }
    }

    @Test func hostileNamesAreShownEscaped() {
        let found = read("[{\"file\":\"\\u001b[31m\\n.c\",\"command\":\"'\"}]").diagnostics
        #expect(found.map(\.message) == ["the command of \\x1b[31m\\n.c is not understood: a single quote is not closed"])
        #expect(read("[{\"file\":\"a\\u0000b.c\",\"command\":\"gcc\"}]").diagnostics.count == 1)
    }
}
