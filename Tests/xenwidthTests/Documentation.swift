import Foundation
import Testing

/// What the documentation tells readers to run.
enum Documentation {
    /// The fenced blocks of a page that are marked with a language, in their order.
    static func blocks(of page: String, language: String) throws -> [String] {
        let text = try String(contentsOf: repositoryRoot.appendingPathComponent(page), encoding: .utf8)
        var blocks: [String] = []
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```\(language)" {
                block = []
            } else if line == "```", let lines = block {
                blocks.append(lines.joined(separator: "\n") + "\n")
                block = nil
            } else {
                block?.append(line)
            }
        }
        return blocks
    }

    /// Runs `body` with a checkout of the miniature tree and what a reader's shell has: the program in PATH, compilers
    /// for all architectures (clang under their names), a home and a cache of its own.
    static func withCheckout<Result>(_ body: (MiniXen, [String: String]) throws -> Result) throws -> Result {
        try MiniXen.withSources { tree in
            try withTemporaryDirectory { scratch in
                let bin = scratch.appendingPathComponent("bin")
                try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
                func link(_ name: String, to target: String) throws {
                    try FileManager.default.createSymbolicLink(
                        atPath: bin.appendingPathComponent(name).path, withDestinationPath: target)
                }
                try link("xenwidth", to: Program.executable.path)
                let clang = try InstalledClang.path()
                for name in ["gcc", "aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc"] { try link(name, to: clang) }
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                return try body(tree, [
                    "PATH": bin.path + ":" + path, "HOME": scratch.path,
                    "XDG_CACHE_HOME": scratch.appendingPathComponent("cache").path,
                ])
            }
        }
    }
}
