import Foundation
import Testing

/// What the documentation tells readers to run, run. `CITests` does the same for `docs/ci.md`.
@Suite struct DocumentationTests {
    private func run(_ script: String, _ tree: MiniXen, _ environment: [String: String]) throws -> Program.Outcome {
        try Program.runAny(
            URL(fileURLWithPath: "/bin/bash"), ["-e", "-c", script], directory: tree.root, environment: environment,
            limit: 240)
    }

    private func withRepository<Result>(_ body: (MiniXen, [String: String]) throws -> Result) throws -> Result {
        try Documentation.withCheckout { tree, environment in
            let environment = environment.merging([
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.org",
                "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@example.org",
            ]) { $1 }
            let made = try run("git init -q -b main && git add -A && git commit -q -m tree", tree, environment)
            try #require(made.status == 0, "\(made.errors)")
            return try body(tree, environment)
        }
    }

    @Test func gettingStarted() throws {
        let blocks = try Documentation.blocks(of: "docs/getting-started.md", language: "sh")
        try #require(blocks.count == 6)
        try withRepository { tree, environment in
            for block in blocks {
                let outcome = try run(block, tree, environment)
                #expect(outcome.status == 0, "\(block): \(outcome.errors)")
                if block.contains("xenwidth lint ||") {
                    #expect(outcome.output.contains("XENMEM_maximum_ram_page"), "\(outcome)")
                }
            }
            #expect(FileManager.default.isExecutableFile(atPath: tree.file(".git/hooks/pre-commit").path))
            #expect(try tree.text("map.html").contains("<!DOCTYPE html>"))
        }
    }

    /// Each command of the README that names a tree, on a tree.
    @Test func readme() throws {
        let text = try String(contentsOf: repositoryRoot.appendingPathComponent("README.md"), encoding: .utf8)
        let commands = text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("xenwidth ") }
        try #require(commands.count >= 10)
        try withRepository { tree, environment in
            for command in commands {
                let outcome = try run(command.replacing("xen.git", with: "."), tree, environment)
                let isLint = command.contains("xenwidth lint")
                #expect(outcome.status == 0 || isLint && outcome.status == 1, "\(command): \(outcome.errors)")
                #expect(!outcome.output.isEmpty || command.contains(" -o ") || command.contains("--changed"), "\(command)")
            }
        }
    }

    /// The README's output is what `make lint` prints, as far as it is shown.
    @Test func theOutputInTheReadmeIsReal() throws {
        let text = try String(contentsOf: repositoryRoot.appendingPathComponent("README.md"), encoding: .utf8)
        let shown = text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("xen/common/memory.c:") }
        try #require(shown.count >= 4)
        try MiniXen.withBuild { tree in
            let lint = try Program.run(["lint", tree.root.path])
            for line in shown { #expect(lint.output.contains(line), "not printed: \(line)") }
        }
    }

    /// Links between pages lead somewhere.
    @Test func linksLeadToPages() throws {
        let docs = repositoryRoot.appendingPathComponent("docs")
        let pages = try FileManager.default.contentsOfDirectory(atPath: docs.path).filter { $0.hasSuffix(".md") }
        for page in pages.map({ docs.appendingPathComponent($0) }) + [repositoryRoot.appendingPathComponent("README.md")] {
            let text = try String(contentsOf: page, encoding: .utf8)
            for part in text.components(separatedBy: "](").dropFirst() {
                let target = String(part.prefix { $0 != ")" && $0 != "#" })
                if target.isEmpty || target.contains("://") { continue }
                let file = page.deletingLastPathComponent().appendingPathComponent(target)
                #expect(FileManager.default.fileExists(atPath: file.path), "\(page.lastPathComponent): \(target)")
            }
        }
    }
}
