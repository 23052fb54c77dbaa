import Foundation
import Testing

/// A tree's own configuration, from its file to what it changes.
@Suite struct ConfigurationCommandTests {
    private static let file = ".xenwidth.yml"

    @Test func checkAndPrint() throws {
        try MiniXen.withSources { tree in
            let path = tree.root.path
            #expect(try Program.run(["config", "check", path]).output == ".xenwidth.yml: not there: the rule pack is in effect as it is\n")
            try tree.write("rules:\n  could-return-int: note\nconvention: errno\nexclude: 'xen/drivers/*'\n", to: Self.file)
            #expect(try Program.run(["config", "check", path + "/xen"]).output == ".xenwidth.yml: valid\n")
            let printed = try Program.run(["config", "print", path])
            #expect(printed.status == 0)
            let lines = printed.output.split(separator: "\n").map(String.init)
            func line(_ start: String) -> String? { lines.first { $0.hasPrefix(start) } }
            #expect(line("convention: errno ")?.hasSuffix("# .xenwidth.yml:3:13") == true, "\(printed.output)")
            #expect(line("  could-return-int: {enabled: true, severity: note}")?.hasSuffix("# .xenwidth.yml:2:21") == true)
            #expect(line("  return-exceeds-32-bit: {enabled: true, severity: error}")?.hasSuffix("# built-in") == true)
            // What is printed is a configuration that says the same.
            try tree.write(printed.output, to: Self.file)
            let again = try Program.run(["config", "print", path]).output
            func values(_ text: String) -> [Substring] { text.split(separator: "\n").map { $0.prefix { $0 != "#" } } }
            #expect(values(again) == values(printed.output))

            try tree.write("rules:\n  could-return-itn: note\n", to: Self.file)
            let wrong = try Program.run(["config", "check", path])
            #expect(wrong.status == 2)
            #expect(wrong.errors.contains(".xenwidth.yml:2:3: error: "), "\(wrong.errors)")
            #expect(wrong.errors.contains("did you mean 'could-return-int'?"))
        }
    }

    /// Each value has its own place, also where a rule is only half changed, and models are printed as they are read.
    @Test func originsOfHalvesAndModels() throws {
        try MiniXen.withSources { tree in
            try tree.write("""
                rules:
                  could-return-int: on
                  return-sign-ambiguous: {severity: note}
                models:
                  functions:
                    - names: [own, other]
                      maximum: 0x10
                      reason: 'because: "so"'
                  bounds:
                    - {global: max_page, maximum: -1, reason: '5'}
                """, to: Self.file)
            let printed = try Program.run(["config", "print", tree.root.path]).output
            let lines = printed.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            for expected in [
                "could-return-int: {enabled: true, severity: note} # enabled: .xenwidth.yml:2:21, severity: built-in",
                "return-sign-ambiguous: {enabled: true, severity: note} # enabled: built-in, severity: .xenwidth.yml:3:37",
                "- {names: [own, other], maximum: 0x10, reason: \"because: \\\"so\\\"\"} # .xenwidth.yml:6:7",
                "- {global: max_page, maximum: -1, reason: \"5\"} # .xenwidth.yml:10:7",
                "# models: these, and those of the rule pack",
            ] {
                #expect(lines.contains(expected), "\(expected)\n\(printed)")
            }
            try tree.write(printed, to: Self.file)
            let again = try Program.run(["config", "print", tree.root.path])
            #expect(again.status == 0 && again.output.contains("reason: \"because: \\\"so\\\"\"}"), "\(again)")
        }
    }

