import Foundation
import Testing

/// Trees that are prepared for several architectures.
@Suite struct EveryBuildTests {
    private static func withTwoBuilds(_ body: (MiniXen, [String: String]) throws -> Void) throws {
        try Documentation.withCheckout { tree, environment in
            let environment = environment.merging(["GIT_CONFIG_NOSYSTEM": "1"]) { $1 }
            let script = """
                git init -q -b main && git config user.name n && git config user.email n@example.org
                git add -A && git commit -q -m tree
                xenwidth prepare --arch arm64 -q && xenwidth prepare --arch x86_64 -q
                """
            let made = try run(script, tree, environment)
            try #require(made.status == 0, "\(made.errors)")
            try body(tree, environment)
        }
    }

    private static func run(_ script: String, _ tree: MiniXen, _ environment: [String: String]) throws -> Program.Outcome {
        try Program.runAny(
            URL(fileURLWithPath: "/bin/bash"), ["-e", "-c", script], directory: tree.root, environment: environment,
            limit: 240)
    }

    @Test func allAreLookedAt() throws {
        try Self.withTwoBuilds { tree, environment in
            let unclear = try Self.run("xenwidth lint", tree, environment)
            #expect(unclear.status == 2 && unclear.errors.contains("lint --every-build"), "\(unclear.errors)")
            let both = try Self.run("xenwidth lint --every-build", tree, environment)
            #expect(both.status == 1, "\(both.errors)")
            #expect(both.output.contains("Xen 4.23-mini, arm64") && both.output.contains("Xen 4.23-mini, x86_64"), "\(both.output)")
            let one = try Self.run("xenwidth lint --every-build --arch arm64", tree, environment)
            #expect(one.status == 1 && !one.output.contains("x86_64"), "\(one.output)")
            for options in ["-o x", "--format sarif", "--output sarif=x", "--shard 1/2"] {
                let refused = try Self.run("xenwidth lint --every-build " + options, tree, environment)
                #expect(refused.status == 2 && refused.errors.contains("--every-build"), "\(refused)")
            }
        }
    }

    /// Commits must not be refused because it is not clear which build is meant.
    @Test func theHookLooksAtAll() throws {
        try Self.withTwoBuilds { tree, environment in
            let script = "xenwidth hook install && echo '/* harmless */' >>xen/common/kernel.c && git commit -q -a -m harmless"
            let harmless = try Self.run(script, tree, environment)
            #expect(harmless.status == 0, "\(harmless)")
            let bad = try Self.run("echo '/* touched */' >>xen/common/page_alloc.c && git commit -q -a -m bad", tree, environment)
            #expect(bad.status == 1 && (bad.output + bad.errors).contains("[return-exceeds-32-bit]"), "\(bad)")
        }
    }
}
