import Foundation
import Testing

@testable import XenTree

@Suite struct SourceIndexTests {
    struct Text: Sendable, CustomTestStringConvertible {
        var text: String
        var names: Set<String>
        var testDescription: String { text }
    }

    @Test(arguments: [
        Text(text: "int f(void)\n{\n}\n", names: ["f"]),
        Text(text: "int f(void);\nint g(void) { return f(); }", names: ["g"]),
        Text(text: "static int __init cold\nf(struct s *a, int (*b)(int))\n{", names: ["f"]),
        Text(text: "int (*f[])(void) = { g };", names: []),
        Text(text: "int __attribute__((cold)) f(void) {", names: ["__attribute__", "f"]),
        Text(text: "int f(void) __section(\".x\") /* c */ {", names: ["f", "__section"]),
        Text(text: "/* int f(void) { */ // int g(void) {\nint h(void) {", names: ["h"]),
        Text(text: "/*/ int f(void) { */ int h(void) {", names: ["h"]),
        Text(text: "char *s = \"int f(void) {\"; char c = '\\''; int h(void) {", names: ["h"]),
        Text(text: "// joined \\\nint f(void) {\nint h(void) {", names: ["h"]),
        Text(text: "#define M(x) int f(void) { \\\n int g(void) {\nint h(void) {", names: ["h"]),
        Text(text: "#define X /* int f(void) {\n int g(void) { */\nint h(void) {", names: ["h"]),
        Text(text: "int v = f(1);\nstruct s { int a; };\nint a[] = { f(2) };", names: []),
        Text(text: "int f(void) {\nif (a) { while (b) { switch (c) { for (;;) {", names: ["f"]),
        // Both branches open a brace and only one is closed.
        Text(text: "int f(void)\n{\n#ifdef A\n if (a) {\n#else\n if (b) {\n#endif\n }\n}\nint g(void)\n{\n}\n", names: ["f", "g"]),
        // A parenthesis that each branch closes for itself.
        Text(
            text: "int f(void)\n{\n if ( a\n#ifdef A\n && b )\n#else\n )\n#endif\n return 1;\n}\nint g(void)\n{\n}\n",
            names: ["f", "g"]),
        Text(text: "#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n}\n", names: ["f"]),
        Text(text: "", names: []), Text(text: "f(", names: []), Text(text: ")){{}}((f(x){", names: []),
        Text(text: "/*", names: []), Text(text: "/", names: []), Text(text: "\"", names: []), Text(text: "'\\", names: []),
        Text(text: "#", names: []), Text(text: "#if", names: []), Text(text: "#define", names: []), Text(text: "# define (", names: []),
        Text(text: "#include", names: []), Text(text: "#include \"", names: []), Text(text: "#endif\n#else\nint f(void) {", names: ["f"]),
    ])
    func whatLooksLikeADefinition(_ example: Text) {
        #expect(DefinitionScan(Array(example.text.utf8)).names == example.names)
    }

    /// Whatever the bytes are, the end is reached.
    @Test func hostileTextIsNoCrash() {
        let alphabet = Array("(){};=#\"'/*\\\n \tab#i#define x(y) y##z#if#else#endif".utf8)
        var seed: UInt64 = 7
        for _ in 0..<3_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(seed >> 33) % 60 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(alphabet[Int(seed >> 33) % alphabet.count])
            }
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            _ = DefinitionScan(bytes)
        }
        _ = DefinitionScan(Array(String(repeating: "f(", count: 1 << 16).utf8))
        _ = DefinitionScan(Array(String(repeating: "#if\nf(x){", count: 1 << 15).utf8))
    }

    private func names(_ tree: TemporaryTree, _ name: String) throws -> [String] {
        let build = try XenBuild.open(tree: XenTree.find(from: tree.path))
        return build.sources.objects(defining: name).map { String($0.dropFirst(tree.path.count + 1)) }
    }

    @Test func objectsOfASource() throws {
        let tree = try TemporaryTree.built(
            commands: ["xen/common/.b.o.cmd": "cmd_common/b.o := gcc -c -o common/b.o common/b.c\n"],
            files: ["xen/common/b.c": "int g(void) { return 2; }\nstatic int f(void) { return 3; }\n"])
        #expect(try names(tree, "f") == ["xen/common/a.o", "xen/common/b.o"])
        #expect(try names(tree, "g") == ["xen/common/b.o"])
        #expect(try names(tree, "h") == [])
    }

    /// The compat layer compiles a file again by including it, with macros that change names.
    @Test func includedSources() throws {
        let tree = try TemporaryTree.built(
            commands: ["xen/common/compat/.a.o.cmd": "cmd_common/compat/a.o := gcc -c -o common/compat/a.o common/compat/a.c\n"],
            files: [
                "xen/common/a.c": """
                    #ifndef COMPAT
                    # define DO(fn) long do_##fn
                    #endif
                    DO(op)(int cmd)
                    {
                    }
                    int plain(void) { return 1; }
                    """,
                "xen/common/compat/a.c": "#define COMPAT\n#define DO(fn) int compat_ ## fn\n#define plain compat_plain\n#include \"../a.c\"\n",
            ])
        #expect(try names(tree, "do_op") == ["xen/common/a.o", "xen/common/compat/a.o"])
        #expect(try names(tree, "compat_op") == ["xen/common/compat/a.o"])
        #expect(try names(tree, "compat_plain") == ["xen/common/compat/a.o"])
    }

    @Test func anIncludeOfItselfEnds() throws {
        let tree = try TemporaryTree.built(files: ["xen/common/a.c": "#include \"a.c\"\nint f(void) { return 1; }\n"])
        #expect(try names(tree, "f") == ["xen/common/a.o"])
    }
}
