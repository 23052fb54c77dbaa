import Foundation
import Testing

/// Rules that need to know more of a tree than the rows of its map.
@Suite struct TreeFactTests {
    /// The same dispatcher function serves two columns: each call is of the column whose handlers it calls.
    @Test func theDispatcherOfOneColumn() throws {
        try MiniXen.withBuild(.x86_64) { tree in
            // Nothing has to be known of values here.
            let lint = ["lint", tree.root.path, "--only", "dispatcher-result-width", "--max-instructions", "1"]
            #expect(try Program.run(lint).output.contains("no findings"))
            let file = "xen/arch/x86/hvm/hypercall.c"
            try tree.replace("call_handlers_hvm32(eax, regs->eax,", with: "call_handlers_hvm32(eax, regs->rax,", in: file)
            let changed = try Program.run(lint)
            #expect(changed.status == 1)
            #expect(changed.output.contains("hvm_hypercall() stores 64 bits of a result in cpu_user_regs.rax for hvm32"))
            #expect(!changed.output.contains("pv32"), "\(changed.output)")
        }
    }

    /// 64-bit guest classes are analysed where the sign of an error may be lost, and nowhere else.
    @Test func aLostSign() throws {
        try MiniXen.withBuild(.arm64) { tree in
            let file = "xen/common/kernel.c"
            try tree.replace(
                "    return vm_assist(current->domain, cmd, type, 0x3f);\n",
                with: "    unsigned int rc = vm_assist(current->domain, cmd, type, 0x3f);\n\n    return rc;\n", in: file)
            let lint = try Program.run(["lint", tree.root.path, "--format", "json"])
            #expect(lint.output.contains("\"rule\": \"error-not-sign-extended\""), "\(lint.output)")
            #expect(lint.output.contains("its sign is lost in do_vm_assist() at xen/common/kernel.c:"))
            #expect(lint.output.components(separatedBy: "\"guest\": \"arm64\"").count >= 2)
            #expect(!lint.output.contains("do_memory_op(XENMEM_maximum_ram_page) can return [0, 0xffffffffffffffff] to arm64"))
        }
    }

    /// The question about the whole table.
    @Test func whichHandlersCouldReturnInt() throws {
        try MiniXen.withBuild(.arm64) { tree in
            let lint = try Program.run(["lint", tree.root.path, "--only", "could-return-int"])
            #expect(lint.status == 0)
            #expect(lint.output.contains("do_vm_assist returns long, and all of its results fit int for arm32, arm64"), "\(lint.output)")
            #expect(!lint.output.contains("do_memory_op returns long"))
        }
    }
}
