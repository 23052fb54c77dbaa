import Foundation
import Testing

/// `--changed` asks git, and git obeys the repository's configuration: nothing of it may run.
@Suite struct HostileGitTests {
    /// Each makes git run `$0`, a program that leaves a mark, when a file is compared or the index is written.
    private static let settings = [
        "[core]\n\tfsmonitor = \"$0\"\n",
        "[core]\n\thooksPath = ../hooks\n",
        "[core]\n\tpager = \"$0\"\n[pager]\n\tdiff = \"$0\"\n\tls-files = \"$0\"\n",
        "[diff]\n\texternal = \"$0\"\n",
        "[diff \"evil\"]\n\tcommand = \"$0\"\n\ttextconv = \"$0\"\n",
        "[filter \"evil\"]\n\tclean = \"$0\"\n\tsmudge = \"$0\"\n\trequired = true\n",
        "[filter \"evil\"]\n\tprocess = \"$0\"\n\trequired = true\n",
        "[core]\n\tsshCommand = \"$0\"\n\taskPass = \"$0\"\n\teditor = \"$0\"\n[alias]\n\tdiff = \"!$0\"\n",
        "[include]\n\tpath = ../more\n",
    ]

    private struct Scene {
        var tree: MiniXen
        var program: URL
        var mark: URL
        var environment: [String: String]

        func git(_ arguments: [String]) throws {
            let outcome = try Program.runAny(
                URL(fileURLWithPath: "/usr/bin/git"), arguments, directory: tree.root, environment: environment, limit: 60)
            try #require(outcome.status == 0, "git \(arguments): \(outcome.errors)")
        }
    }

    /// A built checkout whose attributes name the drivers above, with a file whose time is not the index's.
    private func withScene<Result>(_ body: (Scene) throws -> Result) throws -> Result {
        try MiniXen.withBuild { tree in
            try withTemporaryDirectory { scratch in
                let mark = scratch.appendingPathComponent("mark")
                let program = scratch.appendingPathComponent("evil")
                try "#!/bin/sh\necho \"$0 $*\" >> '\(mark.path)'\ncat\n".write(to: program, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
                let scene = Scene(
                    tree: tree, program: program, mark: mark, environment: [
                        "XDG_CACHE_HOME": scratch.path, "HOME": scratch.path, "GIT_CONFIG_NOSYSTEM": "1",
                        "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.org", "GIT_COMMITTER_NAME": "n",
                        "GIT_COMMITTER_EMAIL": "n@example.org",
                    ])
                try tree.write("*.c filter=evil diff=evil\n", to: ".gitattributes")
                try scene.git(["init", "-q", "-b", "main"])
                try scene.git(["add", "-A"])
                try scene.git(["commit", "-q", "-m", "tree"])
                return try body(scene)
            }
        }
    }

    private func expectNothingRan(_ scene: Scene) throws {
        let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -1000)]
        try FileManager.default.setAttributes(old, ofItemAtPath: scene.tree.file("xen/common/sched.c").path)
        try scene.tree.write(try scene.tree.text("xen/common/kernel.c") + "/* x */\n", to: "xen/common/kernel.c")
        let outcome = try Program.run(["lint", scene.tree.root.path, "--changed"], environment: scene.environment)
        #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
        let ran = (try? String(contentsOf: scene.mark, encoding: .utf8)) ?? ""
        #expect(ran.isEmpty, "it ran \(ran)")
    }

    @Test(arguments: settings) func nothingThatTheRepositoryNamesRuns(setting: String) throws {
        try withScene { scene in
            let text = setting.replacing("$0", with: scene.program.path)
            let config = scene.tree.file(".git/config")
            let more = try String(contentsOf: config, encoding: .utf8) + text
            try more.write(to: config, atomically: true, encoding: .utf8)
            let included = "[filter \"a.b=c\"]\n\tclean = \(scene.program.path)\n"
            try scene.tree.write(included, to: "more")
            if setting.contains("include") { try scene.tree.write("*.c filter=a.b=c\n", to: ".git/info/attributes") }
            for hooks in ["hooks", ".git/hooks"] {
                let place = scene.tree.file(hooks)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                for hook in ["post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-commit"] {
                    try? FileManager.default.copyItem(at: scene.program, to: place.appendingPathComponent(hook))
                }
            }
            try expectNothingRan(scene)
        }
    }

    /// A submodule's own configuration is not that of the repository.
    @Test func submodulesRunNothing() throws {
        try withScene { scene in
            let inner = MiniXen(root: scene.tree.file("xen/inner"))
            try FileManager.default.createDirectory(at: inner.root, withIntermediateDirectories: true)
            try inner.write("x\n", to: "f")
            var inside = scene
            inside.tree = inner
            try inside.git(["init", "-q", "-b", "main"])
            try inside.git(["add", "-A"])
            try inside.git(["commit", "-q", "-m", "inner"])
            try scene.git(["-c", "advice.addEmbeddedRepo=false", "add", "xen/inner"])
            try scene.git(["commit", "-q", "-m", "submodule"])
            try inside.git(["config", "core.fsmonitor", scene.program.path])
            try inner.write("y\n", to: "f")
            try? FileManager.default.removeItem(at: scene.mark)
            try expectNothingRan(scene)
        }
    }

    /// A partial clone would fetch what it lacks by whatever program its configuration names.
    @Test func nothingIsFetched() throws {
        try withScene { scene in
            try scene.git(["config", "extensions.partialClone", "evil"])
            try scene.git(["config", "remote.evil.promisor", "true"])
            try scene.git(["config", "remote.evil.url", "ext::\(scene.program.path)"])
            try scene.git(["config", "protocol.ext.allow", "always"])
            let id = String(repeating: "1", count: 40)
            let outcome = try Program.run(
                ["lint", scene.tree.root.path, "--changed=\(id)"], environment: scene.environment)
            #expect(outcome.status == 2 && outcome.errors.contains("knows no revision"), "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: scene.mark.path), "it was fetched")
        }
    }
}
