import Foundation
import Testing

@testable import Application

/// What is installed, and what a machine is told about itself.
@Suite struct InstallTests {
    private static let script = repositoryRoot.appendingPathComponent("tools/install.sh").path

    private static func sh(_ arguments: [String]) throws -> Program.Outcome {
        try Program.runAny(
            URL(fileURLWithPath: "/bin/sh"), arguments, directory: nil, environment: [:], limit: 240)
    }

    @Test func whatIsInstalledWorksAndCanBeRemoved() throws {
        try withTemporaryDirectory { root in
            let destination = root.path + "/a b"
            for _ in 0..<2 {
                let outcome = try Self.sh([Self.script, "install", Program.executable.path, "/opt/x", destination])
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            let prefix = destination + "/opt/x"
            let doctor = try Program.runAny(
                URL(fileURLWithPath: prefix + "/bin/xenwidth"), ["doctor", root.path], directory: nil, environment: [:],
                limit: 60)
            #expect(doctor.status == 0, "\(doctor)")
            #expect(doctor.output.contains("\(prefix)/share/xenwidth/rules"), "\(doctor.output)")
            let completions = [
                ("bash", "bash-completion/completions/xenwidth"), ("zsh", "zsh/site-functions/_xenwidth"),
                ("fish", "fish/vendor_completions.d/xenwidth.fish"),
            ]
            for (shell, file) in completions {
                let path = "\(prefix)/share/\(file)"
                #expect(try String(contentsOfFile: path, encoding: .utf8).contains("audit"))
                let found = try Self.sh(["-c", "command -v \(shell) || true"]).output
                if found.isEmpty {
                    print("skipped: no \(shell)")
                } else {
                    let check = try Self.sh(["-c", "\(shell) -n '\(path)'"])
                    #expect(check.status == 0, "\(check.errors)")
                }
            }
            let page = try String(contentsOfFile: prefix + "/share/man/man1/xenwidth.1", encoding: .utf8)
            #expect(page.hasPrefix(".TH XENWIDTH 1 \"20"))
            for check in ["man -l --warnings -Tutf8", "mandoc -T lint -W warning"] {
                guard try Self.sh(["-c", "command -v \(check.prefix { $0 != " " })"]).status == 0 else {
                    print("skipped: \(check)")
                    continue
                }
                let read = try Self.sh(["-c", "\(check) '\(prefix)/share/man/man1/xenwidth.1' 2>&1 >/dev/null"])
                #expect(read.status == 0 && read.output.isEmpty, "\(read)")
            }
            #expect(page.contains(".SS xenwidth hook install"))
            #expect(!page.contains(".SS xenwidth manual"))

            let removed = try Self.sh([Self.script, "uninstall", "-", "/opt/x", destination])
            #expect(removed.status == 0, "\(removed.errors)")
            let left = FileManager.default.enumerator(atPath: destination)?.allObjects as? [String] ?? []
            #expect(left.isEmpty, "\(left)")
        }
    }

    /// What was there before is not ours to take away.
    @Test func directoriesOfOthersStay() throws {
        try withTemporaryDirectory { root in
            let others = ["bin", "share/man/man1"].map { root.path + "/opt/x/" + $0 }
            for directory in others { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
            for action in [["install", Program.executable.path], ["uninstall", "-"]] {
                let outcome = try Self.sh([Self.script] + action + ["/opt/x", root.path])
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            #expect(others.allSatisfy(FileManager.default.fileExists))
            #expect(!FileManager.default.fileExists(atPath: root.path + "/opt/x/share/fish"))
        }
    }

    @Test func aRelativePrefixIsRefused() throws {
        let outcome = try Self.sh([Self.script, "install", Program.executable.path, "usr"])
        #expect(outcome.status == 2)
    }

    @Test func theVersionNamesLibclang() throws {
        let outcome = try Program.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("xenwidth "))
        #expect(outcome.output.contains("clang version"))
    }

    @Test func theDoctorSaysWhatIsMissing() throws {
        try withTemporaryDirectory { empty in
            let outcome = try Program.run(["doctor", empty.path], environment: ["PATH": empty.path])
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("apt-get install flex"), "\(outcome.output)")
            // Each line has its own remedy, so that one look is enough.
            #expect(outcome.output.contains("apt-get install gcc-arm-linux-gnueabihf"), "\(outcome.output)")
            #expect(outcome.output.components(separatedBy: "apt-get install make").count == 2, "\(outcome.output)")
            #expect(outcome.output.contains("not inside a Xen checkout"))
            let broken = try Program.run(["doctor", empty.path, "--rules", empty.path])
            #expect(broken.status == 2)
            #expect(broken.output.contains("broken"))
        }
    }

    @Test func progressSaysWhatIsLeft() {
        let progress = Progress(phase: "analysing")
        func line(_ finished: Int, _ total: Int, _ seconds: Int) -> String {
            progress.line(finished: finished, total: total, label: "f", elapsed: .seconds(seconds))
        }
        #expect(line(1, 10, 30) == "analysing 1/10: f")
        #expect(line(5, 10, 1) == "analysing 5/10: f")
        #expect(line(5, 10, 30) == "analysing 5/10, 30 s left: f")
        #expect(line(5, 10, 300) == "analysing 5/10, 5 min left: f")
        #expect(line(10, 10, 30) == "analysing 10/10: f")
        #expect(line(7, 0, 30) == "analysing 7: f")
        #expect(line(0, 0, 30) == "analysing 0: f")
    }

    /// A terminal gets progress and takes it away again; a pipe gets none.
    @Test func aTerminalSeesProgress() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return print("skipped: no script") }
        try MiniXen.withBuild { tree in
            let outcome = try Program.shell(
                #"TERM=xterm script -qec "'$0' audit '$1' --color never -o /dev/null" /dev/null"#, [tree.root.path])
            #expect(outcome.output.contains("analysing 1/"), "\(outcome)")
            let last = outcome.output.components(separatedBy: "\r").last ?? ""
            #expect(last.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("\u{1b}[K") || last == "\n", "\(last)")
        }
    }
}
