import Testing

@testable import XenTree

/// The generated header with the hypercall table, in invented names.
@Suite struct HypercallTableTests {
    private static let header = """
        #ifndef TABLE_H
        #define TABLE_H
        /* generated; do_not_take(this) */
        long do_alpha_op(unsigned int cmd, XEN_GUEST_HANDLE_PARAM(void) arg);
        int compat_alpha_op(unsigned int cmd, XEN_GUEST_HANDLE_PARAM(void) arg);
        long do_beta(unsigned long a, int b);
        long dep_gamma_op(XEN_GUEST_HANDLE_PARAM(gamma_t) uop);
        long do_unused_op(void);
        #define call_handlers_one(num, ret, a1, a2) \\
        ({ \\
            if ( likely((num) == __HYPERVISOR_alpha_op) ) \\
                ret = do_alpha_op((unsigned int)(a1), (XEN_GUEST_HANDLE_PARAM(void)){ _p(a2) }); \\
            else \\
                switch ( num ) \\
                { \\
                case __HYPERVISOR_beta: \\
                    ret = do_beta((unsigned long)(a1), (int)(a2)); \\
                    break; \\
                case __HYPERVISOR_gamma_op: \\
                    ret = dep_gamma_op((XEN_GUEST_HANDLE_PARAM(gamma_t)){ _p(a1) }); \\
                    break; \\
                default: \\
                    ret = -ENOSYS; \\
                    break; \\
                } \\
        })
        #define call_handlers_two(num, ret, a1, a2) \\
        ({ \\
            switch ( num ) { case __HYPERVISOR_alpha_op: ret = compat_alpha_op((unsigned int)(a1), (T){ _p(a2) }); break; } \\
        })
        #define hypercall_args_one \\
        { \\
        [__HYPERVISOR_alpha_op] = 2, [__HYPERVISOR_beta] = 2, [__HYPERVISOR_gamma_op] = 1, \\
        }
        #endif

        """

    private static let classes = [
        GuestClassDescription(name: "g1", column: "one", architectures: ["x86_64"]),
        GuestClassDescription(name: "g2", column: "two", architectures: ["x86_64"]),
    ]

    private func table(_ text: String) throws(XenTreeError) -> HypercallTable {
        try HypercallTable(header: Array(text.utf8), file: "/b/table.h", guestClasses: Self.classes, description: nil)
    }

    @Test func cellsOfEachColumn() throws {
        let table = try table(Self.header)
        #expect(table.columns.map(\.name) == ["one", "two"])
        #expect(table.columns.map(\.guests) == [["g1"], ["g2"]])
        #expect(table.entries(inColumn: "one").map(\.handler) == ["do_alpha_op", "do_beta", "dep_gamma_op"])
        #expect(table.entries(inColumn: "one").map(\.hypercall) == ["alpha_op", "beta", "gamma_op"])
        #expect(table.entries(inColumn: "two").map(\.handler) == ["compat_alpha_op"])
        #expect(table.entries(inColumn: "one")[1].argumentTypes == ["unsigned long", "int"])
        #expect(table.entries(inColumn: "one")[1].location.line == 17)
        #expect(table.prototypes["compat_alpha_op"]?.returnType == "int")
        #expect(table.prototypes["do_beta"]?.parameters.map(\.name) == ["a", "b"])
        #expect(table.unreachable == ["do_unused_op"])
        #expect(table.prefixes == ["compat", "dep", "do"])
    }

    @Test func aColumnThatNobodyKnowsIsSaid() throws {
        let text = Self.header.replacing("_two", with: "_three")
        let table = try table(text)
        #expect(table.columns.map(\.guests) == [["g1"], []])
        #expect(table.diagnostics.count == 1)
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var name: String
        var from: String
        var to: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Broken(name: "no macro", from: "call_handlers_", to: "other_"),
        Broken(name: "column twice", from: "call_handlers_two", to: "call_handlers_one"),
        Broken(name: "hypercall twice", from: "case __HYPERVISOR_gamma_op", to: "case __HYPERVISOR_beta"),
        Broken(name: "case without a hypercall", from: "case __HYPERVISOR_beta", to: "case 7"),
        Broken(name: "call without a hypercall", from: "default: \\\n            ret = -ENOSYS", to: "default: \\\n ret = do_beta((int)(a1), (int)(a2))"),
        Broken(name: "fewer arguments than counted", from: "do_beta((unsigned long)(a1), (int)(a2))", to: "do_beta((int)(a2))"),
        Broken(name: "call missing", from: "ret = do_beta((unsigned long)(a1), (int)(a2));", to: ""),
        Broken(name: "argument without a conversion", from: "(int)(a2)", to: "a2"),
        Broken(name: "unbalanced", from: "(unsigned long)(a1), (int)(a2)); \\", to: "(unsigned long)(a1, (int)(a2)); \\"),
        Broken(name: "test without a hypercall", from: "(num) == __HYPERVISOR_alpha_op", to: "num"),
    ])
    func whatIsNotUnderstoodIsAnError(_ broken: Broken) {
        let text = Self.header.replacing(broken.from, with: broken.to)
        #expect(text != Self.header)
        #expect(throws: XenTreeError.self) { try table(text) }
    }

    @Test func cutAnywhereIsAnErrorOrWhole() throws {
        let whole = try table(Self.header)
        let bytes = Array(Self.header.utf8)
        for count in stride(from: 0, to: bytes.count, by: 3) {
            let cut = String(decoding: bytes.prefix(count), as: UTF8.self)
            guard let found = try? table(cut) else { continue }
            // Cells that are there are right, and a column is there with all its cells.
            for column in found.columns {
                #expect(found.entries(inColumn: column.name) == whole.entries(inColumn: column.name), "cut at \(count)")
            }
        }
    }

    @Test(arguments: ["{", "(", "if ( (num) == __HYPERVISOR_x ) "]) func deepNestingIsAnError(_ open: String) {
        let text = "#define call_handlers_one(num, ret) ({ " + String(repeating: open, count: 100_000) + "\n"
        #expect(throws: XenTreeError.self) { try table(text) }
    }

    @Test func bytesThatAreNoText() {
        #expect(throws: XenTreeError.self) {
            try HypercallTable(header: [0xFF, 0, 0xFE, 10, 35], file: "/b/t.h", guestClasses: [], description: nil)
        }
    }
}
