import Foundation
import Testing

/// A tree that wants more than to be read: nothing of it runs, nothing is written, and nothing outside of it is shown.
@Suite struct HostileTreeTests {
    /// Flags by which a compiler loads code, writes files or reads more flags. `$P` is a shared object that leaves a mark
    /// when it is loaded, `$D` a directory where nothing may appear, `$R` a file with more such flags.
    private static let flags = [
        "-fplugin=$P", "-Xclang -load -Xclang $P -Xclang -plugin -Xclang evil", "-Xclang -add-plugin -Xclang evil",
        "-fpass-plugin=$P", "-load $P", "-mllvm -load=$P", "-wrapper $P,x", "-specs=$D/specs", "-B$D", "--config=$R",
        "--config $R", "@$R", "-Xpreprocessor @$R", "-Wp,@$R", "-o $D/out", "-o$D/out", "-MF $D/deps", "-MF$D/deps", "-MD",
        "-MJ $D/mj", "-Wp,-MD,$D/deps", "--serialize-diagnostics $D/diag", "-serialize-diagnostics $D/diag",
        "-fcrash-diagnostics-dir=$D", "-gen-reproducer", "-save-temps", "-save-temps=obj", "-dumpdir $D/", "-ftime-trace",
        "-ftime-trace=$D/trace.json", "-fmodules -fmodules-cache-path=$D/cache", "-index-store-path $D/index",
        "-fprofile-generate=$D", "-fprofile-instr-generate=$D/p", "--coverage -ftest-coverage", "-fdump-record-layouts",
        "-dependency-dot $D/dot", "-module-file-info", "-emit-pch -o $D/pch", "-fsave-optimization-record",
        "-foptimization-record-file=$D/opt", "-Xclang -dependency-file -Xclang $D/deps", "-ivfsoverlay $R", "-E", "-S",
        "-Xclang -output-asm-variant -Xclang 1", "-aux-info $D/aux", "-fdiagnostics-log-file $D/log",
        "-Xclang -diagnostic-log-file -Xclang $D/log", "-header-include-file $D/h", "-stats-file=$D/stats",
        "-Xclang -ast-dump-all", "-working-directory=$D", "-resource-dir $D", "--sysroot=$D", "-fembed-offload-object=$R",
    ]

    private struct Scene {
        var tree: MiniXen
        var outside: MiniXen
        var plugin: URL

        /// Marks and files that nobody asked for.
        func left() throws -> [String] {
            let all = FileManager.default.enumerator(atPath: outside.root.path)?.allObjects as? [String] ?? []
            return all.filter { !["evil.so", "evil.c", "flags", "empty", "secret"].contains($0) }
        }
    }

    private func withScene<Result>(_ body: (Scene) throws -> Result) throws -> Result {
        try MiniXen.withBuild { tree in
            try withTemporaryDirectory { scratch in
                let outside = MiniXen(root: scratch)
                try FileManager.default.createDirectory(at: outside.file("empty"), withIntermediateDirectories: true)
                try outside.write(
                    """
                    #include <fcntl.h>
                    __attribute__((constructor)) static void loaded(void) { open("\(scratch.path)/mark", O_CREAT, 0600); }

                    """, to: "evil.c")
                let plugin = outside.file("evil.so")
                let compiled = try Program.runAny(
                    URL(fileURLWithPath: "/usr/bin/cc"),
                    ["-shared", "-fPIC", "-o", plugin.path, outside.file("evil.c").path], directory: nil, environment: [:],
                    limit: 60)
                try #require(compiled.status == 0, "\(compiled.errors)")
                try outside.write("-fplugin=\(plugin.path) -o \(scratch.path)/empty/response\n", to: "flags")
                return try body(Scene(tree: tree, outside: outside, plugin: plugin))
            }
        }
    }

