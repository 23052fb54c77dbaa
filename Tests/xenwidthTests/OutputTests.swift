import Foundation
import Testing

/// Where reports go, and what may happen on the way.
@Suite struct OutputTests {
    @Test func standardErrorSaysWhatWasDetected() throws {
        try MiniXen.withBuild(.x86_64) { tree in
            let outcome = try Program.run(["lint", tree.root.path])
            #expect(outcome.errors.contains("Xen 4.23-mini, x86_64"), "\(outcome.errors)")
            #expect(outcome.errors.contains("build: \(tree.xen.path)"), "\(outcome.errors)")
            #expect(outcome.errors.contains("CONFIG_PV32"), "\(outcome.errors)")
            #expect(outcome.errors.contains("pv32 ("), "\(outcome.errors)")
            #expect(!outcome.errors.contains("\u{1b}"))
            #expect(!outcome.output.contains("\u{1b}"))
            let quiet = try Program.run(["lint", tree.root.path, "--quiet"])
            #expect(quiet.errors.isEmpty)
            let coloured = try Program.run(["lint", tree.root.path, "--color", "always", "--fail-on", "never"])
            #expect(coloured.output.contains("\u{1b}["))
            #expect(coloured.status == 0)
        }
    }

    @Test func filesAppearWholeOrNotAtAll() throws {
        try MiniXen.withBuild { tree in
            let file = tree.file("report.json")
            try "old".write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
            let link = tree.file("link.json")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            let audit = ["audit", tree.root.path, "--format", "json"]
            let plain = try Program.run(audit)
            let written = try Program.run(audit + ["-o", link.path])
            #expect(written.status == 0)
            #expect(written.output.isEmpty)
            #expect(try String(contentsOf: file, encoding: .utf8) == plain.output)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)

            let device = try Program.run(audit + ["-o", "/dev/null"])
            #expect(device.status == 0)
            #expect(try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                == .typeCharacterSpecial)

            for place in [tree.root.path, tree.file("nowhere/report.json").path, ""] {
                let outcome = try Program.run(audit + ["-o", place])
                #expect(outcome.status == 2, "\(place)")
                #expect(outcome.output.isEmpty)
                #expect(!outcome.errors.contains("build:"), "found out only after the work: \(outcome.errors)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: tree.root.path)
            #expect(!left.contains { $0.hasPrefix(".xenwidth") })
        }
    }

    @Test func aReaderThatGoesAwayIsNoError() throws {
        try MiniXen.withBuild { tree in
            let outcome = try Program.shell(
                #""$0" audit "$1" --format json 2>"$2" | true; echo "${PIPESTATUS[0]}""#,
                [tree.root.path, tree.file("errors").path])
            #expect(outcome.output == "0\n", "\(outcome)")
            let errors = try tree.text("errors")
            #expect(!errors.contains("error:"), "\(errors)")
            let help = try Program.shell(#""$0" --help | true; echo "${PIPESTATUS[0]}""#)
            #expect(help.output == "0\n")
        }
    }

    @Test func aFullDiskIsAnError() throws {
        try MiniXen.withBuild { tree in
            let outcome = try Program.shell(#""$0" audit "$1" > /dev/full"#, [tree.root.path])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("cannot be written"), "\(outcome.errors)")
        }
    }

    @Test(arguments: ["INT", "TERM"])
    func aSignalEndsTheRunAndLeavesNothing(name: String) throws {
        try MiniXen.withBuild { tree in
            // A named pipe that nobody writes to: the program waits in opening it for writing, with its work done.
            let command = """
                mkfifo "$1/pipe"; "$0" audit "$1" -o "$1/pipe" 2>/dev/null & child=$!
                sleep 2; kill -\(name) $child; wait $child; echo $?
                """
            // An interactive shell's children do not ignore SIGINT.
            let outcome = try Program.shell("set -m\n" + command, [tree.root.path], limit: 60)
            #expect(outcome.output.hasSuffix("\(128 + (name == "INT" ? 2 : 15))\n"), "\(outcome)")
            #expect(!outcome.wasStopped)
            let left = try FileManager.default.contentsOfDirectory(atPath: tree.root.path)
            #expect(!left.contains { $0.hasPrefix(".xenwidth") })
        }
    }
}
