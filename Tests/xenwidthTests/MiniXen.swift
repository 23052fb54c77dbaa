import Foundation
import Testing

/// The miniature tree of `fixtures/`, copied and built in itself, so that a test may do to it what it likes.
struct MiniXen {
    let root: URL
    var xen: URL { root.appendingPathComponent("xen") }

    enum Architecture: String, CaseIterable {
        case arm64
        case x86_64
    }

    /// Runs `body` with a copy of its own, without a build.
    static func withSources<Result>(_ body: (MiniXen) throws -> Result) throws -> Result {
        try withTemporaryDirectory { directory in
            let root = directory.appendingPathComponent("tree")
            let fixture = repositoryRoot.appendingPathComponent("fixtures/mini-xen")
            try FileManager.default.copyItem(at: fixture, to: root)
            return try body(MiniXen(root: root))
        }
    }

    /// Runs `body` with a copy of its own that was built in itself.
    static func withBuild<Result>(
        _ architecture: Architecture = .arm64, _ body: (MiniXen) throws -> Result
    ) throws -> Result {
        try withSources { tree in
            try tree.build(architecture)
            return try body(tree)
        }
    }

    func build(_ architecture: Architecture, into directory: URL? = nil) throws {
        var arguments = ["-C", xen.path, "XEN_TARGET_ARCH=\(architecture.rawValue)"]
        if let directory { arguments.append("O=\(directory.path)") }
        let outcome = try Program.runAny(
            URL(fileURLWithPath: "/usr/bin/make"), arguments + ["defconfig", "build"], directory: nil, environment: [:],
            limit: 240)
        try #require(outcome.status == 0, "the miniature tree does not build: \(outcome.errors)")
    }

    func file(_ path: String) -> URL { root.appendingPathComponent(path) }

    func text(_ path: String) throws -> String { try String(contentsOf: file(path), encoding: .utf8) }

    func write(_ text: String, to path: String) throws {
        try text.write(to: file(path), atomically: true, encoding: .utf8)
    }

    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try text(path)
        try #require(text.contains(old), "\(path) has no '\(old)' any more")
        try write(text.replacing(old, with: new), to: path)
    }

    /// Rows of the map, as the JSON report has them.
    func audit(_ arguments: [String] = []) throws -> AuditDocument {
        let outcome = try Program.run(["audit", root.path, "--format", "json"] + arguments)
        try #require(outcome.status == 0 && !outcome.wasStopped, "\(outcome.errors)")
        return try JSONDecoder().decode(AuditDocument.self, from: Data(outcome.output.utf8))
    }
}

/// As much of `audit --format json` as the tests look at.
struct AuditDocument: Decodable {
    struct Place: Decodable {
        var file: String
        var line: Int
        var column: Int
        var message: String?
    }
    struct Row: Decodable {
        struct Range: Decodable {
            var min: String
            var max: String
        }
        var hypercall: String
        var handler: String
        var subOperation: String?
        var guest: String
        var verdict: String
        var range: Range?
        var location: Place
        var evidence: [Place]
        var reason: String?
        var returnType: String
    }
    struct Tree: Decodable {
        var version: String
        var architecture: String
        var revision: String?
    }
    var tree: Tree
    var rows: [Row]
    var unsupported: [String: Int]
    var parseErrors: [Place]
    var summary: [String: Int]

    func rows(of handler: String) -> [Row] { rows.filter { $0.handler == handler } }
}
