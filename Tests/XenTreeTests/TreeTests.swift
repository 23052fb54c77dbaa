import Foundation
import Testing

@testable import XenTree

@Suite struct TreeTests {
    @Test func aTreeIsFoundFromBelow() throws {
        let tree = try TemporaryTree.built()
        for start in ["", "/xen", "/xen/common", "/xen/common/a.c"] {
            let found = try XenTree.find(from: tree.path + start)
            #expect(found.root == tree.path)
            #expect(found.xenDirectory == tree.path + "/xen")
            #expect(found.version == "4.99-test")
        }
    }

    @Test(arguments: ["/no/such/place", "", "\u{0}", "/dev/null", "/"]) func noTree(_ path: String) {
        #expect(throws: XenTreeError.self) { try XenTree.find(from: path) }
    }

    @Test func aBuildIsOpened() throws {
        let tree = try TemporaryTree.built()
        let build = try XenBuild.open(tree: XenTree.find(from: tree.path))
        #expect(build.architecture == .x86_64)
        #expect(build.config["CONFIG_CC"] == "a \"b\"")
        #expect(build.config["CONFIG_OFF"] == nil)
        #expect(build.commands.all.map(\.source) == [tree.path + "/xen/common/a.c"])
        // There is no object, so the source was searched.
        #expect(build.symbols.definitions(of: "f").map(\.isApproximate) == [true])
    }

