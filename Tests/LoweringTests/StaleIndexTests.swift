import Lowering
import ProgramModel
import Testing

/// Sources that were edited after the build: what the build says of who defines a function is no longer true.
@Suite struct StaleIndexTests {
    /// Knows what was built, and what the text looks like, each as a test says it.
    private struct StaleIndex: UnitIndex {
        var sources: CSource
        var built: [String: [String]]
        var textual: [String: [String]]

        func recipe(forUnit displayPath: String) -> UnitRecipe? { sources.recipe(forUnit: displayPath) }
        func units(defining name: String) -> [String] { built[name, default: []] }
        func candidates(defining name: String) -> [String] { textual[name, default: []] }
        func displayPath(ofFile absolute: String) -> String { sources.displayPath(ofFile: absolute) }
    }

    enum Answer: Equatable, Sendable {
        case found(file: String)
        case noBody
        case ambiguous(mentions: String)
        case parseError
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var built: [String] = []
        var candidates: [String] = []
        var caller: String?
        var answer: Answer
    }

    static let cases = [
        Case(
            testDescription: "new in another file", files: ["a.c": "", "b.c": "int f(void) { return 1; }"],
            candidates: ["b.c"], answer: .found(file: "b.c")),
        Case(
            testDescription: "text that is not compiled",
            files: ["b.c": "#ifdef NO\nint f(void) { return 1; }\n#endif\nint f(void);"], candidates: ["b.c"],
            answer: .noBody),
        Case(
            testDescription: "new, but static", files: ["b.c": "static int f(void) { return 1; }"], candidates: ["b.c"],
            answer: .noBody),
        Case(
            testDescription: "static in one file, external in another",
            files: ["b.c": "static int f(void) { return 1; }", "c.c": "int f(void) { return 2; }"],
            candidates: ["b.c", "c.c"], answer: .found(file: "c.c")),
        Case(
            testDescription: "new twice", files: ["b.c": "int f(void) { return 1; }", "c.c": "int f(void) { return 2; }"],
            candidates: ["b.c", "c.c"], answer: .ambiguous(mentions: "b.c, c.c")),
        Case(
            testDescription: "as it was built", files: ["a.c": "int f(void) { return 1; }"], built: ["a.c"],
            candidates: ["a.c"], answer: .found(file: "a.c")),
        Case(
            testDescription: "moved", files: ["a.c": "int f(void);", "b.c": "int f(void) { return 1; }"], built: ["a.c"],
            candidates: ["b.c"], answer: .found(file: "b.c")),
        Case(
            testDescription: "moved, and a static one is left",
            files: ["a.c": "static int f(void) { return 3; }", "b.c": "int f(void) { return 1; }"], built: ["a.c"],
            candidates: ["a.c", "b.c"], answer: .found(file: "b.c")),
        Case(
            testDescription: "removed", files: ["a.c": "int f(void);"], built: ["a.c"],
            answer: .ambiguous(mentions: "does not any more")),
        Case(
            testDescription: "the file is gone", files: ["b.c": ""], built: ["gone.c"], answer: .parseError),
        Case(
            testDescription: "built twice, as ever",
            files: ["a.c": "int f(void) { return 1; }", "b.c": "int f(void) { return 1; }"], built: ["a.c", "b.c"],
            answer: .ambiguous(mentions: "a.c, b.c")),
        Case(
            testDescription: "after an error", files: ["b.c": "int g(void) {\nint f(void) { return 1; }"],
            candidates: ["b.c"], answer: .parseError),
        Case(testDescription: "nowhere", files: ["a.c": ""], answer: .noBody),
        Case(
            testDescription: "the caller's own", files: ["a.c": "static int f(void) { return 1; }"], candidates: ["a.c"],
            caller: "a.c", answer: .found(file: "a.c")),
    ]

    @Test(arguments: cases) func functions(_ example: Case) throws {
        let index = StaleIndex(
            sources: try CSource(example.files), built: ["f": example.built], textual: ["f": example.candidates])
        let lookup = ClangProgram(index: index).body(of: FunctionReference(name: "f", unit: example.caller))
        switch (lookup, example.answer) {
        case (.found(let function), .found(let file)): #expect(function.location.file == file)
        case (.missing(.noBody), .noBody), (.missing(.parseError), .parseError): break
        case (.missing(.ambiguous(let why)), .ambiguous(let mentioned)): #expect(why.contains(mentioned))
        default: Issue.record("\(lookup)")
        }
    }

    @Test func theTextIsOnlyLookedAtWhenNecessary() throws {
        let index = StaleIndex(
            sources: try CSource(["a.c": "int f(void) { return 1; }", "b.c": "int g(void) { return 1; }"]),
            built: ["f": ["a.c"]], textual: ["f": ["b.c"], "g": ["b.c"]])
        let program = ClangProgram(index: index)
        #expect(program.candidatesConsulted(for: FunctionReference(name: "f", unit: nil)) == nil)
        #expect(program.candidatesConsulted(for: FunctionReference(name: "g", unit: nil)) == ["b.c"])
        #expect(program.definition(of: "g")?.location.file == "b.c")
    }

    /// A variable that was external when the build was made is another one when it is static.
    @Test func variables() throws {
        let index = StaleIndex(
            sources: try CSource(["a.c": "extern const int v; int f(void) { return v; }", "b.c": "static const int v = 7;"]),
            built: ["v": ["b.c"]], textual: [:])
        let found = ClangProgram(index: index).global(GlobalReference(name: "v", unit: nil), unit: "a.c")
        #expect(found?.elements == nil)
    }
}