    @Test func whatItChanges() throws {
        try MiniXen.withBuild { tree in
            let lint = ["lint", tree.root.path, "--quiet"]
            let plain = try Program.run(lint)
            #expect(plain.output.contains("XENMEM_maximum_ram_page") && plain.output.contains("[dispatcher-result-width]"))
            try tree.write("""
                rules: {dispatcher-result-width: off, multicall-result-width: off}
                models: {bounds: [{global: max_page, minimum: 0, maximum: 0x7fffffff, reason: small machines only}]}
                handlers: [{function: arch_memory_op, guests: arm32}]
                exclude: xen/common/multicall.c
                """, to: Self.file)
            let changed = try Program.run(lint)
            // A case that is mended is named, but not as a finding.
            #expect(!changed.output.contains("do_memory_op(XENMEM_maximum_ram_page) can return"), "\(changed.output)")
            #expect(!changed.output.contains("[dispatcher-result-width]"))
            #expect(!changed.output.contains("xen/common/multicall.c"))
            #expect(try tree.audit().rows.contains { $0.handler == "arch_memory_op" })
            #expect(try Program.run(lint + ["--no-config"]).output.split(separator: "\n").dropLast()
                == plain.output.split(separator: "\n").dropLast())
            // Whoever names a rule wants it.
            #expect(try Program.run(lint + ["--only", "dispatcher-result-width"]).output.contains("[dispatcher-result-width]"))

            try tree.write("baseline: known.json\n", to: Self.file)
            let missing = try Program.run(lint)
            #expect(missing.status == 2)
            #expect(missing.errors.contains(".xenwidth.yml:1:11: baseline 'known.json'"), "\(missing.errors)")
            let create = ["baseline", "create", tree.root.path, "--baseline", tree.file("known.json").path]
            #expect(try Program.run(create).status == 0)
            #expect(try Program.run(lint).status == 0)
        }
    }

    /// A bound that the type contradicts must not make the path unreachable, and so safe.
    @Test func aBoundThatLeavesNothing() throws {
        try MiniXen.withBuild { tree in
            try tree.write("models: {bounds: [{global: max_page, maximum: -5, reason: wrong}]}\n", to: Self.file)
            let row = try tree.audit().rows.first { $0.subOperation == "XENMEM_maximum_ram_page" }
            #expect(row?.verdict == "unknown")
            #expect(row?.reason?.contains("what is vouched for leaves no value") == true, "\(String(describing: row))")
        }
    }

    /// A suppression in an excluded file is no less of use, and of no interest.
    @Test func suppressionsInExcludedFiles() throws {
        try MiniXen.withBuild { tree in
            try tree.write("exclude: xen/common/memory.c\n", to: Self.file)
            let comment = "        /* xenwidth: allow(return-exceeds-32-bit) known */\n"
            try tree.replace("        rc = max_page;\n", with: comment + "        rc = max_page;\n", in: "xen/common/memory.c")
            let output = try Program.run(["lint", tree.root.path, "--quiet"]).output
            #expect(!output.contains("xen/common/memory.c"), "\(output)")
        }
    }

    /// What counts as an error moves verdicts, and with them the rules; the command line outdoes the configuration.
    @Test func convention() throws {
        try MiniXen.withBuild { tree in
            try tree.replace("rc = domain_tot_pages(d);", with: "rc = domain_tot_pages(d) & 0x8000ffff;", in: "xen/common/memory.c")
            func verdict(_ arguments: [String] = []) throws -> String? {
                try tree.audit(arguments).rows.first { $0.subOperation == "XENMEM_current_reservation" }?.verdict
            }
            func rules(_ arguments: [String] = []) throws -> [Substring] {
                let output = try Program.run(["lint", tree.root.path, "--quiet"] + arguments).output
                return output.split(separator: "\n").filter { $0.contains("(XENMEM_current_reservation)") }
            }
            #expect(try verdict() == "fits-unsigned")
            #expect(try verdict(["--convention", "signed"]) == "errno-ambiguous")
            #expect(try rules().map { $0.hasSuffix("[return-sign-ambiguous]") } == [true])
            let signed = try rules(["--convention", "signed"])
            #expect(signed.map { $0.hasSuffix("takes 0x80000000 and above for -errno [return-errno-ambiguous]") } == [true])

            try tree.write("convention: signed\n", to: Self.file)
            #expect(try verdict() == "errno-ambiguous")
            #expect(try rules() == signed)
            #expect(try verdict(["--convention", "errno"]) == "fits-unsigned")
            #expect(try verdict(["--no-config"]) == "fits-unsigned")
            let text = try Program.run(["audit", tree.root.path]).output
            #expect(text.contains(", by convention 'signed'\n"), "\(text)")

            // Maps say by which they were made, where it is not the usual one; two kinds make no one map.
            let maps = ["signed", "errno"].map { (name: $0, path: tree.file("\($0).json").path) }
            for map in maps {
                let arguments = ["audit", tree.root.path, "--format", "json", "--convention", map.name, "-o", map.path]
                #expect(try Program.run(arguments + ["--label", map.name]).status == 0)
                let written = try String(contentsOfFile: map.path, encoding: .utf8)
                #expect(written.contains("\"convention\": \"signed\"") == (map.name == "signed"))
            }
            let merged = try Program.run(["merge"] + maps.map(\.path))
            #expect(merged.status == 2)
            #expect(merged.errors.contains("do not agree on which results are errors"), "\(merged.errors)")
            let again = try Program.run(["merge", maps[0].path])
            #expect(again.output.contains("\"convention\": \"signed\""))
        }
        let unknown = try Program.run(["audit", "/nowhere", "--convention", "posix"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("'posix'"), "\(unknown.errors)")
    }

    /// Nothing that a configuration says leads out of its tree.
    @Test func linksOutOfTheTree() throws {
        try MiniXen.withBuild { tree in
            try withTemporaryDirectory { outside in
                let secret = outside.appendingPathComponent("secret")
                try "secret: [1".write(to: secret, atomically: true, encoding: .utf8)
                try FileManager.default.createSymbolicLink(at: tree.file(Self.file), withDestinationURL: secret)
                let linked = try Program.run(["lint", tree.root.path])
                #expect(linked.status == 2)
                #expect(linked.errors.contains("leads out of the tree"), "\(linked.errors)")
                try FileManager.default.removeItem(at: tree.file(Self.file))
                try tree.write("baseline: link\n", to: Self.file)
                try FileManager.default.createSymbolicLink(at: tree.file("link"), withDestinationURL: secret)
                let baseline = try Program.run(["lint", tree.root.path])
                #expect(baseline.status == 2)
                #expect(baseline.errors.contains("it leads out of the tree"), "\(baseline.errors)")
            }
        }
    }
}