    private func isWhole(_ tree: MiniXen) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: tree.root.path)?.allObjects as? [String] ?? [])
    }

    /// By a database and by the build's own records; all flags of the list at once, then some at a time, so that one
    /// that makes the whole command unusable does not stand before all others.
    @Test func flagsRunAndWriteNothing() throws {
        try withScene { scene in
            let record = "xen/common/.memory.o.cmd"
            let text = try scene.tree.text(record)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("cmd_") })
            let command = try #require(line.components(separatedBy: " := ").last)
            try scene.tree.write("[]", to: "compile_commands.json")
            let before = isWhole(scene.tree)
            let words = Self.flags.map { flag in
                flag.replacing("$P", with: scene.plugin.path).replacing("$D", with: scene.outside.file("empty").path)
                    .replacing("$R", with: scene.outside.file("flags").path)
            }
            let parts = stride(from: 0, to: words.count, by: 10).map { words[$0..<min($0 + 10, words.count)] }
            for flags in ([words[...]] + parts).map({ $0.joined(separator: " ") }) {
                let evil = command.replacing(" -c ", with: " \(flags) -c ")
                try scene.tree.write(text.replacing(command, with: evil), to: record)
                let entry = [
                    "directory": scene.tree.xen.path, "file": "common/memory.c", "command": evil,
                ]
                let database = try JSONSerialization.data(withJSONObject: [entry])
                try database.write(to: scene.tree.file("compile_commands.json"))
                for more in [[], ["--compile-commands", scene.tree.file("compile_commands.json").path]] {
                    let outcome = try Program.run(
                        ["handlers", scene.tree.root.path, "-o", "/dev/null"] + more, directory: scene.outside.file("empty"))
                    #expect(outcome.status == 0 && !outcome.wasStopped, "\(flags): \(outcome.errors)")
                    let left = try scene.left()
                    #expect(left.isEmpty, "\(flags): \(left)")
                    #expect(isWhole(scene.tree) == before, "\(flags)")
                    #expect(outcome.output.isEmpty, "\(flags): \(outcome.output.prefix(200))")
                }
            }
        }
    }

    /// The scene is one in which the flags would do what they say.
    @Test func theFlagsWouldWork() throws {
        try withScene { scene in
            _ = try Program.runAny(
                URL(fileURLWithPath: InstalledClang.path()),
                ["-fsyntax-only", "-fplugin=\(scene.plugin.path)", "-x", "c", "/dev/null"],
                directory: nil, environment: [:], limit: 60)
            #expect(try scene.left() == ["mark"])
        }
    }

    @Test func includingAFileShowsNothingOfIt() throws {
        try withScene { scene in
            let secret = scene.outside.file("secret")
            try "root:TOPSECRET:0:0::/root:/bin/sh\n".write(to: secret, atomically: true, encoding: .utf8)
            let record = "xen/common/.memory.o.cmd"
            try scene.tree.replace(" -c ", with: " -include \(secret.path) -c ", in: record)
            for format in ["text", "json", "sarif"] {
                let outcome = try Program.run(["lint", scene.tree.root.path, "--format", format])
                #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
                #expect(!(outcome.output + outcome.errors).contains("TOPSECRET"), "\(format)")
            }
        }
    }

    @Test(arguments: [
        "baseline: ../outside.json", "baseline: /etc/passwd", "baseline: link.json", "exclude: [../../*, /etc/*]",
        "rules: {../x: on}", "models: /etc/passwd",
    ])
    func aConfigurationStaysInTheTree(text: String) throws {
        try withScene { scene in
            try scene.tree.write(text + "\n", to: ".xenwidth.yml")
            let secret = scene.outside.file("secret").path
            try "TOPSECRET {\"x\": 1}\n".write(toFile: secret, atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: scene.tree.file("link.json").path, withDestinationPath: secret)
            let outcome = try Program.run(["lint", scene.tree.root.path])
            #expect(!outcome.wasStopped && !(outcome.output + outcome.errors).contains("TOPSECRET"))
            if text.contains("baseline") {
                #expect(outcome.status == 2)
                let reasons = ["leads out of the tree", "expected a path below the tree's root"]
                #expect(reasons.contains(where: outcome.errors.contains), "\(outcome.errors)")
            }
            #expect(outcome.errors.contains(".xenwidth.yml:1:") || [0, 1].contains(outcome.status), "\(outcome.errors)")
        }
    }

    /// Links that lead out of the tree, for each kind of file that is read from it.
    @Test(arguments: [
        ".xenwidth.yml", "xen/common/memory.c", "xen/common/.memory.o.cmd", "xen/common/memory.o", "xen/.config",
        "xen/include/xen/hypercall-defs.h", "docs/misra/safe.json", "xen/Makefile", "xen/include/xen/config.h",
    ])
    func linksLeadNowhere(path: String) throws {
        try withScene { scene in
            let secret = scene.outside.file("secret")
            try "TOPSECRET = yes;\nint TOPSECRET(\n".write(to: secret, atomically: true, encoding: .utf8)
            try FileManager.default.createDirectory(
                at: scene.tree.file("docs/misra"), withIntermediateDirectories: true)
            try? FileManager.default.removeItem(at: scene.tree.file(path))
            try FileManager.default.createSymbolicLink(at: scene.tree.file(path), withDestinationURL: secret)
            for format in ["text", "json", "sarif"] {
                let outcome = try Program.run(["lint", scene.tree.root.path, "--format", format])
                #expect([0, 1, 2].contains(outcome.status) && !outcome.wasStopped, "\(outcome.errors)")
                let shown = (outcome.output + outcome.errors).replacing("'TOPSECRET'", with: "")
                #expect(!shown.contains("TOPSECRET"), "\(path), \(format): \(outcome)")
            }
            #expect(try String(contentsOf: secret, encoding: .utf8).contains("int TOPSECRET("), "it was written to")
        }
    }

    @Test func namesWithEscapesStayEscaped() throws {
        try withScene { scene in
            let name = "me\u{1b}]0;title\u{7}mo\nry.c"
            let source = try scene.tree.text("xen/common/memory.c")
            try scene.tree.write("#include \"\(name.replacing("\n", with: ""))\"\n", to: "xen/common/memory.c")
            try scene.tree.write(source, to: "xen/common/" + name.replacing("\n", with: ""))
            for format in ["text", "github", "junit", "gitlab", "json", "sarif"] {
                let outcome = try Program.run(["lint", scene.tree.root.path, "--format", format, "--verbose"])
                #expect(outcome.status == 1, "\(format): \(outcome.errors)")
                let bytes = Set((outcome.output + outcome.errors).utf8)
                #expect(!bytes.contains(0x1b) && !bytes.contains(0x07), "\(format)")
            }
        }
    }
}
