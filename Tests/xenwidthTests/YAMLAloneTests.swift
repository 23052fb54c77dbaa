import Foundation
import Testing

/// What can be added without any Swift: a rule, a guest class, the model of a function.
@Suite struct YAMLAloneTests {
    private func withPack<Result>(_ body: (URL) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            let pack = directory.appendingPathComponent("rules")
            try FileManager.default.copyItem(at: repositoryRoot.appendingPathComponent("rules"), to: pack)
            return try body(pack)
        }
    }

    @Test func aRule() throws {
        try withPack { pack in
            try """
                id: more-than-4096
                title: A handler of one prefix that can return more than 4096
                severity: warning
                when:
                  handler: 'do_*'
                  range: {maxAbove: 4096}
                message: "{handler} can return up to {range.max}"
                help: Only small numbers here.
                examples:
                  triggering:
                    - {title: one more, code: "long do_example(int cmd) { return 4097; }\\n"}
                    - {title: any short, code: "unsigned short n;\\nlong do_example(int cmd) { return n; }\\n"}
                    - {title: a sum, code: "long do_example(int cmd) { return (cmd & 0xfff) + 2; }\\n"}
                  nonTriggering:
                    - {title: the limit, code: "long do_example(int cmd) { return 4096; }\\n"}
                    - {title: an error, code: "long do_example(int cmd) { return -22; }\\n"}
                    - {title: another prefix, handler: compat_example, code: "int compat_example(int cmd) { return 4097; }\\n"}
                """.write(to: pack.appendingPathComponent("findings/more-than-4096.yml"), atomically: true, encoding: .utf8)
            let tested = try Program.run(["rules", "test", "--rules", pack.path, "--only", "more-than-4096"])
            #expect(tested.output == "6 examples of 1 rules, 0 failed\n", "\(tested)")
            try MiniXen.withBuild { tree in
                let lint = try Program.run(["lint", tree.root.path, "--rules", pack.path, "--only", "more-than-4096"])
                #expect(lint.status == 1)
                #expect(lint.output.contains("do_memory_op can return up to 0x"), "\(lint.output)")
                #expect(!lint.output.contains("[return-exceeds-32-bit]"))
            }
        }
    }

    @Test func aGuestClass() throws {
        try withPack { pack in
            let file = pack.appendingPathComponent("guests.yml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try (text + """

                  - name: tiny16
                    column: arm
                    architectures: [arm64]
                    argumentWidth: 16
                    resultWidth: 32
                    resultSlot: w0
                """).write(to: file, atomically: true, encoding: .utf8)
            try MiniXen.withBuild { tree in
                let rows = try tree.audit(["--rules", pack.path, "--guest", "tiny16"]).rows
                #expect(!rows.isEmpty)
                #expect(rows.allSatisfy { $0.guest == "tiny16" })
            }
        }
    }

    @Test func aModel() throws {
        try withPack { pack in
            try MiniXen.withBuild { tree in
                func verdict() throws -> String? {
                    try tree.audit(["--rules", pack.path]).rows.first { $0.subOperation == "XENMEM_current_reservation" }?.verdict
                }
                #expect(try verdict() == "errno-ambiguous")
                let file = pack.appendingPathComponent("models.yml")
                let text = try String(contentsOf: file, encoding: .utf8)
                let model = "  - {names: domain_tot_pages, minimum: 0, maximum: 1000, reason: domains are small here}\n\n"
                try text.replacing("# Bounds on globals", with: model + "# Bounds on globals")
                    .write(to: file, atomically: true, encoding: .utf8)
                #expect(try verdict() == "fits-int")
            }
        }
    }
}
