import Foundation
import Testing

/// Trees and builds as accident or malice make them: a clear message, the right exit status, no crash and no hang.
@Suite struct HostileInputTests {
    /// A finding or none: but an orderly end.
    private func expectOrderly(_ outcome: Program.Outcome, _ note: String = "") {
        #expect(!outcome.wasStopped, "it hangs \(note)")
        let expected: [Int32] = outcome.errors.contains("error: nothing could be decided") ? [2] : [0, 1]
        #expect(expected.contains(outcome.status), "\(note) \(outcome.status) \(outcome.errors)")
    }

    @Test(arguments: ["", "{", "[{]", "[1, 2]", "{\"a\": 1}", "[{\"file\": \"x.c\"}]", "\u{0}\u{1}", "[[[[[[", "null"])
    func brokenCompilationDatabase(text: String) throws {
        try MiniXen.withBuild { tree in
            try tree.write(text, to: "compile_commands.json")
            let outcome = try Program.run(
                ["lint", tree.root.path, "--compile-commands", tree.file("compile_commands.json").path])
            #expect(outcome.status == 2 && !outcome.wasStopped)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("compile"), "\(outcome.errors)")
        }
    }

    @Test func commandFileCutInHalf() throws {
        try MiniXen.withBuild { tree in
            let path = "xen/common/.memory.o.cmd"
            let text = try tree.text(path)
            for length in [0, 30, text.count / 8, text.count / 2] {
                try tree.write(String(text.prefix(length)), to: path)
                let outcome = try Program.run(["audit", tree.root.path, "--format", "json"])
                expectOrderly(outcome, "\(length)")
                let audit = try JSONDecoder().decode(AuditDocument.self, from: Data(outcome.output.utf8))
                let rows = audit.rows(of: "do_memory_op")
                #expect(!rows.isEmpty)
                #expect(rows.allSatisfy { $0.verdict == "unknown" ? $0.reason != nil : true })
            }
        }
    }

    @Test func namedPipesAndDirectoriesInPlaceOfFiles() throws {
        try MiniXen.withBuild { tree in
            for path in ["xen/common/.memory.o.cmd", "xen/common/sched.c", "xen/common/kernel.o"] {
                try FileManager.default.removeItem(at: tree.file(path))
                try #require(mkfifo(tree.file(path).path, 0o600) == 0)
            }
            try FileManager.default.removeItem(at: tree.file("xen/common/domctl.c"))
            try FileManager.default.createDirectory(
                at: tree.file("xen/common/domctl.c"), withIntermediateDirectories: false)
            expectOrderly(try Program.run(["lint", tree.root.path], limit: 60))
        }
    }

    /// A gate is not passed by an analysis that decided nothing.
    @Test func nothingDecidedIsNotClean() throws {
        try MiniXen.withBuild { tree in
            try tree.write("#error no\n", to: "xen/include/xen/config.h")
            let lint = try Program.run(["lint", tree.root.path, "--fail-on", "never", "--format", "json"])
            #expect(lint.status == 2)
            #expect(lint.errors.contains("nothing could be decided: each of the "), "\(lint.errors)")
            // The report is written all the same.
            #expect(lint.output.contains("\"rule\": \"analysis-incomplete\""))
        }
    }

    @Test func syntaxErrors() throws {
        try MiniXen.withBuild { tree in
            let text = try tree.text("xen/common/memory.c")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            try tree.write(text + "\nint broken( { return \u{1b}[31m; }\n", to: "xen/common/memory.c")
            let audit = try tree.audit()
            let rows = audit.rows(of: "do_memory_op")
            #expect(!rows.isEmpty)
            #expect(rows.allSatisfy { $0.verdict == "unknown" && $0.reason != nil })
            let error = try #require(audit.parseErrors.first { $0.file == "xen/common/memory.c" })
            #expect(error.line == lines + 1 && error.column > 0)

            let sarif = try Program.run(["lint", tree.root.path, "--format", "sarif"])
            #expect(sarif.output.contains("parse-error"))
            let text1 = try Program.run(["lint", tree.root.path])
            #expect(text1.output.contains("xen/common/memory.c:\(lines + 1):"), "\(text1.output)")
            #expect(!text1.output.contains("\u{1b}"))
        }
    }

