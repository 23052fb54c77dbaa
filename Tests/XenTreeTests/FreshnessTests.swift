import Foundation
import Testing

@testable import XenTree

/// Sources that say more than the build made of them.
@Suite struct FreshnessTests {
    // MARK: The table's description

    private static let description = """
        /*
         * prefix: none of this
         */
        #ifndef CHECKER
        #ifdef CONFIG_COMPAT
        #define PREFIX_compat compat
        rettype: compat int
        #else
        #define PREFIX_compat
        #endif
        handle: uint unsigned int
        defhandle: thing_t
        prefix: do PREFIX_compat
        alpha_op(unsigned int  cmd, void *arg) /* why */
        #if defined(CONFIG_A) || !defined CONFIG_COMPAT
        beta(unsigned int *p, const void *q)
        #elif CONFIG_LEVEL >= 2
        gamma()
        #endif
        prefix: do
        delta(thing_t \\
          *t)
        caller: one
        #ifdef CONFIG_COMPAT
        caller: two
        #endif
        table:     one   two
        alpha_op   do:1  compat:2
        delta      do    -
        #endif

        """

    private static let macros = ["CONFIG_COMPAT": "1", "CONFIG_LEVEL": "2"]

    @Test func preprocessing() throws {
        #expect(try DescriptionPreprocessor(Self.description, macros: Self.macros).lines == [
            "rettype: compat int", "handle: uint unsigned int", "defhandle: thing_t", "prefix: do compat",
            "alpha_op(unsigned int  cmd, void *arg)", "gamma()", "prefix: do", "delta(thing_t   *t)", "caller: one",
            "caller: two", "table:     one   two", "alpha_op   do:1  compat:2", "delta      do    -",
        ])
        #expect(try DescriptionPreprocessor(Self.description, macros: [:]).lines.contains("prefix: do"))
        #expect(try DescriptionPreprocessor(Self.description, macros: ["CHECKER": ""]).lines == [])
    }

    @Test(arguments: [
        "#include <x.h>", "#if F(1)\n#endif", "#if 1 +\n#endif", "#if (1\n#endif", "#endif", "#else", "#if 1", "#error x", "#define F(x) x",
        "#if \(String(repeating: "(", count: 100_000))\n#endif", "#define A A B\nA",
    ])
    func whatIsNotUnderstood(_ text: String) {
        #expect(throws: DescriptionPreprocessor.NotUnderstood.self) { try DescriptionPreprocessor(text, macros: [:]) }
    }

    private func table(_ header: String) throws -> HypercallTable {
        try HypercallTable(
            header: Array(header.utf8), file: "/t.h",
            guestClasses: [], description: nil)
    }

    @Test func theHeaderThatTheScriptWouldMake() throws {
        let lines = try DescriptionPreprocessor(Self.description, macros: Self.macros).lines
        let table = try table(TableDescription(lines: lines).header)
        #expect(table.entries.map(\.handler) == ["do_alpha_op", "do_delta", "compat_alpha_op"])
        #expect(table.entries.map(\.argumentTypes.count) == [2, 1, 2])
        #expect(table.prototypes["compat_alpha_op"]?.returnType == "int")
        #expect(table.prototypes["do_delta"]?.parameters.map(\.type) == ["XEN_GUEST_HANDLE_PARAM(thing_t)"])
        #expect(table.prototypes["do_gamma"]?.parameters.isEmpty == true)
    }

    @Test(arguments: [
        "alpha", "(int a)", "alpha(int)", "a(int a, int b, int c, int d, int e, int f)", "other: x", "table: one\nalpha",
        "caller: one\ntable: one\nalpha do", "alpha(int a", "alpha(int a) b",
    ])
    func whatTheScriptRefuses(_ text: String) {
        #expect(throws: TableDescription.NotUnderstood.self) {
            try TableDescription(lines: text.split(separator: "\n").map(String.init))
        }
    }

    private func state(_ description: String, isHeaderOfBuild: Bool = true) -> String {
        // As a preprocessor leaves it, with what the configuration's own header declares.
        let preprocessed = """
            # 1 "include/x.h"
            extern unsigned long start;
            # 30 "include/hypercall-defs.c"
            rettype: compat int
            handle: uint unsigned int
            defhandle: thing_t
            prefix: do  compat
            alpha_op(unsigned int cmd, void *arg)

            gamma()
            prefix: do
            delta(thing_t *t)
            caller: one
            caller: two
            table: one two
            alpha_op do:1 compat:2
            delta do -
            """
        let state = TableFreshness.state(
            description: description, preprocessed: preprocessed, macros: Self.macros) { _ in isHeaderOfBuild }
        switch state {
        case .current: return "current"
        case .changed(let header): return header.contains("do_new_op((int)(a1))") ? "changed, with the new one" : "changed"
        case .changedUnreadably: return "unreadable"
        case .unknown: return "unknown"
        }
    }

    @Test func descriptionsAreComparedByWhatTheySay() {
        let text = Self.description
        #expect(state(text) == "current")
        #expect(state("/* new */\n" + text.replacing("     ", with: "  ")) == "current")
        #expect(state(text.replacing("prefix: do\n", with: "prefix: do\n#ifdef CONFIG_NO\nx()\n#endif\n")) == "current")
        let more = text.replacing("prefix: do\n", with: "prefix: do\nnew_op(int a)\n")
            .replacing("delta      do    -\n", with: "delta do -\nnew_op do -\n")
        #expect(state(more) == "changed, with the new one")
        #expect(state(more, isHeaderOfBuild: false) == "unreadable")
        #expect(state(text.replacing("delta      do    -\n", with: "nobody do -\n")) == "unreadable")
        #expect(state("#include <x.h>\n" + text) == "unknown")
    }

    // MARK: Files without an object

    @Test func makefiles() {
        let text = """
            obj-y += a.o \\
                     b.init.o # c.o
            obj-$(CONFIG_ON) += d.o
            obj-$(CONFIG_OFF) += e.o
            obj-$(CONFIG_MODULE) += e.o
            ifeq ($(CONFIG_ON),y)
            obj-y += e.o
            else
            obj-y += e.o
            endif
            obj-y := f.o sub/ sub/e.o $(patsubst %,%.o,e) lib.a
            CFLAGS-y += e.o
            \tobj-y += e.o
            extra-y += e.o
            """
        let names = UnbuiltSources.objects(inMakefile: text, config: ["CONFIG_ON": "y", "CONFIG_MODULE": "m"])
        #expect(names == ["f"])
        let more = text.replacing("obj-y :=", with: "obj-y +=").replacing("obj-$(CONFIG_OFF) +=", with: "obj-$(CONFIG_OFF) :=")
        let all = UnbuiltSources.objects(inMakefile: more, config: ["CONFIG_ON": "y", "CONFIG_MODULE": "m"])
        #expect(all == ["a", "b", "d", "f"])
        // What the second list is called only make knows.
        #expect(UnbuiltSources.objects(inMakefile: "obj-y := a.o\nobj-$(BUILD) := $(filter %,$(b))\n", config: [:]) == [])
        #expect(UnbuiltSources.objects(inMakefile: "endif\nifdef\n= =\n+= + +\ndefine x\nobj-y += a.o", config: [:]) == [])
    }

    @Test func aFileThatWasAdded() throws {
        let tree = try TemporaryTree.built(files: ["xen/common/Makefile": "obj-y += a.o\nobj-y += b.o c.o\n"])
        func warnings() throws -> [String] {
            try XenBuild.open(tree: XenTree.find(from: tree.path)).diagnostics
                .filter { $0.severity == .warning }.map(\.description)
        }
        // There is no such file: the makefile speaks of something else.
        #expect(try warnings() == [])
        try tree.write("int g(void) { return 1; }\n", to: "xen/common/b.c")
        #expect(try warnings().count == 1)
        #expect(try warnings().first?.contains("no object of xen/common/b.c, so") == true)
    }
}
