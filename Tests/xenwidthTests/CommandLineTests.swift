import Foundation
import Testing

/// Arguments, and what is said of wrong ones.
@Suite struct CommandLineTests {
    @Test func versionAndHelpAreNoErrors() throws {
        let version = try Program.run(["--version"])
        #expect(version.status == 0)
        #expect(version.output.hasPrefix("xenwidth "))
        #expect(version.errors.isEmpty)
        for arguments in [["--help"], ["help", "lint"], ["lint", "--help"], ["audit", "-h"], ["handlers", "--help"], []] {
            let help = try Program.run(arguments)
            #expect(help.status == 0, "\(arguments)")
            #expect(help.output.contains("USAGE: xenwidth"), "\(arguments)")
        }
    }

    @Test(arguments: [
        ["frobnicate"], ["lint", "--frobnicate"], ["lint", "--jobs", "0"], ["lint", "--jobs", "many"],
        ["lint", "--format", "yaml"], ["audit", "--format", "sarif"], ["lint", "--fail-on", "rain"],
        ["lint", "--arch", "vax"], ["lint", "--guest", ","], ["lint", "--quiet", "--verbose"], ["audit", "--explain", ""],
        ["audit", "--explain", ":x"], ["audit", "--max-instructions", "0"], ["audit", "--call-depth", "-1"],
        ["lint", "one", "two"], ["lint", "-o"], ["lint", "--color", "mauve"],
    ])
    func wrongArgumentsEndWith2(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Error:"), "\(outcome.errors)")
        #expect(outcome.errors.contains("USAGE") || outcome.errors.contains("Usage"), "\(outcome.errors)")
    }

    @Test func missingThingsAreSaidWithTheirRemedy() throws {
        let nowhere = try Program.run(["lint", "/nonexistent/xen"])
        #expect(nowhere.status == 2)
        #expect(nowhere.errors.contains("/nonexistent/xen: no such file or directory"), "\(nowhere.errors)")
        try withTemporaryDirectory { directory in
            let outcome = try Program.run(["lint"], directory: directory)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("not inside a Xen checkout"), "\(outcome.errors)")
        }
        try MiniXen.withSources { tree in
            let outcome = try Program.run(["lint"], directory: tree.file("xen/common"))
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("no build found in"), "\(outcome.errors)")
            #expect(outcome.errors.contains("--build-dir"), "\(outcome.errors)")
        }
    }

    /// The command in the message, as it stands there, mends what the message is about.
    @Test(arguments: ["", "objects"])
    func theCommandForAMissingBuildMakesOne(build: String) throws {
        try MiniXen.withSources { tree in
            var arguments = ["handlers", tree.root.path]
            if !build.isEmpty {
                let directory = tree.file(build)
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
                arguments += ["--build-dir", directory.path]
            }
            let outcome = try Program.run(arguments)
            #expect(outcome.status == 2)
            let quoted = outcome.errors.split(separator: "`", omittingEmptySubsequences: false)
            let command = try #require(quoted.count > 2 ? String(quoted[1]) : nil)
            #expect(command.contains(" defconfig && make "), "\(command)")
            let making = try Program.shell(command)
            #expect(making.status == 0, "\(command): \(making.errors)")
            let again = try Program.run(arguments)
            #expect(again.status == 0, "\(again.errors)")
        }
    }

    @Test func rulePacksAreChecked() throws {
        try withTemporaryDirectory { directory in
            let missing = try Program.run(["lint", "--rules", directory.path])
            #expect(missing.status == 2)
            #expect(missing.errors.contains("no rule pack"), "\(missing.errors)")

            let rules = directory.appendingPathComponent("rules")
            try FileManager.default.copyItem(at: repositoryRoot.appendingPathComponent("rules"), to: rules)
            try "guests: [\n".write(to: rules.appendingPathComponent("guests.yml"), atomically: true, encoding: .utf8)
            let broken = try Program.run(["lint", "--rules", rules.path])
            #expect(broken.status == 2)
            #expect(broken.errors.contains("guests.yml:"), "\(broken.errors)")
        }
    }

    @Test func guestsAndArchitecturesMustExist() throws {
        try MiniXen.withBuild(.arm64) { tree in
            let unknown = try Program.run(["audit", tree.root.path, "--guest", "arm32,vax\u{1b}[31m"])
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("unknown guest class 'vax\\x1b[31m'"), "\(unknown.errors)")
            #expect(unknown.errors.contains("arm32, arm64"), "\(unknown.errors)")

            let elsewhere = try Program.run(["audit", tree.root.path, "--guest", "pv32"])
            #expect(elsewhere.status == 2)
            #expect(elsewhere.errors.contains("exists on x86_64"), "\(elsewhere.errors)")

            let architecture = try Program.run(["audit", tree.root.path, "--arch", "x86_64"])
            #expect(architecture.status == 2)
            #expect(architecture.errors.contains("not for x86_64"), "\(architecture.errors)")

            let wide = try tree.audit(["--guest", "arm64"])
            #expect(!wide.rows.isEmpty)
            #expect(wide.rows.allSatisfy { $0.guest == "arm64" })

            let handler = try Program.run(["audit", tree.root.path, "--explain", "memory_op"])
            #expect(handler.status == 2)
            #expect(handler.errors.contains("is handled by do_memory_op"), "\(handler.errors)")

            let operation = try Program.run(["audit", tree.root.path, "--explain", "do_memory_op:XENMEM_nonsense"])
            #expect(operation.status == 2)
            #expect(operation.errors.contains("has no sub-operation 'XENMEM_nonsense'"), "\(operation.errors)")
        }
    }

    /// Where there is no /proc Swift sees no arguments: that must not pass for a run without findings.
    @Test func withoutArgumentsToReadNothingIsSaidToBeFine() throws {
        let hidden = #"unshare -m sh -c 'mount -t tmpfs none /proc && exec "$0" lint /nowhere' "$0""#
        guard try Program.shell("unshare -m mount -t tmpfs none /proc").status == 0 else {
            return print("skipped: no right to hide /proc")
        }
        let outcome = try Program.shell(hidden)
        #expect(outcome.status == 2 && outcome.errors.contains("/proc is not mounted"), "\(outcome)")
    }
}
