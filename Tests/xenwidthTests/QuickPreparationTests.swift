import Foundation
import Testing

/// `prepare` has the tree's make do what is read, and nothing else.
@Suite struct QuickPreparationTests {
    private static let clang = ["--clang", "--cross-compile", ""]

    private func prepare(_ tree: MiniXen, _ architecture: MiniXen.Architecture, _ more: [String] = []) throws -> String {
        let outcome = try Program.run(
            ["prepare", tree.root.path, "--arch", architecture.rawValue] + Self.clang + more,
            environment: Self.cache(tree))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    private static func cache(_ tree: MiniXen) -> [String: String] {
        ["XDG_CACHE_HOME": tree.root.deletingLastPathComponent().appendingPathComponent("cache").path]
    }

    private func map(_ tree: MiniXen, _ build: String) throws -> String {
        let outcome = try Program.run(
            ["audit", tree.root.path, "--build-dir", build, "--format", "json"], environment: Self.cache(tree))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    private func defines(_ name: String, _ object: String) throws -> Bool {
        try Data(contentsOf: URL(fileURLWithPath: object)).range(of: Data(name.utf8)) != nil
    }

    @Test(arguments: MiniXen.Architecture.allCases)
    func theMapIsThatOfACompiledBuild(architecture: MiniXen.Architecture) throws {
        try MiniXen.withSources { tree in
            let quick = try prepare(tree, architecture)
            #expect(try !defines("do_memory_op", quick + "/common/memory.o"), "it was compiled")
            let place = tree.root.deletingLastPathComponent().appendingPathComponent("whole").path
            let whole = try prepare(tree, architecture, ["--compile", "--build-dir", place])
            #expect(try defines("do_memory_op", whole + "/common/memory.o"))
            #expect(try map(tree, quick) == map(tree, whole))
        }
    }

    @Test func functionsThatCameLaterAreFound() throws {
        try MiniXen.withSources { tree in
            let build = try prepare(tree, .arm64)
            let before = try map(tree, build)
            try tree.write(
                try tree.text("xen/common/kernel.c") + "\nlong a_new_one(void);\nlong a_new_one(void) { return 5; }\n",
                to: "xen/common/kernel.c")
            let line = "        rc = max_page;\n"
            try tree.replace(line, with: "        rc = a_new_one();\n", in: "xen/common/memory.c")
            try tree.replace(
                "\nlong do_memory_op(", with: "\nlong a_new_one(void);\nlong do_memory_op(", in: "xen/common/memory.c")
            for _ in 0..<2 {
                let after = try map(tree, build)
                #expect(after != before)
                let rows = try JSONDecoder().decode(AuditDocument.self, from: Data(after.utf8)).rows
                let row = try #require(rows.first { $0.subOperation == "XENMEM_maximum_ram_page" && $0.guest == "arm32" })
                #expect(row.verdict == "fits-int" && row.range?.max == "5", "\(row)")
            }
        }
    }

    /// Where make reads the objects itself there is no way around compiling them.
    @Test func aTreeThatNeedsItsObjectsIsCompiled() throws {
        try MiniXen.withSources { tree in
            try tree.replace(
                "build: $(obj-y)\n", with: "build: $(obj-y)\n\tgrep -q do_memory_op common/memory.o\n",
                in: "xen/Makefile")
            let outcome = try Program.run(
                ["prepare", tree.root.path, "--arch", "arm64"] + Self.clang, environment: Self.cache(tree))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("compiling all of it"), "\(outcome.errors)")
            #expect(try Program.run(["lint", tree.root.path], environment: Self.cache(tree)).status == 1)
        }
    }

    @Test func eachRevisionHasItsOwn() throws {
        try MiniXen.withSources { tree in
            func checkOut(_ revision: Character) throws {
                try FileManager.default.createDirectory(at: tree.file(".git"), withIntermediateDirectories: true)
                try tree.write(String(repeating: revision, count: 40) + "\n", to: ".git/HEAD")
            }
            var builds: [Character: String] = [:]
            for revision in "abcdef" as String {
                try checkOut(revision)
                builds[revision] = try prepare(tree, .arm64)
            }
            #expect(Set(builds.values).count == 6)
            try checkOut("e")
            let exact = try Program.run(["lint", tree.root.path], environment: Self.cache(tree))
            #expect(exact.errors.contains("build: \(builds["e"] ?? "")") && !exact.errors.contains("warning"), "\(exact.errors)")
            try checkOut("9")
            let newest = try Program.run(["lint", tree.root.path], environment: Self.cache(tree))
            #expect(newest.errors.contains("build: \(builds["f"] ?? "")"), "\(newest.errors)")
            #expect(newest.errors.contains("another revision is checked out"))
            let left = builds.values.filter { FileManager.default.fileExists(atPath: $0) }
            #expect(left.count == 4, "old ones pile up: \(left)")
        }
    }
}
