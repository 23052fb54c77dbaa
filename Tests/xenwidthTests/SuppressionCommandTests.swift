import Foundation
import Testing

/// Suppressions and baselines, on a tree as a user has it.
@Suite struct SuppressionCommandTests {
    private static let file = "xen/common/memory.c"
    private static let line = "        rc = max_page;\n"

    @Test func commentsAndTags() throws {
        try MiniXen.withBuild { tree in
            let only = ["lint", tree.root.path, "--only", "return-exceeds-32-bit,unused-suppression"]
            let plain = try Program.run(only)
            #expect(plain.output.contains("XENMEM_maximum_ram_page"))
            let source = try tree.text(Self.file)
            try tree.replace(Self.line, with: "        /* SAF-3-safe */\n" + Self.line, in: Self.file)
            #expect(try Program.run(only).output.contains("XENMEM_maximum_ram_page"))
            let misra = tree.root.appendingPathComponent("docs/misra")
            try FileManager.default.createDirectory(at: misra, withIntermediateDirectories: true)
            let database = """
                {"version": "1.0", "content": [
                  {"id": "SAF-3-safe", "analyser": {"eclair": "x", "xenwidth": "return-exceeds-32-bit"}, "name": "n", "text": "known"},
                  {"id": "SAF-4-safe", "analyser": {}, "name": "Sentinel", "text": "Next ID to be used"}
                ]}
                """
            try tree.write(database, to: "docs/misra/safe.json")
            let tagged = try Program.run(only)
            #expect(!tagged.output.contains("known case"), "\(tagged.output)")
            #expect(tagged.output.contains("1 suppressed"), "\(tagged.output)")
            let sarif = try Program.run(only + ["--format", "sarif"])
            #expect(sarif.output.contains("\"justification\": \"known\""))

            // The database of what is the tool's mistake is a file of its own.
            try tree.write(source.replacing(Self.line, with: "        /* SAF-0-false-positive-xenwidth why */\n" + Self.line)
                + "/* SAF-1-false-positive-xenwidth */\n", to: Self.file)
            try tree.write("""
                {"version": "1.0", "content": [
                  {"id": "SAF-0-false-positive-xenwidth", "violation-id": "return-exceeds-32-bit", "tool-version": "1",
                   "name": "n", "text": "not so"},
                  {"id": "SAF-1-false-positive-xenwidth", "violation-id": "", "tool-version": "", "name": "Sentinel", "text": "Next ID to be used"}
                ]}
                """, to: "docs/misra/false-positive-xenwidth.json")
            let mistaken = try Program.run(only)
            #expect(mistaken.output.contains("1 suppressed"))
            #expect(mistaken.output.contains("has no effect: its entry names no rule"), "\(mistaken.output)")
            #expect(try Program.run(only + ["--format", "sarif"]).output.contains("\"justification\": \"not so\""))

            try tree.write(database + "]", to: "docs/misra/safe.json")
            let broken = try Program.run(only)
            #expect(broken.status == 2)
            #expect(broken.errors.contains("docs/misra/safe.json:4:3: "), "\(broken.errors)")
            try tree.write(source.replacing(Self.line, with: Self.line.replacing("max_page", with: "0")
                + "        /* xenwidth: allow(return-exceeds-32-bit) no more */\n"), to: Self.file)
            try FileManager.default.removeItem(at: misra)
            let unused = try Program.run(only)
            #expect(unused.output.contains("note: suppression of return-exceeds-32-bit has no effect"), "\(unused.output)")
            // In a header, where no finding is either; that of another architecture is none of this build's.
            try tree.write(source, to: Self.file)
            for header in ["xen/include/xen/mm.h", "xen/arch/arm/include/asm/regs.h", "xen/arch/x86/include/asm/regs.h"] {
                let text = try tree.text(header)
                try tree.write(text + "/* xenwidth: allow(return-exceeds-32-bit) not here */\n", to: header)
            }
            let headers = try Program.run(only).output.split(separator: "\n").filter { $0.contains("has no effect") }
            #expect(headers.map { $0.prefix { $0 != ":" } } == ["xen/arch/arm/include/asm/regs.h", "xen/include/xen/mm.h"])
        }
    }

    @Test func baselines() throws {
        try MiniXen.withBuild { tree in
            let baseline = tree.root.appendingPathComponent("b.json").path
            let lint = ["lint", tree.root.path, "--baseline", baseline]
            let missing = try Program.run(lint)
            #expect(missing.status == 2)
            #expect(missing.errors.contains("xenwidth baseline create"), "\(missing.errors)")
            let create = ["baseline", "create", tree.root.path, "--baseline", baseline]
            #expect(try Program.run(create).status == 0)
            #expect(try Program.run(create).status == 2)
            let first = try String(contentsOfFile: baseline, encoding: .utf8)
            #expect(try Program.run(["baseline", "create", tree.root.path, "--baseline", baseline, "--force"]).status == 0)
            #expect(try String(contentsOfFile: baseline, encoding: .utf8) == first)
            #expect(try Program.run(["baseline", "show", baseline]).output.contains("XENMEM_maximum_ram_page"))

            // Lines move, blanks change, an unrelated variable is renamed: nothing is new.
            let text = try tree.text(Self.file)
            try tree.write(
                "\n\n" + text.replacing(Self.line, with: "\n   rc   =\n\n max_page;\n").replacing("curr_d", with: "caller"),
                to: Self.file)
            let moved = try Program.run(lint)
            #expect(moved.status == 0, "\(moved.output)")
            #expect(moved.output.contains("no findings ("), "\(moved.output)")

            // A second value in a case that has a known one is new.
            let second = "        if ( arg.p )\n            rc = (unsigned long)arg.p << 4;\n"
            try tree.write(text.replacing(Self.line, with: Self.line + second), to: Self.file)
            let added = try Program.run(lint)
            #expect(added.status == 1)
            #expect(added.output.contains("error: do_memory_op(XENMEM_maximum_ram_page)"), "\(added.output)")
            #expect(!added.output.contains("        rc = max_page;"), "\(added.output)")

            try tree.write(text.replacing(Self.line, with: Self.line.replacing("max_page", with: "0")), to: Self.file)
            let mended = try Program.run(lint)
            #expect(mended.status == 0)
            #expect(mended.output.contains("fixed since the baseline: xen/common/memory.c: "), "\(mended.output)")
            let update = try Program.run(["baseline", "update", tree.root.path, "--baseline", baseline])
            #expect(update.output.contains("arm64: 0 added, 2 removed, "), "\(update.output)")
            try tree.write(text, to: Self.file)
            let again = try Program.run(lint)
            #expect(again.status == 1)
            #expect(again.output.contains("1 error, 0 warnings, 1 note ("), "\(again.output)")
        }
    }
}
