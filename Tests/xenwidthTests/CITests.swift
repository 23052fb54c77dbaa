import Foundation
import Testing
import Yams

/// What continuous integration reads, and what `docs/ci.md` tells it to run.
@Suite struct CITests {
    @Test func oneRunWritesSeveralReports() throws {
        try MiniXen.withBuild { tree in
            let files = ["gitlab", "sarif", "junit", "json", "github"].map { ($0, tree.file("report.\($0)")) }
            let outputs = files.flatMap { ["--output", "\($0.0)=\($0.1.path)"] }
            let outcome = try Program.run(["lint", tree.root.path] + outputs)
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(outcome.output.contains("[return-exceeds-32-bit]"), "the text goes to standard output")
            let quality = try JSONDecoder().decode([Quality].self, from: Data(contentsOf: files[0].1))
            let finding = try #require(quality.first { $0.check_name == "return-exceeds-32-bit" })
            #expect(finding.location.path == "xen/common/memory.c")
            #expect(finding.location.lines.begin > 1)
            #expect(finding.severity == "critical")
            #expect(Set(quality.map(\.fingerprint)).count == quality.count)
            let annotations = try String(contentsOf: files[4].1, encoding: .utf8)
            #expect(annotations.contains("::error title=return-exceeds-32-bit,file=xen/common/memory.c,line="))
            let parser = XMLShape(try Data(contentsOf: files[2].1))
            #expect(parser.failures > 0 && parser.cases > parser.failures)
        }
    }

