import Foundation
import Testing

/// `xenwidth prepare`: from a clean tree to a build.
@Suite struct PrepareTests {
    /// Clang compiles for both architectures without cross binutils; nothing of the miniature tree is linked.
    private static let clang = ["--clang", "--cross-compile", ""]

    @Test func aPreparedBuildIsFoundByItself() throws {
        try MiniXen.withSources { tree in
            let cache = ["XDG_CACHE_HOME": tree.file("cache with no blank".replacing(" ", with: "-")).path]
            let before = try Program.run(["lint", tree.root.path, "--arch", "arm64"], environment: cache)
            #expect(before.status == 2)
            #expect(before.errors.contains("xenwidth prepare \(tree.root.path) --arch arm64"), "\(before.errors)")
            #expect(before.errors.contains("--prepare does so at once"), "\(before.errors)")

            let prepared = try Program.run(
                ["prepare", tree.root.path, "--arch", "arm64"] + Self.clang, environment: cache)
            try #require(prepared.status == 0, "\(prepared.errors)")
            let directory = prepared.output.trimmingCharacters(in: .newlines)
            #expect(directory.contains("arm64-defconfig"))
            #expect(prepared.errors.contains("this runs the tree's own make"))
            #expect(prepared.errors.contains("next: xenwidth lint \(tree.root.path) --arch arm64\n"), "\(prepared.errors)")
            let log = try String(contentsOfFile: directory + "/prepare.log", encoding: .utf8)
            #expect(log.contains("$ make -C ") && log.contains("CC      common/memory.o"))
            #expect(!FileManager.default.fileExists(atPath: tree.file("xen/.config").path), "the tree was written to")

            let lint = try Program.run(["lint", tree.root.path], environment: cache)
            #expect(lint.status == 1, "\(lint.errors)")
            #expect(lint.errors.contains("build: \(directory)"), "\(lint.errors)")
            let other = try Program.run(["lint", tree.root.path, "--arch", "x86_64"], environment: cache)
            #expect(other.status == 2)
            #expect(other.errors.contains("prepare \(tree.root.path) --arch x86_64"), "\(other.errors)")

            let named = ["--build-dir", tree.file("b").path, "--enable", "CONFIG_EXTRA"]
            let second = try Program.run(
                ["prepare", tree.root.path, "--arch", "x86_64"] + Self.clang + named, environment: cache)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.errors.contains("next: xenwidth lint \(tree.root.path) --build-dir \(named[1])\n"), "\(second.errors)")
            let config = try String(contentsOfFile: tree.file("b/.config").path, encoding: .utf8)
            #expect(config.contains("CONFIG_EXTRA=y"))
        }
    }

    @Test func aConfigurationMayBeAFile() throws {
        try MiniXen.withSources { tree in
            let cache = ["XDG_CACHE_HOME": tree.file("cache").path]
            _ = try Program.run(
                ["prepare", tree.root.path, "--arch", "arm64", "--build-dir", tree.file("b").path] + Self.clang,
                environment: cache)
            let arguments = ["prepare", tree.root.path, "--arch", "arm64", "--config", tree.file("b/.config").path]
            let outcome = try Program.run(arguments + Self.clang, environment: cache)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("arm64-.config-"), "\(outcome.output)")
            let missing = try Program.run(
                ["prepare", tree.root.path, "--arch", "arm64", "--config", "/nowhere/x"] + Self.clang, environment: cache)
            #expect(missing.status == 2)
            #expect(missing.errors.contains("no such configuration file"), "\(missing.errors)")
        }
    }

    @Test(arguments: [
        ("/bin/sh: 1: flex: not found", "flex is missing: install flex (apt-get install flex)"),
        ("bash: line 1: bison: command not found", "install bison"),
        ("make[2]: aarch64-linux-gnu-gcc: No such file or directory", "install gcc-aarch64-linux-gnu"),
        ("make[1]: arm-linux-gnueabihf-ld: No such file or directory", "install binutils-arm-linux-gnueabihf"),
        ("*** The source tree is not clean, please run 'make distclean'", "run `make distclean`"),
        ("common/x.c:1:2: error: no \u{1b}[31m such", "failed (exit status 2): common/x.c:1:2: error: no \\"),
    ])
    func aFailureNamesWhatIsMissing(line: String, remedy: String) throws {
        try MiniXen.withSources { tree in
            let outcome = try Self.prepare(tree, make: "printf '%s\\n' \"$LINE\"; exit 2", environment: ["LINE": line])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(remedy), "\(outcome.errors)")
            #expect(outcome.errors.contains("prepare.log"))
            #expect(!outcome.errors.contains("\u{1b}"))
            let lint = try Program.run(
                ["lint", tree.root.path], environment: ["XDG_CACHE_HOME": tree.file("cache").path])
            #expect(lint.status == 2, "half a build was taken for a whole one")
        }
    }

    @Test func aMissingCompilerIsNamedBeforeAnythingRuns() throws {
        try MiniXen.withSources { tree in
            let arguments = ["prepare", tree.root.path, "--arch", "arm64", "--cross-compile", "nobody-linux-gnu-"]
            let outcome = try Program.run(arguments, environment: ["XDG_CACHE_HOME": tree.file("cache").path])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("install gcc-nobody-linux-gnu"), "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: tree.file("cache").path))
        }
    }

    @Test func aSignalEndsTheBuildToo() throws {
        try MiniXen.withSources { tree in
            try Self.writeMake("echo $$ > \"$PIDS\"; exec sleep 60", in: tree)
            let command = """
                export PATH="$1/bin:$PATH" PIDS="$1/pid" XDG_CACHE_HOME="$1/cache"
                "$0" prepare "$1" --arch x86_64 --clang --cross-compile "" 2>/dev/null & child=$!
                while ! [ -s "$PIDS" ]; do sleep 0.1; done; kill -TERM $child; wait $child; echo $?
                sleep 0.5; grep -q '^State:[[:space:]]*[RSDTt]' "/proc/$(cat "$PIDS")/status" 2>/dev/null && echo runs on || echo ended
                """
            // A process that nobody waits for stays a zombie where there is no init.
            let outcome = try Program.shell("set -m\n" + command, [tree.root.path], limit: 30)
            #expect(outcome.output == "143\nended\n", "\(outcome)")
        }
    }

    @Test(arguments: ["--eval=x", "A=b", "-j"])
    func aConfigurationIsNoArgumentOfMake(name: String) throws {
        let outcome = try Program.run(["prepare", "--config=\(name)"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--config"))
    }

    private static func prepare(
        _ tree: MiniXen, make script: String, environment: [String: String]
    ) throws -> Program.Outcome {
        try writeMake(script, in: tree)
        var environment = environment
        environment["PATH"] = tree.file("bin").path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        environment["XDG_CACHE_HOME"] = tree.file("cache").path
        return try Program.run(["prepare", tree.root.path, "--arch", "arm64"] + clang, environment: environment)
    }

    private static func writeMake(_ script: String, in tree: MiniXen) throws {
        try FileManager.default.createDirectory(at: tree.file("bin"), withIntermediateDirectories: true)
        try tree.write("#!/bin/sh\n\(script)\n", to: "bin/make")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tree.file("bin/make").path)
    }
}
