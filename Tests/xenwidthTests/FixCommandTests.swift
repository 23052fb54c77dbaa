import Foundation
import Testing

/// Suggested edits: applied, built, and the finding is gone.
@Suite struct FixCommandTests {
    private struct Log: Decodable {
        struct Run: Decodable { var results: [Result] }
        struct Result: Decodable {
            var ruleId: String
            var partialFingerprints: [String: String]
            var fixes: [Fix]?
        }
        struct Fix: Decodable {
            struct Message: Decodable { var text: String }
            var description: Message
            var artifactChanges: [Change]
        }
        struct Change: Decodable {
            struct Artifact: Decodable { var uri: String }
            var artifactLocation: Artifact
            var replacements: [Replacement]
        }
        struct Replacement: Decodable {
            struct Region: Decodable { var startLine, startColumn, endLine, endColumn: Int }
            struct Content: Decodable { var text: String }
            var deletedRegion: Region
            var insertedContent: Content
        }
        var runs: [Run]
    }

    private func results(_ tree: MiniXen, _ arguments: [String]) throws -> [Log.Result] {
        let outcome = try Program.run(["lint", tree.root.path, "--format", "sarif", "--quiet"] + arguments)
        try #require(outcome.status <= 1, "\(outcome.errors)")
        return try JSONDecoder().decode(Log.self, from: Data(outcome.output.utf8)).runs[0].results
    }

    private func apply(_ fix: Log.Fix, to tree: MiniXen) throws {
        for change in fix.artifactChanges {
            var lines = try tree.text(change.artifactLocation.uri).split(separator: "\n", omittingEmptySubsequences: false)
                .map { Array($0.unicodeScalars) }
            for edit in change.replacements.reversed() {
                let region = edit.deletedRegion
                let head = lines[region.startLine - 1].prefix(region.startColumn - 1)
                let tail = lines[region.endLine - 1].dropFirst(region.endColumn - 1)
                lines[(region.startLine - 1)...(region.endLine - 1)] = [head + Array(edit.insertedContent.text.unicodeScalars) + tail]
            }
            try tree.write(lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n"), to: change.artifactLocation.uri)
        }
    }

    /// Tries each suggestion of each finding by itself; the number of those there were, by rule.
    private func tryAll(_ tree: MiniXen, _ architecture: MiniXen.Architecture, _ arguments: [String]) throws -> [String: Int] {
        var tried: [String: Int] = [:]
        let files = ["xen/common/memory.c", "xen/common/multicall.c", "xen/arch/x86/traps.c", "xen/common/compat/memory.c"]
        let originals = try files.map { ($0, try tree.text($0)) }
        for result in try results(tree, arguments) {
            for fix in result.fixes ?? [] {
                try apply(fix, to: tree)
                try tree.build(architecture)
                let left = try results(tree, arguments).map(\.partialFingerprints)
                #expect(!left.contains(result.partialFingerprints), "\(result.ruleId): \(fix.description.text)")
                tried[result.ruleId, default: 0] += 1
                for (file, text) in originals { try tree.write(text, to: file) }
            }
        }
        return tried
    }

    @Test func onArm() throws {
        try MiniXen.withBuild(.arm64) { tree in
            try tree.replace("        rc = domain_tot_pages(d);\n", with: "        rc = (unsigned short)d->max_pages;\n", in: "xen/common/memory.c")
            let wide = "static long wide(const struct domain *d) { return 2L * d->max_pages; }\n\n"
            try tree.replace("long do_memory_op(", with: wide + "long do_memory_op(", in: "xen/common/memory.c")
            try tree.replace("        rc = min(d->max_pages, INT_MAX + 0U);\n", with: """
                    {
                        int pages = wide(d);

                        rc = pages;
                    }

                """, in: "xen/common/memory.c")
            let only = ["--only", "return-exceeds-32-bit,narrowing-on-return-path"]
            let tried = try tryAll(tree, .arm64, only)
            #expect(tried["return-exceeds-32-bit", default: 0] >= 4, "\(tried)")
            #expect(tried["narrowing-on-return-path", default: 0] >= 1, "\(tried)")
            // As a diff: `patch` takes the whole report.
            let report = try Program.run(["lint", tree.root.path, "--show-fixes"] + only)
            #expect(report.output.contains("or: saturate at the limits of int\n"), "\(report.output)")
            guard try Program.shell("command -v patch").status == 0 else { return print("skipped: there is no patch(1)") }
            try tree.write(report.output, to: "report")
            let patched = try Program.runAny(
                URL(fileURLWithPath: "/usr/bin/env"), ["patch", "-p1", "-i", "report"], directory: tree.root, environment: [:],
                limit: 60)
            #expect(patched.status == 0, "\(patched.output)")
            try tree.build(.arm64)
            #expect(!(try Program.run(["lint", tree.root.path] + only).output.contains("known case: ")))
        }
    }

    @Test func onX86() throws {
        try MiniXen.withBuild(.x86_64) { tree in
            let tried = try tryAll(tree, .x86_64, ["--only", "return-exceeds-32-bit", "--guest", "pv32"])
            #expect(tried["return-exceeds-32-bit", default: 0] >= 2, "\(tried)")
        }
    }

    /// Each edit changes the lines that the other's diff would expect.
    @Test func neighboursInOnePatch() throws {
        guard try Program.shell("command -v patch").status == 0 else { return print("skipped: there is no patch(1)") }
        try MiniXen.withBuild(.arm64) { tree in
            try tree.replace("    return vm_assist(current->domain, cmd, type, 0x3f);\n", with: """
                    int known = vm_assist(current->domain, cmd, type, 0x3f);
                    unsigned short x, y;
                    x = type;
                    y = cmd;
                    return known + x + y;

                """, in: "xen/common/kernel.c")
            let lint = ["lint", tree.root.path, "--only", "narrowing-on-return-path"]
            let report = try Program.run(lint + ["--show-fixes"]).output
            #expect(report.split(separator: "\n").count { $0.hasPrefix("xen/common/kernel.c:") && $0.contains("fix for") } == 2, "\(report)")
            try tree.write(report, to: "report")
            let patched = try Program.runAny(
                URL(fileURLWithPath: "/usr/bin/env"), ["patch", "-p1", "-i", "report"], directory: tree.root, environment: [:],
                limit: 60)
            #expect(patched.status == 0, "\(patched.output)")
            try tree.build(.arm64)
            #expect(!(try Program.run(lint).output.contains("xen/common/kernel.c")))
        }
    }
}
