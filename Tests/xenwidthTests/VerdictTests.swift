import Foundation
import Testing

/// What the program has to find out about the miniature tree, from the tree's files to the report.
@Suite struct VerdictTests {
    private func row(
        _ audit: AuditDocument, _ handler: String, _ operation: String?, _ guest: String
    ) throws -> AuditDocument.Row {
        let found = audit.rows(of: handler).filter { $0.subOperation == operation && $0.guest == guest }
        return try #require(found.first, "\(handler) \(operation ?? "-") \(guest)")
    }

    @Test func theGlobalThatDoesNotFit() throws {
        try MiniXen.withBuild(.arm64) { tree in
            let audit = try tree.audit()
            let row = try row(audit, "do_memory_op", "XENMEM_maximum_ram_page", "arm32")
            #expect(row.verdict == "exceeds-32-bit")
            #expect(row.location.file == "xen/common/memory.c")
            let lines = try tree.text("xen/common/memory.c").split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[row.location.line - 1].contains("rc = max_page"))
            #expect(row.evidence.first?.message?.contains("max_page") == true)
            #expect(row.evidence.last?.message?.contains("return") == true)
            #expect(try self.row(audit, "do_memory_op", "XENMEM_add_to_physmap", "arm32").verdict == "fits-int")

            let lint = try Program.run(["lint", tree.root.path])
            #expect(lint.status == 1)
            let place = "xen/common/memory.c:\(row.location.line):\(row.location.column): error: "
            #expect(lint.output.contains(place), "\(lint.output)")
            #expect(lint.output.contains("[return-exceeds-32-bit]"))
            #expect(try Program.run(["lint", tree.root.path, "--fail-on", "never"]).status == 0)

            let explained = try Program.run(
                ["audit", tree.root.path, "--explain", "do_memory_op:XENMEM_maximum_ram_page"])
            #expect(explained.status == 0)
            #expect(explained.output.contains("global 'max_page'"), "\(explained.output)")
        }
    }

    @Test func theSaturationThatMakesItFit() throws {
        try MiniXen.withBuild(.x86_64) { tree in
            let columns = [("compat_memory_op", "pv32"), ("hvm_memory_op", "hvm32")]
            var audit = try tree.audit()
            for (handler, guest) in columns {
                #expect(try row(audit, handler, "XENMEM_maximum_ram_page", guest).verdict == "fits-int")
            }
            let guard1 = "    if ( unlikely(rc > INT_MAX) )\n        return INT_MAX;\n"
            try tree.replace(guard1, with: "", in: "xen/common/compat/memory.c")
            audit = try tree.audit()
            for (handler, guest) in columns {
                #expect(try row(audit, handler, "XENMEM_maximum_ram_page", guest).verdict == "exceeds-32-bit")
            }
        }
    }

    @Test(arguments: MiniXen.Architecture.allCases)
    func everyCellOfTheTableHasARow(architecture: MiniXen.Architecture) throws {
        try MiniXen.withBuild(architecture) { tree in
            let guests = architecture == .arm64 ? "arm32" : "pv32,hvm32"
            let listing = try Program.run(["handlers", tree.root.path, "--guest", guests, "--format", "json"])
            struct Listing: Decodable {
                struct Entry: Decodable, Hashable {
                    var hypercall: String
                    var guest: String
                    var handler: String
                }
                var handlers: [Entry]
            }
            let table = try JSONDecoder().decode(Listing.self, from: Data(listing.output.utf8)).handlers
            let audit = try tree.audit()
            let found = Set(audit.rows.map {
                Listing.Entry(hypercall: $0.hypercall, guest: $0.guest, handler: $0.handler)
            })
            #expect(!table.isEmpty)
            // There can be more: functions whose result is delivered to the guest later.
            #expect(Set(table).subtracting(found).isEmpty)
            #expect(audit.rows.allSatisfy { $0.verdict != "unknown" || $0.reason?.isEmpty == false })
            #expect(audit.summary.values.reduce(0, +) == audit.rows.count)
        }
    }
}
