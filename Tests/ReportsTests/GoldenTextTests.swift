import Rules
import Testing
import ValueAnalysis

@testable import Reports

/// The text reports, as they are.
@Suite struct GoldenTextTests {
    private func lint(_ options: TextOptions = TextOptions()) throws -> String {
        LintTextReport(options: options).render(findings: try sampleFindings(), audit: sampleAudit())
    }

    @Test func lintOnOneLineEach() throws {
        #expect(try lint() == #"""
            xen/common/broken.c:3:1: warning: expected ';' [parse-error]
            xen/common/argo.c:77:16: error: [0, 70000] is cut from 'unsigned int' to 'unsigned short'; do_argo_op(ARGO_count) returns it to arm32 [narrowing-on-return-path]
            xen/common/memory.c:1646:9: error: do_memory_op(XENMEM_maximum_ram_page) can return [0, 0xffffffffffffffff] to arm32; r0 holds 32 bits [return-exceeds-32-bit]
            xen/common/page_alloc.c:52:15: note: 'max_page' is a global of type 'unsigned long': [0, 0xffffffffffffffff]
            xen/common/memory.c:1646:14: note: converted to 'long' and assigned to 'rc'
            xen/common/memory.c:2050:5: note: returned to the guest
            xen/common/memory.c:1646:9: note: known case: XENMEM_maximum_ram_page returns max_page unchecked; remedy: saturate, as the end of compat_memory_op() does; or fail with -ERANGE, -EDOM or -E2BIG where the value does not fit
            xen/common/memory.c:1646:9: note: history: Since 2005 (9ba9cbdb3fb5) the sub-operation returns max_page, an unsigned long, as the hypercall's result. The public header promises that it never fails. 7ffc9779aa51 (2013) let do_memory_op() return more than an int, and made compat_memory_op() saturate at INT_MAX, which covers 32-bit x86 guests, and HVM guests by way of hvm_memory_op(). 32-bit Arm guests have no compat layer: they call do_memory_op() and get the low half of max_page once the host has RAM above 16 TiB (2^32 pages).
            xen/common/memory.c:2060:9: note: do_memory_op for arm32 is not decided: arch_memory_op() was not parsed [analysis-incomplete]
            Xen 4.23-unstable, arm64, c447b7308b13: 2 errors, 0 warnings, 1 note
            1 parse error; not understood: 2 asm goto
            4 rows: 1 fits-int, 2 exceeds-32-bit, 1 unknown

            """#)
    }

    @Test func lintAt80ColumnsWithTime() throws {
        let report = try lint(TextOptions(width: 80, elapsed: .milliseconds(12_340)))
        #expect(report.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(report == #"""
            xen/common/broken.c:3:1: warning: expected ';' [parse-error]
            xen/common/argo.c:77:16: error: [0, 70000] is cut from 'unsigned int' to
                'unsigned short'; do_argo_op(ARGO_count) returns it to arm32
                [narrowing-on-return-path]
            xen/common/memory.c:1646:9: error: do_memory_op(XENMEM_maximum_ram_page) can
                return [0, 0xffffffffffffffff] to arm32; r0 holds 32 bits
                [return-exceeds-32-bit]
            xen/common/page_alloc.c:52:15: note: 'max_page' is a global of type 'unsigned
                long': [0, 0xffffffffffffffff]
            xen/common/memory.c:1646:14: note: converted to 'long' and assigned to 'rc'
            xen/common/memory.c:2050:5: note: returned to the guest
            xen/common/memory.c:1646:9: note: known case: XENMEM_maximum_ram_page returns
                max_page unchecked; remedy: saturate, as the end of compat_memory_op() does;
                or fail with -ERANGE, -EDOM or -E2BIG where the value does not fit
            xen/common/memory.c:1646:9: note: history: Since 2005 (9ba9cbdb3fb5) the
                sub-operation returns max_page, an unsigned long, as the hypercall's result.
                The public header promises that it never fails. 7ffc9779aa51 (2013) let
                do_memory_op() return more than an int, and made compat_memory_op() saturate
                at INT_MAX, which covers 32-bit x86 guests, and HVM guests by way of
                hvm_memory_op(). 32-bit Arm guests have no compat layer: they call
                do_memory_op() and get the low half of max_page once the host has RAM above
                16 TiB (2^32 pages).
            xen/common/memory.c:2060:9: note: do_memory_op for arm32 is not decided:
                arch_memory_op() was not parsed [analysis-incomplete]
            Xen 4.23-unstable, arm64, c447b7308b13: 2 errors, 0 warnings, 1 note
            1 parse error; not understood: 2 asm goto
            4 rows: 1 fits-int, 2 exceeds-32-bit, 1 unknown (12.3 s)

            """#)
    }

    /// Half a range at the end of a line reads like another one.
    @Test func rangesStayWhole() {
        let text = DisplayText.wrapped("field 'n': [0, 4294967295] and [1, 2", width: 24, used: 0, indent: 2)
        #expect(text == "field 'n':\n  [0, 4294967295] and\n  [1, 2")
    }

    @Test func lintWithoutFindings() {
        let audit = Audit(
            tree: AuditedTree(version: "4.23", architecture: "arm32", revision: nil), rows: [], unsupported: [:],
            parseErrors: [])
        #expect(LintTextReport().render(findings: [], audit: audit) == "Xen 4.23, arm32: no findings\n0 rows\n")
    }

    @Test func colours() throws {
        let report = try lint(TextOptions(isColoured: true))
        #expect(report.contains("\u{1b}[1mxen/common/memory.c:1646:9:\u{1b}[0m \u{1b}[1;31merror:\u{1b}[0m do_memory_op("))
        var plain = report
        for code in ["1", "1;31", "1;35", "1;36", "32", "0"] { plain = plain.replacing("\u{1b}[\(code)m", with: "") }
        #expect(try plain == lint())
    }

    @Test func auditTable() {
        #expect(AuditTextReport().render(audit: sampleAudit()) == #"""
            memory_op for arm32: long do_memory_op()
              XENMEM_maximum_ram_page  exceeds-32-bit  [0, 0xffffffffffffffff]  xen/common/memory.c:1646:9
              XENMEM_add_to_physmap    fits-int        [-4095, 0]               xen/common/memory.c:1731:9
                  every return is 0 or -errno
              (other paths)            unknown         -                        xen/common/memory.c:2060:9
                  arch_memory_op() was not parsed

            memory_op for arm32: long do_argo_op()
              ARGO_count  exceeds-32-bit  [0, 70000]  xen/common/argo.c:90:9

            xen/common/broken.c:3:1: warning: expected ';' [parse-error]
            Xen 4.23-unstable, arm64, c447b7308b13
            1 parse error; not understood: 2 asm goto
            4 rows: 1 fits-int, 2 exceeds-32-bit, 1 unknown

            """#)
    }

    @Test func auditTableAt80Columns() {
        let report = AuditTextReport(options: TextOptions(width: 80)).render(audit: sampleAudit())
        #expect(report.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(report == #"""
            memory_op for arm32: long do_memory_op()
              XENMEM_maximum_ram_page  exceeds-32-bit  [0, 0xffffffffffffffff]
                  xen/common/memory.c:1646:9
              XENMEM_add_to_physmap    fits-int        [-4095, 0]
                  xen/common/memory.c:1731:9
                  every return is 0 or -errno
              (other paths)            unknown         -
                  xen/common/memory.c:2060:9
                  arch_memory_op() was not parsed

            memory_op for arm32: long do_argo_op()
              ARGO_count  exceeds-32-bit  [0, 70000]  xen/common/argo.c:90:9

            xen/common/broken.c:3:1: warning: expected ';' [parse-error]
            Xen 4.23-unstable, arm64, c447b7308b13
            1 parse error; not understood: 2 asm goto
            4 rows: 1 fits-int, 2 exceeds-32-bit, 1 unknown

            """#)
    }

    @Test func handlers() {
        let entries = [
            HandlerEntry(
                hypercall: "memory_op", guest: "pv32", handler: "compat_memory_op", location: place(60, 5),
                returnType: "int"),
            HandlerEntry(hypercall: "dm_op", guest: "arm32", handler: "do_dm_op", location: nil, returnType: nil),
        ]
        #expect(HandlersTextReport().render(entries: entries) == """
            HYPERCALL  GUEST  HANDLER           RETURNS  DEFINED AT
            memory_op  pv32   compat_memory_op  int      xen/common/memory.c:60:5
            dm_op      arm32  do_dm_op          -        not found

            """)
    }
}
