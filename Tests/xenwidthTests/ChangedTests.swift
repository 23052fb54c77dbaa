import Foundation
import Testing

/// `lint --changed`, hooks, and that both see what a full run sees.
@Suite struct ChangedTests {
    static let identity = [
        "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.org", "GIT_COMMITTER_NAME": "n",
        "GIT_COMMITTER_EMAIL": "n@example.org",
    ]

    /// A built git checkout with a cache of its own.
    static func withCheckout<Result>(_ body: (MiniXen, [String: String]) throws -> Result) throws -> Result {
        try MiniXen.withSources { tree in
            try withTemporaryDirectory { scratch in
                let environment = identity.merging([
                    "XDG_CACHE_HOME": scratch.path, "HOME": scratch.path, "GIT_CONFIG_NOSYSTEM": "1",
                ]) { $1 }
                try git(tree, ["init", "-q", "-b", "main"], environment)
                try git(tree, ["add", "-A"], environment)
                try git(tree, ["commit", "-q", "-m", "tree"], environment)
                try tree.build(.arm64)
                return try body(tree, environment)
            }
        }
    }

    @discardableResult
    static func git(
        _ tree: MiniXen, _ arguments: [String], _ environment: [String: String], mayFail: Bool = false
    ) throws -> Program.Outcome {
        let outcome = try Program.runAny(
            URL(fileURLWithPath: "/usr/bin/git"), arguments, directory: tree.root, environment: environment, limit: 240)
        if !mayFail { try #require(outcome.status == 0, "git \(arguments): \(outcome.errors)") }
        return outcome
    }

    static func append(_ text: String, to path: String, in tree: MiniXen) throws {
        try tree.write(try tree.text(path) + text, to: path)
    }

    private struct Findings: Decodable {
        struct Finding: Decodable, Hashable {
            struct Row: Decodable, Hashable {
                var hypercall: String
                var subOperation: String?
            }
            var fingerprint: String
            var message: String
            var rows: [Row]
        }
        var findings: [Finding]
        var summary: [String: Int]
    }

    private func findings(_ tree: MiniXen, _ environment: [String: String], _ more: [String] = []) throws -> Findings {
        let outcome = try Program.run(
            ["lint", tree.root.path, "--format", "json", "--fail-on", "never"] + more, environment: environment)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try JSONDecoder().decode(Findings.self, from: Data(outcome.output.utf8))
    }

    /// Random edits, staged, unstaged or committed: what the change touches is found as a full run finds it, and what a
    /// full run finds now and did not find before the change is in the restricted run.
    @Test(arguments: [1, 2, 3])
    func findingsAreThoseOfAFullRun(seed: UInt64) throws {
        try Self.withCheckout { tree, environment in
            try Self.addDistantCode(to: tree)
            try Self.git(tree, ["commit", "-q", "-a", "-m", "distant"], environment)
            var random = Random(state: seed)
            var base = Set(try findings(tree, environment).findings)
            for _ in 0..<6 {
                let possible = try Self.edits.filter { try tree.text($0.path).contains($0.old) }
                let edit = possible[random.next(below: possible.count)]
                let text = try tree.text(edit.path)
                let range = try #require(text.firstRange(of: edit.old))
                try tree.write(text.replacingCharacters(in: range, with: edit.new), to: edit.path)
                let all = Set(try findings(tree, environment).findings)
                switch random.next(below: 3) {
                case 0:
                    try Self.git(tree, ["commit", "-q", "-a", "-m", "edit"], environment)
                    base = all
                case 1: try Self.git(tree, ["add", "-A"], environment)
                default: break
                }
                let some = try findings(tree, environment, ["--changed=HEAD"])
                #expect(Set(some.findings).isSubset(of: all), "after \(edit)")
                #expect(all.subtracting(base).isSubset(of: some.findings), "after \(edit)")
                let changed = try Self.git(tree, ["diff", "--name-only", "HEAD"], environment).output
                if changed.contains("memory.c") || changed.contains("mm.h") {
                    let touched = all.filter { $0.rows.contains { $0.hypercall == "memory_op" } }
                    #expect(touched.isSubset(of: some.findings), "after \(edit)")
                }
                if changed.isEmpty { #expect(some.summary.values.reduce(0, +) == 0) }
            }
        }
    }

    private struct Edit {
        var path: String
        var old: String
        var new: String
    }

    /// There and back.
    private static let edits = [
        ("xen/common/memory.c", "rc = max_page;", "rc = max_page & 0xff;"),
        ("xen/include/xen/mm.h", "return d->tot_pages;", "return d->tot_pages & 1;"),
        ("xen/common/page_alloc.c", "int far_cut(void);", "int far_cut(void)\n{\n    return max_page;\n}"),
        ("xen/common/page_alloc.c", "= far_small;", "= far_pages;"),
        ("xen/common/page_alloc.c", "sum += far_pages();", "far_ops.far_count = far_pages;"),
        ("xen/common/kernel.c", ".far_get = far_none", ".far_get = far_cast"),
        ("xen/common/kernel.c", "/* */", "/*  */"), ("xen/common/page_alloc.c", "/* */", "/*  */"),
    ].flatMap { [Edit(path: $0.0, old: $0.1, new: $0.2), Edit(path: $0.0, old: $0.2, new: $0.1)] }

    /// Calls by names and through members to what another file has, or does not have yet.
    private static func addDistantCode(to tree: MiniXen) throws {
        try append(
            "struct far_ops {\n    long (*far_get)(void);\n    long (*far_count)(void);\n};\n"
                + "extern struct far_ops far_ops;\nint far_cut(void);\n",
            to: "xen/include/xen/lib.h", in: tree)
        try tree.replace("return PAGE_SIZE;", with: "return far_ops.far_get();", in: "xen/common/kernel.c")
        try append(
            "static long far_none(void)\n{\n    return 0;\n}\nstatic long far_cast(void)\n{\n    return far_cut();\n}\n"
                + "struct far_ops far_ops = { .far_get = far_none };\n/* */\n",
            to: "xen/common/kernel.c", in: tree)
        let arguments = "unsigned int cmd, unsigned int type)\n{\n"
        try tree.replace(
            "long do_vm_assist(" + arguments, with: "long do_vm_assist(" + arguments + "    if ( type == 99 )\n"
                + "        return far_ops.far_count();\n", in: "xen/common/kernel.c")
        try append(
            "int far_cut(void);\nlong far_small(void)\n{\n    return 1;\n}\nlong far_pages(void)\n{\n    return max_page;\n}\n"
                + "void far_set(long sum)\n{\n    sum += far_pages();\n    far_ops.far_get = far_small;\n}\n/* */\n",
            to: "xen/common/page_alloc.c", in: tree)
    }

    /// A function that was declared only gets a body, in a file that no answer depended on.
    @Test func aFunctionThatIsNewElsewhere() throws {
        try Self.withCheckout { tree, environment in
            try Self.append("int far_cut(void);\n", to: "xen/include/xen/lib.h", in: tree)
            try tree.replace("return PAGE_SIZE;", with: "return far_cut();", in: "xen/common/kernel.c")
            try Self.git(tree, ["commit", "-q", "-a", "-m", "call"], environment)
            try Self.append("/* */\n", to: "xen/common/kernel.c", in: tree)
            let before = try findings(tree, environment, ["--changed"])
            try Self.git(tree, ["commit", "-q", "-a", "-m", "touch"], environment)
            try Self.append("int far_cut(void)\n{\n    return max_page;\n}\n", to: "xen/common/page_alloc.c", in: tree)
            let after = try findings(tree, environment, ["--changed"])
            func names(_ found: Findings) -> Set<String> { Set(found.findings.flatMap(\.rows).map(\.hypercall)) }
            #expect(!names(before).contains("xen_version"))
            #expect(names(after).contains("xen_version"))
        }
    }

    /// A call goes through a member of a record; a file that no answer depended on stores another function there.
    @Test func aFunctionThatIsStoredElsewhere() throws {
        try Self.withCheckout { tree, environment in
            try Self.append(
                "struct far_ops {\n    long (*far_get)(void);\n};\nextern struct far_ops far_ops;\n",
                to: "xen/include/xen/lib.h", in: tree)
            try tree.replace("return PAGE_SIZE;", with: "return far_ops.far_get();", in: "xen/common/kernel.c")
            try Self.append(
                "static long far_none(void)\n{\n    return 0;\n}\nstruct far_ops far_ops = { .far_get = far_none };\n",
                to: "xen/common/kernel.c", in: tree)
            try Self.git(tree, ["commit", "-q", "-a", "-m", "call"], environment)
            try Self.append("/* */\n", to: "xen/common/kernel.c", in: tree)
            let before = try findings(tree, environment, ["--changed"])
            try Self.git(tree, ["commit", "-q", "-a", "-m", "touch"], environment)
            try Self.append(
                "static long far_pages(void)\n{\n    return max_page;\n}\nvoid far_set(void)\n{\n    far_ops.far_get = far_pages;\n}\n",
                to: "xen/common/page_alloc.c", in: tree)
            func rows(_ found: Findings) -> [Findings.Finding.Row] {
                found.findings.flatMap(\.rows).filter { $0.subOperation == "XENVER_pagesize" }
            }
            #expect(rows(before).isEmpty)
            #expect(!rows(try findings(tree, environment)).isEmpty)
            #expect(!rows(try findings(tree, environment, ["--changed"])).isEmpty)
            // And away again, which the record of the other answer shows.
            try Self.git(tree, ["commit", "-q", "-a", "-m", "store"], environment)
            try tree.replace("far_ops.far_get = far_pages;", with: "far_pages();", in: "xen/common/page_alloc.c")
            let after = try findings(tree, environment, ["--changed"])
            #expect(rows(after).isEmpty && after.summary.values.reduce(0, +) > 0)
        }
    }

    /// The description of the table is a header of all handlers, though what they include is made of it.
    @Test func theTableIsDescribedAnew() throws {
        try Self.withCheckout { tree, environment in
            try tree.replace(
                "#define __HYPERVISOR_set_timer_op ", with: "#define __HYPERVISOR_far_op 47\n#define __HYPERVISOR_set_timer_op ",
                in: "xen/include/public/xen.h")
            try Self.append("long do_far_op(int cmd)\n{\n    return max_page;\n}\n", to: "xen/common/page_alloc.c", in: tree)
            try Self.git(tree, ["commit", "-q", "-a", "-m", "handler"], environment)
            let path = "xen/include/hypercall-defs.c"
            try tree.replace("set_timer_op(s_time_t timeout)\n", with: "set_timer_op(s_time_t timeout)\nfar_op(int cmd)\n", in: path)
            try Self.append("far_op  do do do do do\n", to: path, in: tree)
            let all = try findings(tree, environment)
            let some = try findings(tree, environment, ["--changed"])
            #expect(some.findings.contains { $0.rows.contains { $0.hypercall == "far_op" } })
            #expect(some.findings == all.findings)
        }
    }

    /// Rules, suppressions and the tree's own configuration mean to a restricted run what they mean to a full one.
    @Test func rulesAndConfigurationApply() throws {
        try Self.withCheckout { tree, environment in
            try Self.append("/* touched */\n", to: "xen/common/page_alloc.c", in: tree)
            let all = try findings(tree, environment)
            let some = try findings(tree, environment, ["--changed"])
            #expect(Set(some.findings).isStrictSubset(of: all.findings) && !some.findings.isEmpty)
            let only = ["--only", "error-not-sign-extended,could-return-int"]
            let named = try findings(tree, environment, ["--changed"] + only)
            #expect(Set(named.findings).isSubset(of: try findings(tree, environment, only).findings))

            // A comment that is of no use counts where the change is.
            try Self.append("/* xenwidth: allow(no-such-rule) x */\n", to: "xen/common/kernel.c", in: tree)
            try Self.git(tree, ["commit", "-q", "-a", "-m", "comment"], environment)
            try Self.append("/* touched again */\n", to: "xen/common/page_alloc.c", in: tree)
            #expect(try findings(tree, environment, ["--changed"]).findings == some.findings)
            let older = try findings(tree, environment, ["--changed=HEAD~1"]).findings
            #expect(older.contains { $0.message.contains("no-such-rule") })

            // The configuration is part of every answer.
            try tree.write("exclude: [\"xen/common/memory.c\"]\n", to: ".xenwidth.yml")
            try Self.git(tree, ["add", "-A"], environment)
            let configured = try findings(tree, environment, ["--changed"])
            let whole = try findings(tree, environment).findings.filter { !$0.message.contains("no-such-rule") }
            #expect(configured.findings == whole && whole.count < all.findings.count)
            #expect(configured.summary == all.summary)
            #expect(try findings(tree, environment, ["--changed", "--no-config"]).findings == some.findings)
        }
    }

    private struct Random {
        var state: UInt64
        mutating func next(below count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
    }

    @Test(arguments: [["--changed=--output=x"], ["--changed=nothing"], ["--changed", "--shard", "1/2"]])
    func wrongRevisionsAreErrors(arguments: [String]) throws {
        try Self.withCheckout { tree, environment in
            let outcome = try Program.run(["lint", tree.root.path] + arguments, environment: environment)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("--changed"), "\(outcome.errors)")
        }
    }

    // MARK: Hooks

    private static let fix = ("rc = max_page;", "rc = max_page & 0xff;")

    @Test func theHookRefusesAndPasses() throws {
        try Self.withCheckout { tree, environment in
            // Something else is wrong in this file of the fixture: the hook is to look at the header's users only.
            let install = try Program.run(["hook", "install", tree.root.path], environment: environment)
            #expect(install.status == 0, "\(install.errors)")
            #expect(install.output.contains("installed"))
            try Self.append("/* harmless */\n", to: "xen/common/kernel.c", in: tree)
            let harmless = try Self.git(tree, ["commit", "-q", "-a", "-m", "harmless"], environment, mayFail: true)
            #expect(harmless.status == 0, "\(harmless.output)\(harmless.errors)")

            try Self.append("/* touched */\n", to: "xen/common/page_alloc.c", in: tree)
            let bad = try Self.git(tree, ["commit", "-q", "-a", "-m", "bad"], environment, mayFail: true)
            #expect(bad.status != 0)
            #expect((bad.output + bad.errors).contains("[return-exceeds-32-bit]"), "\(bad)")
            let subject = try Self.git(tree, ["log", "-1", "--format=%s"], environment).output
            #expect(subject == "harmless\n")
        }
    }

    @Test func theHookPassesWhatIsKnown() throws {
        try Self.withCheckout { tree, environment in
            let known = try #require(environment["HOME"]) + "/what's known.json"
            let early = try Program.run(["hook", "install", "--baseline", known, tree.root.path], environment: environment)
            #expect(early.status == 2 && early.errors.contains("xenwidth baseline create"), "\(early)")
            #expect(!FileManager.default.fileExists(atPath: tree.file(".git/hooks/pre-commit").path))
            let create = try Program.run(
                ["baseline", "create", "--baseline", known, tree.root.path], environment: environment)
            #expect(create.status == 0, "\(create)")
            let install = try Program.run(["hook", "install", "--baseline", known, tree.root.path], environment: environment)
            #expect(install.status == 0, "\(install)")

            try Self.append("/* touched */\n", to: "xen/common/page_alloc.c", in: tree)
            let harmless = try Self.git(tree, ["commit", "-q", "-a", "-m", "touched"], environment, mayFail: true)
            #expect(harmless.status == 0, "\(harmless)")
            try tree.replace("return PAGE_SIZE;", with: "return 1L << 40;", in: "xen/common/kernel.c")
            let bad = try Self.git(tree, ["commit", "-q", "-a", "-m", "bad"], environment, mayFail: true)
            #expect(bad.status != 0 && (bad.output + bad.errors).contains("[return-exceeds-32-bit]"), "\(bad)")
        }
    }

    @Test func aHookThatIsThereStays() throws {
        try Self.withCheckout { tree, environment in
            let hooks = tree.file("my hooks")
            try FileManager.default.createDirectory(at: hooks, withIntermediateDirectories: true)
            try Self.git(tree, ["config", "core.hooksPath", "my hooks"], environment)
            let hook = "my hooks/pre-commit"
            try tree.write("#!/bin/sh\necho before >&2\n", to: hook)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tree.file(hook).path)
            for expected in ["the hook that was there runs first", "updated"] {
                let outcome = try Program.run(["hook", "install", tree.root.path], environment: environment)
                #expect(outcome.output.contains(expected), "\(outcome)")
            }
            try Self.append("/* harmless */\n", to: "xen/common/kernel.c", in: tree)
            let commit = try Self.git(tree, ["commit", "-q", "-a", "-m", "harmless"], environment, mayFail: true)
            #expect(commit.status == 0 && commit.errors.contains("before"), "\(commit)")
            let back = try Program.run(["hook", "uninstall", tree.root.path], environment: environment)
            #expect(back.output.contains("the hook from before is back"), "\(back)")
            #expect(try tree.text(hook).contains("echo before"))
            let foreign = try Program.run(["hook", "uninstall", tree.root.path], environment: environment)
            #expect(foreign.status == 2)
            #expect(foreign.errors.contains("not xenwidth's"), "\(foreign.errors)")
        }
    }

    @Test func worktreesShareTheHook() throws {
        try Self.withCheckout { tree, environment in
            try Self.git(tree, ["worktree", "add", "-q", "../other"], environment)
            let other = tree.root.deletingLastPathComponent().appendingPathComponent("other")
            let outcome = try Program.run(["hook", "install", other.path], environment: environment)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(FileManager.default.isExecutableFile(atPath: tree.file(".git/hooks/pre-commit").path))
        }
    }

    @Test(arguments: [".", "/xen", "../xen"]) func aTreeIsNoRevision(path: String) throws {
        let outcome = try Program.run(["lint", "--changed", path])
        #expect(outcome.status == 2 && outcome.errors.contains("lint \(path) --changed"), "\(outcome.errors)")
    }

    @Test func anUnpreparedTreePassesOrFails() throws {
        try MiniXen.withSources { tree in
            let cache = ["XDG_CACHE_HOME": tree.file("cache").path]
            for (policy, status) in [("pass", Int32(0)), ("fail", 2)] {
                let outcome = try Program.run(
                    ["lint", "--changed", "--if-unprepared", policy, tree.root.path], environment: cache)
                #expect(outcome.status == status)
                #expect(outcome.errors.contains("xenwidth prepare"), "\(outcome.errors)")
                #expect(outcome.errors.split(separator: "\n").count == 1)
            }
        }
    }
}