    @Test(arguments: ["paren", "unary", "sum", "call", "block"])
    func deeplyNestedCode(kind: String) throws {
        let depth = 100_000
        func nested(_ open: String, _ middle: String, _ close: String) -> String {
            String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
        }
        let expression =
            switch kind {
            case "paren": "return " + nested("(", "cmd", ")") + ";"
            case "unary": "return " + nested("- ", "cmd", "") + ";"
            case "sum": "return cmd" + nested(" + 1", "", "") + ";"
            case "call": "return " + nested("nest(", "cmd", ")") + ";"
            default: nested("{ ", "return cmd;", " }")
            }
        try MiniXen.withBuild { tree in
            try tree.replace(
                "\nlong do_memory_op(",
                with: """


                    static inline long nest(long v) { return v; }
                    static long deep(long cmd) { \(expression) }
                    long do_memory_op(
                    """, in: "xen/common/memory.c")
            var text = try tree.text("xen/common/memory.c")
            let head = try #require(text.range(of: "\nlong do_memory_op("))
            // Before the first statement: C of this age wants its declarations first.
            let end = try #require(text.range(of: "\n\n", range: head.upperBound..<text.endIndex))
            text.insert(contentsOf: "\n    if ( cmd == 12345 )\n        return deep(cmd);\n", at: end.lowerBound)
            try tree.write(text, to: "xen/common/memory.c")
            let outcome = try Program.run(["lint", tree.root.path], limit: 400)
            expectOrderly(outcome, kind)
        }
    }

    /// Deeper than any stack: there is nothing to save, but it is said.
    @Test func bottomlessCode() throws {
        try MiniXen.withBuild { tree in
            let text = try tree.text("xen/common/memory.c")
            let value = String(repeating: "- ", count: 2_000_000)
            let code = "\nlong deep(long v);\nlong deep(long v) { return \(value)v; }\n"
            try tree.write(text + code, to: "xen/common/memory.c")
            let outcome = try Program.run(["lint", tree.root.path], limit: 400)
            #expect(outcome.status == 2 && !outcome.wasStopped, "\(outcome.status)")
            #expect(outcome.errors.contains("nested so deeply"), "\(outcome.errors)")
        }
    }

    @Test func sourcesThatAreNotUTF8() throws {
        try MiniXen.withBuild { tree in
            let url = tree.file("xen/common/memory.c")
            var data = try Data(contentsOf: url)
            data.insert(contentsOf: Array("/* ".utf8) + [0xff, 0xfe, 0x80, 0xc3] + Array(" */\n".utf8), at: 0)
            data.append(contentsOf: Array("static const char odd[] = \"".utf8) + [0xe9, 0xff] + Array("\";\n".utf8))
            try data.write(to: url)
            let outcome = try Program.run(["audit", tree.root.path, "--format", "json"])
            expectOrderly(outcome)
            #expect(try JSONDecoder().decode(AuditDocument.self, from: Data(outcome.output.utf8)).parseErrors.isEmpty)
        }
    }

    @Test func namesWithNewlinesAndEscapes() throws {
        try MiniXen.withSources { tree in
            let name = "xen\n\u{1b}[31m\"tree'$(x)"
            let odd = MiniXen(root: tree.root.deletingLastPathComponent().appendingPathComponent(name))
            let build = tree.root.deletingLastPathComponent().appendingPathComponent("build\n\u{1b}[2J")
            let plain = tree.file("objects")
            try FileManager.default.createDirectory(at: plain, withIntermediateDirectories: true)
            try tree.build(.arm64, into: plain)
            try FileManager.default.moveItem(at: plain, to: build)
            try FileManager.default.moveItem(at: tree.root, to: odd.root)
            for command in [["lint"], ["audit", "--format", "json"], ["handlers"], ["lint", "--format", "sarif"]] {
                let outcome = try Program.run(command + [odd.root.path, "--build-dir", build.path])
                expectOrderly(outcome, "\(command)")
                #expect(!outcome.output.contains("\u{1b}"))
                #expect(!outcome.errors.contains("\u{1b}"), "\(outcome.errors)")
            }
            let missing = try Program.run(["lint", odd.root.path + "/no\n\u{1b}[31m"])
            #expect(missing.status == 2)
            #expect(!missing.errors.contains("\u{1b}"))
        }
    }

    @Test func hugeFiles() throws {
        try MiniXen.withBuild { tree in
            for path in ["xen/common/.memory.o.cmd", "xen/.config", "xen/common/sched.o", "xen/Makefile"] {
                let file = try FileHandle(forWritingTo: tree.file(path))
                try file.truncate(atOffset: 8 << 30)
                try file.close()
                let outcome = try Program.run(["lint", tree.root.path], limit: 120)
                #expect(!outcome.wasStopped && [0, 1, 2].contains(outcome.status), "\(path): \(outcome.errors)")
            }
        }
    }

    @Test func hypercallTableThatIsNone() throws {
        try MiniXen.withBuild { tree in
            for text in ["", "#define call_handlers_arm(", "int x;", String(repeating: "(", count: 100_000)] {
                try tree.write(text, to: "xen/include/xen/hypercall-defs.h")
                let outcome = try Program.run(["lint", tree.root.path], limit: 60)
                #expect(outcome.status == 2 && !outcome.wasStopped, "\(outcome)")
                #expect(outcome.errors.contains("hypercall"), "\(outcome.errors)")
            }
        }
    }
}
