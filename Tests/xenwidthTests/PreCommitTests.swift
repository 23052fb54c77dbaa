import Foundation
import Testing

/// The hooks of this repository, as pre-commit runs them.
extension ChangedTests {
    /// The real framework, if it is there: `pip install pre-commit`.
    @Test func preCommitRunsIt() throws {
        try withTemporaryDirectory { scratch in
            // A repository of its own, since the one of this test may be any commit or none.
            let hooks = MiniXen(root: scratch)
            try FileManager.default.copyItem(
                at: repositoryRoot.appendingPathComponent(".pre-commit-hooks.yaml"),
                to: hooks.file(".pre-commit-hooks.yaml"))
            for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "hooks"]] {
                try Self.git(hooks, arguments, Self.identity)
            }
            try Self.commits(checkedBy: "xenwidth-system", of: hooks, limit: 240)
        }
    }

    /// The hook that the framework builds by itself, from the last commit of this repository: takes minutes, and the network
    /// for the packages. `make test-hook` asks for it.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["XENWIDTH_TEST_SWIFT_HOOK"] != nil))
    func preCommitBuildsIt() throws {
        try Self.commits(checkedBy: "xenwidth", of: MiniXen(root: repositoryRoot), limit: 2400)
    }

    /// A commit that brings in the defect is refused, one that does no harm passes.
    private static func commits(checkedBy hook: String, of repository: MiniXen, limit: TimeInterval) throws {
        guard let preCommit else { return print("skipped: no pre-commit") }
        try withCheckout { tree, environment in
            let revision = try git(repository, ["rev-parse", "HEAD"], environment).output
            try tree.write(
                "repos:\n- repo: \(repository.root.path)\n  rev: \(revision)  hooks:\n  - id: \(hook)\n",
                to: ".pre-commit-config.yaml")
            let file = "xen/common/memory.c"
            let text = try tree.text(file)
            #expect(text.contains("rc = max_page;"))
            try tree.write(text.replacing("rc = max_page;", with: "rc = min(max_page, INT_MAX + 0UL);"), to: file)
            try git(tree, ["add", "-A"], environment)
            try git(tree, ["commit", "-q", "-m", "configuration, and the defect mended"], environment)
            var checking = environment
            checking["PATH"] = Program.executable.deletingLastPathComponent().path + ":"
                + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            checking["PRE_COMMIT_HOME"] = environment["HOME"]
            if hook == "xenwidth" {
                // Packages are fetched as the user's own git does it.
                checking["HOME"] = NSHomeDirectory()
                checking["GIT_CONFIG_NOSYSTEM"] = nil
            }
            func run() throws -> Program.Outcome {
                try git(tree, ["add", "-A"], environment)
                return try Program.runAny(preCommit, ["run"], directory: tree.root, environment: checking, limit: limit)
            }
            try append("/* harmless */\n", to: "xen/common/kernel.c", in: tree)
            let harmless = try run()
            #expect(harmless.status == 0 && harmless.output.contains("Passed"), "\(harmless)")
            try tree.write(text, to: file)
            let bad = try run()
            #expect(bad.status == 1 && bad.output.contains("[return-exceeds-32-bit]"), "\(bad)")
        }
    }

    private static var preCommit: URL? {
        let environment = ProcessInfo.processInfo.environment
        let beside = environment["XENWIDTH_PYTHON"].map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
        let places = [beside, repositoryRoot.appendingPathComponent(".build-python/bin").path].compactMap { $0 }
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return places.map { URL(fileURLWithPath: $0).appendingPathComponent("pre-commit") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
