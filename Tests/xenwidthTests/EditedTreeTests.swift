import Foundation
import Testing

/// Edits after the build, which nobody makes again before asking.
@Suite struct EditedTreeTests {
    private static func append(_ text: String, to path: String, in tree: MiniXen) throws {
        try tree.write(try tree.text(path) + text, to: path)
    }

    private func largest(_ tree: MiniXen, _ arguments: [String] = []) throws -> AuditDocument.Row? {
        try tree.audit(arguments).rows(of: "do_memory_op").first { $0.subOperation == "XENMEM_maximum_ram_page" }
    }

    @Test func helpersInOtherFiles() throws {
        try MiniXen.withBuild { tree in
            // Told apart by their bodies only: the types of both say `exceeds`.
            try Self.append(
                "unsigned long far_saturated(unsigned long v);\nunsigned long far_plain(unsigned long v);\n",
                to: "xen/include/xen/lib.h", in: tree)
            try tree.replace("rc = max_page;", with: "rc = far_saturated(max_page);", in: "xen/common/memory.c")
            try Self.append(
                "unsigned long far_saturated(unsigned long v)\n{\n    return v > 0x7fffffffUL ? 0x7fffffffUL : v;\n}\n",
                to: "xen/common/page_alloc.c", in: tree)
            #expect(try largest(tree)?.verdict == "fits-int")

            // A helper that cuts: its type says `fits`.
            try tree.replace("far_saturated(max_page)", with: "far_cut()", in: "xen/common/memory.c")
            try Self.append("int far_cut(void);\n", to: "xen/include/xen/lib.h", in: tree)
            try Self.append("int far_cut(void)\n{\n    return max_page;\n}\n", to: "xen/common/page_alloc.c", in: tree)
            #expect(try largest(tree)?.verdict == "exceeds-32-bit")

            // The same name a second time: which one is meant is not known.
            try Self.append("int far_cut(void)\n{\n    return 0;\n}\n", to: "xen/common/sched.c", in: tree)
            let row = try largest(tree)
            #expect(row?.verdict == "unknown")
            #expect(row?.reason?.contains("page_alloc.c") == true && row?.reason?.contains("sched.c") == true)
        }
    }

    @Test func aHandlerThatMoved() throws {
        try MiniXen.withBuild { tree in
            let text = try tree.text("xen/common/kernel.c")
            let start = try #require(text.firstRange(of: "long do_vm_assist(")).lowerBound
            try tree.write(String(text[..<start]), to: "xen/common/kernel.c")
            #expect(try tree.audit().rows(of: "do_vm_assist").map(\.verdict) == ["unknown"])
            try Self.append(
                "#include <xen/hypercall.h>\nlong do_vm_assist(unsigned int cmd, unsigned int type)\n{\n    return max_page;\n}\n",
                to: "xen/common/page_alloc.c", in: tree)
            let rows = try tree.audit().rows(of: "do_vm_assist")
            #expect(rows.map(\.verdict) == ["exceeds-32-bit"])
            #expect(rows.first?.location.file == "xen/common/page_alloc.c")
        }
    }

    private func warnings(_ tree: MiniXen, _ arguments: [String] = []) throws -> [Substring] {
        let outcome = try Program.run(["handlers", tree.root.path] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.errors.split(separator: "\n").filter { $0.contains("warning") }
    }

    @Test(arguments: MiniXen.Architecture.allCases) func aHypercallThatIsNew(_ architecture: MiniXen.Architecture) throws {
        try MiniXen.withBuild(architecture) { tree in
            let path = "xen/include/hypercall-defs.c"
            #expect(try warnings(tree) == [])
            try tree.replace("#ifdef CONFIG_COMPAT\ndefhandle", with: "/* ! */\n\n#ifdef CONFIG_COMPAT\ndefhandle", in: path)
            #expect(try warnings(tree) == [])

            try tree.replace(
                "#define __HYPERVISOR_set_timer_op ", with: "#define __HYPERVISOR_far_op 47\n#define __HYPERVISOR_set_timer_op ",
                in: "xen/include/public/xen.h")
            try tree.replace("set_timer_op(s_time_t timeout)\n", with: "set_timer_op(s_time_t timeout)\nfar_op(int cmd)\n", in: path)
            try Self.append("far_op  do do do do do\n", to: path, in: tree)
            try Self.append("long do_far_op(int cmd)\n{\n    return max_page;\n}\n", to: "xen/common/page_alloc.c", in: tree)
            let rows = try tree.audit().rows(of: "do_far_op")
            #expect(!rows.isEmpty && rows.allSatisfy { $0.verdict == "exceeds-32-bit" })
            let said = try warnings(tree)
            #expect(said.count == 1 && said[0].contains("hypercall-defs.c") && said[0].contains("run the build again"))
            try tree.build(architecture)
            #expect(try warnings(tree) == [])
            #expect(try tree.audit().rows(of: "do_far_op").map(\.verdict) == rows.map(\.verdict))
        }
    }

    /// A copy of the tree is as new as an edit, and says the same.
    @Test func aCopyIsNoEdit() throws {
        try MiniXen.withSources { tree in
            try withTemporaryDirectory { scratch in
                let build = scratch.appendingPathComponent("build")
                try tree.build(.x86_64, into: build)
                let before = try tree.audit(["--build-dir", build.path])
                let copy = MiniXen(root: scratch.appendingPathComponent("copy"))
                try FileManager.default.copyItem(at: tree.root, to: copy.root)
                let said = try warnings(copy, ["--build-dir", build.path])
                #expect(said.count == 1 && said[0].contains("the build was made from"))
                let after = try copy.audit(["--build-dir", build.path])
                #expect(after.rows.map(\.verdict) == before.rows.map(\.verdict))
                #expect(after.rows.map(\.location.file) == before.rows.map(\.location.file))
            }
        }
    }
}