    @Test func anotherArchitectureIsAnError() throws {
        let files = try TemporaryTree.built()
        let tree = try XenTree.find(from: files.path)
        #expect(throws: XenTreeError.architectureMismatch(
            asked: .arm64, built: .x86_64, configuration: files.path + "/xen/.config")
        ) { try XenBuild.open(tree: tree, architecture: .arm64) }
    }

    @Test func hostileRecordsAreLeftOut() throws {
        let tree = try TemporaryTree.built(commands: [
            "xen/common/.b.o.cmd": "cmd_common/b.o := gcc -c -o common/b.o /etc/passwd.c\n",
            "xen/common/.c.o.cmd": "cmd_common/c.o := gcc -c -o common/c.o common/c",
            "xen/common/.d\n\u{1B}[31m.o.cmd": "cmd_common/d.o := gcc -c 'x",
            "xen/common/.e.o.cmd": String(repeating: "x", count: 1_000_000),
        ])
        mkfifo(tree.path + "/xen/common/.pipe.o.cmd", 0o600)
        symlink("/dev/zero", tree.path + "/xen/common/.zero.o.cmd")
        symlink("..", tree.path + "/xen/common/loop")
        let build = try XenBuild.open(tree: XenTree.find(from: tree.path))
        #expect(build.commands.all.count == 1)
        let messages = build.diagnostics.map(\.description)
        #expect(messages.count >= 4)
        #expect(!messages.contains { $0.contains("\n") || $0.contains("\u{1B}") })
    }

    @Test func commandsInMessagesAreForShells() {
        let error = XenTreeError.noBuild(directory: "/b", xenDirectory: "/it's $(here)/xen", asked: nil)
        #expect(error.description.contains(#"make -C '/it'\''s $(here)/xen' XEN_TARGET_ARCH=arm64 O=/b defconfig"#), "\(error)")
    }

    @Test(arguments: Architecture.allCases) func theBuildThatWasAskedForIsTheOneToMake(_ asked: Architecture) throws {
        let files = try TemporaryTree.built()
        let tree = try XenTree.find(from: files.path)
        try FileManager.default.removeItem(atPath: files.path + "/xen/.config")
        for directory in [nil, files.path + "/xen/common"] {
            let error = #expect(throws: XenTreeError.self) {
                try XenBuild.open(tree: tree, directory: directory, architecture: asked)
            }
            let text = error?.description ?? ""
            #expect(text.contains("XEN_TARGET_ARCH=\(asked.rawValue) "))
            // Nobody asked for these.
            for other in Architecture.allCases where other != asked {
                #expect(!text.contains(other.rawValue), "\(text)")
            }
        }
    }

    @Test func whatIsMissingIsSaidWithTheRemedy() throws {
        let tree = try TemporaryTree.built()
        let found = try XenTree.find(from: tree.path)
        try FileManager.default.removeItem(atPath: tree.path + "/xen/.config")
        do {
            _ = try XenBuild.open(tree: found)
            Issue.record("opened")
        } catch {
            #expect(error.description.contains("no build found in"))
            // Xen's make refuses both goals at once.
            let make = "make -C \(found.xenDirectory) XEN_TARGET_ARCH=arm64"
            #expect(error.description.contains("`\(make) defconfig && \(make) build`"), "\(error)")
        }
        try tree.write("CONFIG_RISCV_64=y\n", to: "xen/.config")
        #expect(throws: XenTreeError.unsupportedArchitecture(name: "riscv64", configuration: tree.path + "/xen/.config")) {
            try XenBuild.open(tree: found)
        }
        try tree.write("", to: "xen/.config")
        #expect(throws: XenTreeError.unknownArchitecture(configuration: tree.path + "/xen/.config")) {
            try XenBuild.open(tree: found)
        }
    }

    @Test func objectsThatAreGarbageAreSearchedAsText() throws {
        let tree = try TemporaryTree.built()
        var seed: UInt64 = 1
        for _ in 0..<200 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // The header of an object, then whatever comes.
            var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + Array(repeating: 0, count: 10) + [62, 0]
            for index in 0..<(Int(seed >> 40) % 400) { bytes.append(UInt8(truncatingIfNeeded: (seed >> 13) &* UInt64(index + 7))) }
            try tree.write(bytes, to: "xen/common/a.o")
            let build = try XenBuild.open(tree: XenTree.find(from: tree.path))
            #expect(build.symbols.definitions(of: "f").count <= 1)
        }
    }

    // MARK: The revision

    static let hash = "0123456789abcdef0123456789abcdef01234567"

    struct Checkout: Sendable {
        var files: [String: String]
        var revision: String?
    }

    @Test(arguments: [
        Checkout(files: [".git/HEAD": "\(hash)\n"], revision: hash),
        Checkout(files: [".git/HEAD": "ref: refs/heads/x\n", ".git/refs/heads/x": "\(hash)\n"], revision: hash),
        Checkout(files: [".git/HEAD": "ref: refs/heads/x\n", ".git/packed-refs": "# p\n\(hash) refs/heads/x\n"], revision: hash),
        Checkout(files: [".git/HEAD": "ref: refs/heads/x\n"], revision: nil),
        Checkout(files: [".git": "gitdir: real\n", "real/HEAD": "\(hash)\n"], revision: hash),
        Checkout(
            files: [".git": "gitdir: w\n", "w/HEAD": "ref: refs/heads/x\n", "w/commondir": "../c\n", "c/refs/heads/x": hash],
            revision: hash),
        Checkout(files: [".git/HEAD": "ref: refs/../../secret\n", "secret": hash], revision: nil),
        Checkout(files: [".git/HEAD": "ref: /etc/passwd\n"], revision: nil),
        Checkout(files: [".git/HEAD": "$(touch x)\n"], revision: nil),
        Checkout(files: [".git/HEAD": "\(hash)\u{1B}[31m\n"], revision: nil),
        Checkout(files: [".git/HEAD": ""], revision: nil),
        Checkout(files: [:], revision: nil),
        Checkout(files: [".gitarchive-info": "Changeset: \(hash)\nCommit Date: x\n"], revision: hash),
    ])
    func revisions(_ checkout: Checkout) throws {
        let tree = try TemporaryTree(checkout.files)
        #expect(GitRevision.read(worktree: tree.path) == checkout.revision)
    }

    @Test(arguments: [
        ("a/b.c", "a/b.c"), ("a\nb", "a\\nb"), ("\u{1B}[31m", "\\x1b[31m"), ("\u{7F}", "\\x7f"), ("\u{202E}x", "\\u{202e}x"),
        ("ü€", "ü€"), ("\u{2028}", "\\u{2028}"), ("\u{9B}", "\\x9b"), ("\r\n", "\\r\\n"),
    ])
    func shownPaths(_ path: String, _ shown: String) { #expect(displayPath(path) == shown) }
}
