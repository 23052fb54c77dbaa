import Foundation

/// Files of a test on disk.
final class TemporaryTree {
    let root: URL
    var path: String { root.path }

    init(_ files: [String: String] = [:]) throws {
        // The canonical path, as the code under test gives it.
        let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        root = place.appendingPathComponent("tree-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = root.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// The least that counts as a hypervisor's tree with a build in it.
    static func built(commands: [String: String] = [:], files: [String: String] = [:]) throws -> TemporaryTree {
        let tree = try TemporaryTree([
            "xen/Makefile": "export XEN_VERSION = 4\nexport XEN_SUBVERSION = 99\nexport XEN_EXTRAVERSION ?= -test$(VENDOR)\n",
            "xen/include/placeholder.h": "", "xen/common/a.c": "int f(void) { return 1; }\n",
            "xen/.config": "CONFIG_X86_64=y\nCONFIG_CC=\"a \\\"b\\\"\"\n# CONFIG_OFF is not set\n",
            "xen/include/config/auto.conf": "",
            "xen/common/.a.o.cmd": "cmd_common/a.o := gcc -DX -c -o common/a.o common/a.c\n",
        ])
        for (name, text) in commands.merging(files, uniquingKeysWith: { $1 }) { try tree.write(text, to: name) }
        return tree
    }
}
