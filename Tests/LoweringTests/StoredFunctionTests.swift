import Lowering
import ProgramModel
import Testing

/// What a program stores in a member of a record.
@Suite struct StoredFunctionTests {
    private static let head = """
        typedef int fn(int);
        struct hooks { int pad; fn *probe; fn *other; };
        struct outer { struct hooks in[2]; int n; };
        int a(int), b(int), c(int); static int own(int x) { return x; }
        extern struct hooks hooks, *ptr; extern fn *any;

        """

    private func stored(_ text: String, more: [String: String] = [:]) throws -> StoredFunctions? {
        let files = more.mapValues { Self.head + $0 }.merging(["a.c": Self.head + text]) { $1 }
        return ClangProgram(index: try CSource(files)).functions(storedIn: "hooks", member: "probe")
    }

    private func names(_ stored: StoredFunctions?) -> String {
        guard let stored else { return "unknown" }
        return stored.functions.map(\.name).joined(separator: " ") + (stored.isComplete ? "" : " ...")
    }

    @Test(arguments: [
        ("void f(void) { hooks.probe = a; ptr->probe = &b; hooks.other = c; }", "a b"),
        ("void f(int n) { hooks.probe = n ? (fn *)(void *)a : b; (ptr->probe) = ((void *)0); }", "a b"),
        ("void f(void) { ptr->other = ptr[1].probe = *a; }", "a"),
        ("struct hooks x = { 1, own }; struct outer y = { .in[1].probe = b };", "b own"),
        ("struct outer x = { 1, a, b, 2, c, a, 3 };", "a c"),
        ("void f(void) { static struct hooks x = { .probe = a }; struct hooks y = { .probe = b }; *ptr = x; }", "a b"),
        ("void f(void) { hooks = (struct hooks){ .probe = a }; }", "a"),
        ("struct hooks *x = &(struct hooks){ 0, a, b };", "a"),
        ("struct hooks *f(void) { return &(struct hooks){ 0, a, b }; }", "a"),
        ("void f(void) { hooks.probe = ptr->probe; hooks.probe = ptr->probe ?: b; }", "b"),
        ("#define SET(h, n) ((h)->probe = n)\nvoid f(void) { SET(ptr, a); }", "a"),
        ("int f(void) { return ptr->probe(1) + sizeof(&ptr->probe) + (&ptr->probe == &any); }", ""),
        ("void f(void) { asm volatile ( \"call *%0\" :: \"m\" (*ptr), \"r\" (&ptr->probe) ); }", ""),
    ])
    func complete(_ text: String, _ wanted: String) throws {
        #expect(try names(stored(text)) == wanted)
    }

    @Test(arguments: [
        "void f(fn *p) { hooks.probe = a; hooks.probe = p; }", "void f(void) { hooks.probe = any; hooks.probe = a; }",
        "void f(void) { hooks.probe = a; any = *&hooks.probe; }", "struct hooks x = { .probe = a }; fn **p = &x.probe;",
        "void f(fn *p) { hooks.probe = a; *ptr = (struct hooks){ .probe = p }; }",
        "void f(void) { hooks.probe = a; ptr->probe++; }", "void f(void) { hooks.probe = a; ptr->probe = ptr->other; }",
        "void f(void) { hooks.probe = a; asm ( \"\" : \"=r\" (ptr->probe) ); }",
        "void f(void) { hooks.probe = a; hooks.probe = (fn *)1; }",
        "void f(void) { hooks.probe = a; hooks.probe = *(fn **)any; }",
        "void f(fn *p) { struct hooks x = { 0, p }; hooks.probe = a; *ptr = x; }",
        "void f(void) { hooks.probe = a; undeclared; }",
    ])
    func incomplete(_ text: String) throws {
        #expect(try names(stored(text)) == "a ...")
    }

    @Test func allUnitsCount() throws {
        let more = ["b.c": "void g(void) { hooks.probe = own; }", "c.c": "void h(void) { hooks.probe = b; }"]
        let found = try stored("void f(void) { hooks.probe = own; }", more: more)
        #expect(
            found?.functions == [
                FunctionReference(name: "b", unit: nil), FunctionReference(name: "own", unit: "a.c"),
                FunctionReference(name: "own", unit: "b.c"),
            ])
        #expect(found?.isComplete == true)
    }

    @Test func tooManyAreNotKnown() throws {
        let names = (0..<49).map { "f\($0)" }
        let text = "int \(names.map { $0 + "(int)" }.joined(separator: ", "));\nstruct hooks x[] = { "
        let lists = names.map { "{ 0, \($0), 0 }" }
        #expect(try stored(text + lists.joined(separator: ", ") + " };") == nil)
        #expect(try stored(text + lists.dropLast().joined(separator: ", ") + " };")?.functions.count == 48)
    }
}
