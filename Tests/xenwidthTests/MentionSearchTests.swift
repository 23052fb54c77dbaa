import Foundation
import Lowering
import Testing

@testable import Application

/// Which units may store something in a member, by their text.
@Suite struct MentionSearchTests {
    /// The units `*.c` of a tree of files, with `include` as the include path.
    private func units(
        _ files: [String: String], member: String = "probe", record: String = "hooks"
    ) throws -> [String]? {
        try mentions(files) { MentionSearch(text: $0, member: member, record: record).mentions }
    }

    private func mentions(_ files: [String: String], _ search: (TreeText) -> MemberMentions?) throws -> [String]? {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("mentions-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let recipes = files.keys.filter { $0.hasSuffix(".c") }.map { name in
            UnitRecipe(
                path: root.appendingPathComponent(name).path, displayPath: name,
                flags: ["-I" + root.appendingPathComponent("include").path], directory: nil)
        }
        let text = TreeText(units: Dictionary(uniqueKeysWithValues: recipes.map { ($0.displayPath, $0) })) { $0 }
        return search(text)?.units
    }

    @Test(arguments: [
        "h->probe = f;", "(*h).probe=f;", "struct hooks x = { .probe = f };", "take(&h->probe);",
        "take(&h[1].probe, 1);",
        "#define set(l, r) l = r\nvoid g(void) { set(h->probe, f); }", "#define D(n) f_##n\nint D(probe);",
        "asm volatile ( \"\" : \"=r\" (h->probe) );", "((h->probe)) = f;", "struct hooks x = { .in = { .probe = f } };", "struct hooks x[] = { { f } };", "use((struct hooks){ f });",
        "h->\n  probe\n = f;", "struct hooks x = { probe: f };", "if (a && &h->probe == b) f();", "*(&h->probe) = f;",
        "struct hooks x __attribute__((a(1), b)) = { f };", "struct hooks x, y = { f };", "use((struct hooks[]) { f });",
    ])
    func counts(_ text: String) throws {
        #expect(try units(["a.c": text, "b.c": "int unprobed, probes;"]) == ["a.c"])
    }

    @Test(arguments: [
        "h->probe(1);", "return h->probe ? 1 : 0;", "if (h->probe && x) y();", "x = h->probe;", "(*probe)(1);",
        "if (h->probe == f) y();", "static int probe(void) { return 1; }", "struct hooks x;", "int (*probe)(void);",
        "take(h->probe, 1);", "use(probe, 1); int probe = 1; x.a = probe;",
        "extern struct hooks *get(void) ; int x = 1;", "if (h->probe != f) y();",
        "int f(struct hooks *h) { return 1; }", "int f(struct hooks *h, int i) { int a[] = { 1 }; }",
        "struct hooks *get(void) { return h; }", "struct hooks { int i; };",
    ])
    func doesNotCount(_ text: String) throws {
        #expect(try units(["a.c": text]) == [])
    }

    @Test func aMacroStandsForTheMember() throws {
        let files = [
            "include/h.h": "#define SET(h, f) \\\n  do { (h)->probe = f; } while (0)\n#define SET_ALL(h) SET(h, g)\n",
            "a.c": "SET(h, f);", "b.c": "SET_ALL(h);", "c.c": "RESET(h);",
        ]
        #expect(try units(files) == ["a.c", "b.c"])
    }

    @Test func aHeaderIsSeenThroughOneUnit() throws {
        let files = [
            "include/sub/h.h": "static inline void set(struct hooks *h) { h->probe = f; }",
            "include/mid.h": "#include <sub/h.h>", "a.c": "int x;", "b.c": "#include <mid.h>", "c.c": "#include <mid.h>",
        ]
        #expect(try units(files) == ["b.c"])
        #expect(try units(files.merging(["c.c": "#include <mid.h>\nh->probe = g;"]) { $1 }) == ["c.c"])
        #expect(try units(["include/h.h": "h->probe = f;", "a.c": ""]) == [])
    }

    @Test func aRecordWithoutTagIsInitialisedWhereItIsDeclared() throws {
        let files = ["a.c": "struct { int (*f)(void); } x = { g };", "b.c": ""]
        #expect(try units(files, member: "f", record: "anonymous at nowhere.c:1:1") == [])
    }

    /// Neither comments nor strings are code; a macro's parameter stands for something else than the member.
    @Test(arguments: [
        "/* h->probe = f; */", "// h->probe = f;", "const char *s = \".probe = f\";", "#define INIT /* .probe = f */\nINIT",
        "#define SET(probe, f) other(probe, f)\nSET(x, y);", "struct other x = { .probe = f };", "struct other x = { .a = 1, .probe = f };",
    ])
    func isNoMention(_ text: String) throws {
        #expect(try units(["a.c": text, "b.c": "h->probe = f;"]) == ["b.c"])
    }

    /// By a designator it is stored where the record is named: by its tag, a typedef, a struct around it, or a macro.
    @Test(arguments: [
        ("typedef struct hooks hooks_t;", "hooks_t x = { .probe = f };"),
        ("typedef struct hooks { int (*probe)(void); } hooks_t;", "hooks_t x = { .probe = f };"),
        ("struct device { struct hooks hooks; };", "struct device x = { .hooks = { .probe = f } };"),
        ("struct device { struct { struct hooks hooks; } in; };", "struct device x = { { { .probe = f } } };"),
        ("typedef struct { struct hooks hooks; } device_t;", "device_t x = { { .probe = f } };"),
        ("#define DEFINE(x, ...) struct hooks x = { __VA_ARGS__ }", "DEFINE(x, .probe = f);"),
    ])
    func namesOfTheRecord(_ header: String, _ text: String) throws {
        #expect(try units(["include/h.h": header, "a.c": text, "b.c": "struct other x = { .probe = f };"]) == ["a.c"])
    }

    /// What a macro hands to another macro is no parameter of its own.
    @Test func argumentsInAMacroAreNoParameters() throws {
        let files = ["include/h.h": "#define SET(m, f) h->m = f\n#define SET_ALL SET(probe, g)\n", "a.c": "SET_ALL;", "b.c": ""]
        #expect(try units(files) == ["a.c"])
    }

    @Test func aRecordOfOneSourceIsStoredThere() throws {
        let own = "struct hooks { int (*probe)(void); }; static struct hooks x = { f };"
        #expect(try units(["a.c": own, "b.c": "other->probe = f;"]) == ["a.c"])
        // A source that is included is no private place.
        #expect(try units(["a.c": own, "b.c": "#include \"a.c\"\nother->probe = f;"]) == ["a.c", "b.c"])
    }

    @Test func functionsAreMentionedByMacrosToo() throws {
        let files = [
            "include/h.h": "#define REGISTER(f) register_hook(1, f)", "a.c": "REGISTER(x);", "b.c": "register_hook(2, y);",
            "c.c": "/* register_hook */ int register_hooks;",
        ]
        #expect(try mentions(files) { FunctionMentions(text: $0, name: "register_hook").mentions } == ["a.c", "b.c"])
    }
}
