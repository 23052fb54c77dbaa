import Foundation
import Testing

/// `make xen-audit`, on the miniature tree: what it shows, and that what is not understood fails it.
@Suite struct XenAuditTests {
    private static func run(_ tree: MiniXen, builds more: [String] = []) throws -> Program.Outcome {
        let script = repositoryRoot.appendingPathComponent("tools/xen-audit.sh").path
        return try Program.runAny(
            URL(fileURLWithPath: "/bin/sh"), [script, Program.executable.path, tree.root.path, tree.root.path] + more,
            directory: nil, environment: [:], limit: 240)
    }

    @Test func rowsToBeRead() throws {
        try MiniXen.withBuild { tree in
            let outcome = try Self.run(tree)
            #expect(outcome.status == 0, "\(outcome)")
            let rows = outcome.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
            #expect(rows.contains { $0.contains("XENMEM_maximum_ram_page") && $0.contains("exceeds-32-bit") }, "\(rows)")
            #expect(!rows.contains { $0.contains("fits-int") }, "\(rows)")
        }
    }

    /// The map of the build before does not stand for one that is not there.
    @Test func aBuildThatIsMissing() throws {
        try MiniXen.withBuild { tree in
            let outcome = try Self.run(tree, builds: [tree.file("nowhere").path])
            #expect(outcome.status == 2 && outcome.errors.contains("nowhere was not analysed"), "\(outcome)")
        }
    }

    @Test(arguments: [
        ("    long rc;\n", "    long rc = ;\n", "did not parse"),
        ("rc = max_page;", "double far = max_page; int cut = far; rc = cut;", "not understood"),
    ])
    func whatIsNotUnderstoodFails(text: String, replacement: String, expected: String) throws {
        try MiniXen.withBuild { tree in
            let file = "xen/common/memory.c"
            let source = try tree.text(file)
            try #require(source.contains(text))
            try tree.write(source.replacing(text, with: replacement), to: file)
            let outcome = try Self.run(tree)
            #expect(outcome.status == 1 && outcome.errors.contains(expected), "\(outcome)")
        }
    }
}