    @Test(arguments: [
        (["--output", "csv=x"], "no format 'csv'"), (["-o", "a", "-o", "b"], "more than one file"),
        (["--output", "json=x", "--output", "sarif=x"], "the same file twice"),
        (["--shard", "3/2"], "shard"), (["--shard", "0/2"], "shard"), (["--shard", "1"], "shard"),
    ])
    func wrongOutputsAreErrors(arguments: [String], message: String) throws {
        let outcome = try Program.run(["lint", "/nowhere"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test(arguments: MiniXen.Architecture.allCases, [2, 5])
    func partsMergeToTheWhole(architecture: MiniXen.Architecture, count: Int) throws {
        try MiniXen.withBuild(architecture) { tree in
            // A construct that is not understood, reached by many handlers: it must not count twice.
            let whole = try Program.run(["audit", tree.root.path, "--format", "json"]).output
            var parts: [String] = []
            for index in 1...count {
                let part = tree.file("part-\(index).json").path
                let outcome = try Program.run(
                    ["audit", tree.root.path, "--format", "json", "-o", part, "--shard", "\(index)/\(count)"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                parts.append(part)
            }
            #expect(try Program.run(["merge"] + parts.reversed()).output == whole)
            // A map has all findings about rows that need no more than the rows.
            let merged = try Program.run(["merge", "--format", "gitlab"] + parts)
            #expect(merged.errors.contains("merge SARIF logs"), "\(merged.errors)")
            let only = ["--only", "return-exceeds-32-bit,return-errno-ambiguous,return-sign-ambiguous"]
            let lint = try Program.run(["lint", tree.root.path, "--format", "gitlab"] + only)
            #expect(try Self.quality(merged.output).isSuperset(of: Self.quality(lint.output)))
            #expect(try !Self.quality(lint.output).isEmpty)
            let incomplete = try Program.run(["merge"] + parts.dropFirst())
            #expect(incomplete.status == 2)
            #expect(incomplete.errors.contains("part 1/\(count) is missing"), "\(incomplete.errors)")
            let twice = try Program.run(["merge"] + parts + [parts[0]])
            #expect(twice.status == 2)
        }
    }

    /// Findings of all rules, with suppressions and a baseline, are those of one run whatever the number of parts: the log
    /// is the same to the byte.
    @Test(arguments: MiniXen.Architecture.allCases, [2, 5])
    func logsOfPartsMergeToTheWhole(architecture: MiniXen.Architecture, count: Int) throws {
        try MiniXen.withBuild(architecture) { tree in
            let baseline = tree.file("b.json").path
            #expect(try Program.run(["baseline", "create", tree.root.path, "--baseline", baseline]).status == 0)
            try Self.append("/* xenwidth: allow(return-exceeds-32-bit) of no use */\n", to: "xen/common/page_alloc.c", in: tree)
            // One cause of handlers that are in different parts.
            try Self.append("int far_pages(void);\n", to: "xen/include/xen/lib.h", in: tree)
            try Self.append(
                "int far_pages(void)\n{\n    return max_page + 1;\n}\n", to: "xen/common/page_alloc.c", in: tree)
            try tree.replace("return PAGE_SIZE;", with: "return far_pages();", in: "xen/common/kernel.c")
            try tree.replace(
                "unsigned int type)\n{\n", with: "unsigned int type)\n{\n    if ( type == 99 )\n        return far_pages();\n",
                in: "xen/common/kernel.c")
            let line = "        rc = max_page;\n"
            try tree.replace(
                line, with: "        /* xenwidth: allow(return-exceeds-32-bit) known */\n" + line,
                in: "xen/common/memory.c")
            let whole = try Self.compareParts(of: tree, count: count)
            #expect(whole.contains("\"ruleId\": \"unused-suppression\""))
            if architecture == .arm64 { #expect(Set(try Self.results(whole).values) == ["suppressed", "reported"]) }

            // A finding that the baseline knows is gone.
            try tree.replace("rc = max_page;", with: "rc = 0;", in: "xen/common/memory.c")
            let known = try Self.compareParts(of: tree, count: count, ["--baseline", baseline])
            let states = ["unchanged", "new"] + (architecture == .arm64 ? ["absent"] : [])
            #expect(states.allSatisfy { known.contains("\"baselineState\": \"\($0)\"") })
        }
    }

    private static func append(_ text: String, to path: String, in tree: MiniXen) throws {
        try tree.write(try tree.text(path) + text, to: path)
    }

    /// - Returns: the log of one run, to which that of the parts was the same.
    private static func compareParts(of tree: MiniXen, count: Int, _ options: [String] = []) throws -> String {
        let lint = ["lint", tree.root.path, "--format", "sarif"] + options
        let quality = tree.file("q.json").path
        let whole = try Program.run(lint + ["--output", "gitlab=" + quality]).output
        let logs = try (1...count).map { index in
            let log = tree.file("part-\(index).sarif").path
            let part = try Program.run(lint + ["--shard", "\(index)/\(count)", "-o", log])
            #expect(part.status <= 1, "\(part.errors)")
            return log
        }
        let merged = try Program.run(["merge"] + logs.reversed())
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(merged.output == whole, "\(options)")
        #expect(try Program.run(["merge", "--format", "gitlab"] + logs).output == tree.text("q.json"))
        let incomplete = try Program.run(["merge"] + logs.dropFirst())
        #expect(incomplete.status == 2 && incomplete.errors.contains("part 1/\(count) is missing"), "\(incomplete.errors)")
        return whole
    }

    @Test func partsBelongTogether() throws {
        try MiniXen.withBuild { tree in
            var logs: [String] = []
            for (index, options) in [["--no-config"], ["--only", "return-exceeds-32-bit"]].enumerated() {
                logs.append(tree.file("part-\(index).sarif").path)
                _ = try Program.run(
                    ["lint", tree.root.path, "--format", "sarif", "--shard", "\(index + 1)/2", "-o", logs[index]] + options)
            }
            let mixed = try Program.run(["merge"] + logs)
            #expect(mixed.status == 2 && mixed.errors.contains("not made with the same options"), "\(mixed.errors)")
        }
    }

    /// Two configurations of one architecture have the same findings, which come once and name both.
    @Test func logsOfConfigurationsAreNamed() throws {
        try MiniXen.withBuild { tree in
            var logs: [String] = []
            for label in ["one", "two"] {
                for index in 1...2 {
                    logs.append(tree.file("\(label)-\(index).sarif").path)
                    _ = try Program.run(
                        ["lint", tree.root.path, "--format", "sarif", "--label", label, "--shard", "\(index)/2", "-o",
                         try #require(logs.last)])
                }
            }
            let merged = try Program.run(["merge"] + logs)
            #expect(merged.status == 0, "\(merged.errors)")
            let whole = try Self.results(try Program.run(["lint", tree.root.path, "--format", "sarif"]).output)
            #expect(try Self.results(merged.output) == whole && !whole.isEmpty)
            let document = try #require(
                JSONSerialization.jsonObject(with: Data(merged.output.utf8)) as? [String: Any])
            let results = try #require((document["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
            #expect(results.count == whole.count)
            for result in results {
                let named = (result["properties"] as? [String: Any])?["configurations"] as? [String]
                #expect(named == ["xenwidth/one/", "xenwidth/two/"])
            }
        }
    }

    private static func quality(_ report: String) throws -> Set<String> {
        Set(try JSONDecoder().decode([Quality].self, from: Data(report.utf8)).map(\.fingerprint))
    }

    /// Fingerprints, with whether they are suppressed.
    private static func results(_ log: String) throws -> [String: String] {
        let document = try #require(JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any])
        let run = try #require((document["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        return Dictionary(results.map { result in
            let prints = result["partialFingerprints"] as? [String: String]
            return (prints?["xenwidthCause/v1"] ?? "", result["suppressions"] == nil ? "reported" : "suppressed")
        }) { first, _ in first }
    }

    @Test func configurationsAreNamed() throws {
        try MiniXen.withBuild { tree in
            let files = ["one", "two"].map { ($0, tree.file("\($0).json").path) }
            for (label, file) in files {
                _ = try Program.run(["audit", tree.root.path, "--format", "json", "--label", label, "-o", file])
            }
            let merged = try Program.run(["merge"] + files.map(\.1))
            #expect(merged.status == 0, "\(merged.errors)")
            let document = try JSONDecoder().decode(Merged.self, from: Data(merged.output.utf8))
            #expect(document.configurations.map(\.label) == ["one", "two"])
            #expect(document.rows.allSatisfy { $0.configurations == ["one", "two"] })
            #expect(document.rows.count == (try tree.audit().rows.count))
        }
    }

    @Test func logsMerge() throws {
        try withTemporaryDirectory { scratch in
            let logs = try MiniXen.Architecture.allCases.map { architecture in
                try MiniXen.withBuild(architecture) { tree in
                    let file = scratch.appendingPathComponent("\(architecture.rawValue).sarif").path
                    _ = try Program.run(["lint", tree.root.path, "--format", "sarif", "-o", file])
                    return file
                }
            }
            let merged = try Program.run(["merge"] + logs + [logs[0]])
            #expect(merged.status == 0, "\(merged.errors)")
            let one = try #require(
                JSONSerialization.jsonObject(with: Data(merged.output.utf8)) as? [String: Any])
            let runs = try #require(one["runs"] as? [[String: Any]])
            let results = try #require(runs[0]["results"] as? [[String: Any]])
            let prints = results.compactMap { ($0["partialFingerprints"] as? [String: String])?.description }
            #expect(runs.count == 1)
            #expect(!results.isEmpty && Set(prints).count == prints.count)
            #expect(results.allSatisfy { ($0["properties"] as? [String: Any])?["configurations"] != nil })
        }
    }

    @Test(arguments: ["", "{}", "[1", "{\"$schema\": 1}", "{\"schemaVersion\": 1, \"rows\": 3}", "\u{0}"])
    func whatIsNoReportIsAnError(content: String) throws {
        try withTemporaryDirectory { scratch in
            let file = scratch.appendingPathComponent("x\u{1b}[31m.json")
            try content.write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run(["merge", file.path])
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty && !outcome.errors.contains("\u{1b}"), "\(outcome)")
        }
    }

    @Test(arguments: [0, -5, 10_001, Int.max])
    func partsOfAbsurdNumbersAreErrors(count: Int) throws {
        try withTemporaryDirectory { scratch in
            let part = "{\"index\": 1, \"count\": \(count), \"unsupported\": [], \"positions\": []}"
            let map = Self.map(part: part, unsupported: "{}")
            let file = scratch.appendingPathComponent("x.json")
            try map.write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run(["merge", file.path])
            #expect(outcome.status == 2 && outcome.errors.contains("expected 1 to 10000"), "\(outcome.errors)")
        }
    }

    @Test func sumsThatOverflowSaturate() throws {
        try withTemporaryDirectory { scratch in
            let files = try ["a", "b"].map { label in
                let file = scratch.appendingPathComponent(label)
                let map = Self.map(part: nil, unsupported: "{\"k\": \(Int.max)}", label: label)
                try map.write(to: file, atomically: true, encoding: .utf8)
                return file.path
            }
            let outcome = try Program.run(["merge"] + files)
            #expect(outcome.status == 0 && outcome.output.contains("\"k\": \(Int.max)"), "\(outcome)")
        }
    }

    /// A map without rows.
    private static func map(part: String?, unsupported: String, label: String = "x") -> String {
        let tree = "{\"version\": \"4\", \"architecture\": \"arm64\", \"revision\": null}"
        return "{\"schemaVersion\": 1, \"tree\": \(tree), \"label\": \"\(label)\", \"rows\": [], "
            + (part.map { "\"part\": \($0), " } ?? "")
            + "\"unsupported\": \(unsupported), \"parseErrors\": []}"
    }

    // MARK: docs/ci.md

    @Test(arguments: ["GitLab", "GitHub"])
    func theDocumentedJobsRun(system: String) throws {
        let blocks = try Documentation.blocks(of: "docs/ci.md", language: "yaml")
        let workflow = try #require(try Yams.load(yaml: blocks[system == "GitLab" ? 0 : 1]) as? [String: Any])
        var steps: [String] = []
        if system == "GitLab" {
            for job in ["xenwidth", "xenwidth-map"] {
                steps += try #require((workflow[job] as? [String: Any])?["script"] as? [String])
            }
        } else {
            let job = try #require((workflow["jobs"] as? [String: Any])?["lint"] as? [String: Any])
            let all = try #require(job["steps"] as? [[String: Any]])
            steps = all.filter { $0["name"] as? String != "Install" }.compactMap { $0["run"] as? String }
        }
        try #require(steps.count >= 2)
        try Documentation.withCheckout { tree, environment in
            var environment = environment
            environment["ARCH"] = "arm64"
            for step in steps {
                let outcome = try Program.runAny(
                    URL(fileURLWithPath: "/bin/bash"), ["-e", "-c", step], directory: tree.root,
                    environment: environment, limit: 240)
                #expect(outcome.status == (step.contains("xenwidth lint") ? 1 : 0), "\(step): \(outcome.errors)")
            }
            let report = system == "GitLab" ? "gl-code-quality-report.json" : "xenwidth.sarif"
            #expect(try tree.text(report).contains("return-exceeds-32-bit"))
        }
    }

    @Test(arguments: [(0, "map.json", "exceeds-32-bit"), (1, "gl-code-quality-report.json", "return-exceeds-32-bit")])
    func theDocumentedShardsRun(block: Int, report: String, content: String) throws {
        let scripts = try Documentation.blocks(of: "docs/ci.md", language: "sh")
        try #require(scripts.count == 2)
        try Documentation.withCheckout { tree, environment in
            let outcome = try Program.runAny(
                URL(fileURLWithPath: "/bin/bash"), ["-e", "-c", "xenwidth prepare --arch arm64\n" + scripts[block]],
                directory: tree.root, environment: environment, limit: 240)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try tree.text(report).contains(content))
            #expect(try tree.text("xenwidth.sarif").contains("return-exceeds-32-bit"))
        }
    }

    private struct Quality: Decodable {
        struct Location: Decodable {
            struct Lines: Decodable { var begin: Int }
            var path: String
            var lines: Lines
        }
        var check_name: String
        var fingerprint: String
        var severity: String
        var location: Location
    }

    private struct Merged: Decodable {
        struct Configuration: Decodable { var label: String }
        struct Row: Decodable { var configurations: [String] }
        var configurations: [Configuration]
        var rows: [Row]
    }
}

/// Counts elements of a document that a plain search would get wrong if it were not well nested.
private struct XMLShape {
    var cases = 0
    var failures = 0

    init(_ data: Data) {
        let text = String(decoding: data, as: UTF8.self)
        cases = text.components(separatedBy: "<testcase ").count - 1
        failures = text.components(separatedBy: "<failure ").count - 1
    }
}
