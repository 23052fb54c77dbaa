import Foundation
import Testing

/// The table as the miniature tree's build compiled it.
@Suite struct HandlersTests {
    @Test func textAndJSON() throws {
        try MiniXen.withBuild(.x86_64) { tree in
            let text = try Program.run(["handlers", tree.root.path])
            #expect(text.status == 0)
            let line = try #require(text.output.split(separator: "\n").first {
                $0.hasPrefix("memory_op ") && $0.contains(" pv32 ")
            })
            #expect(line.contains("compat_memory_op"))
            #expect(line.contains("xen/common/compat/memory.c:"))
            #expect(text.output.contains(" pv64 "))

            let document = try Program.run(["handlers", tree.root.path, "--format", "json", "--guest", "hvm32"])
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(document.output.utf8)) as? [String: Any])
            let handlers = try #require(object["handlers"] as? [[String: Any]])
            #expect(!handlers.isEmpty)
            #expect(handlers.allSatisfy { $0["guest"] as? String == "hvm32" })
            #expect(object["unreachable"] is [Any])
        }
    }

    @Test func treeIsSearchedUpwards() throws {
        try MiniXen.withBuild { tree in
            let inside = try Program.run(["handlers"], directory: tree.file("xen/common/compat"))
            let outside = try Program.run(["handlers", tree.root.path])
            #expect(inside.status == 0)
            #expect(inside.output == outside.output)
        }
    }

    @Test func buildOutsideOfTheTree() throws {
        try MiniXen.withSources { tree in
            let build = tree.root.deletingLastPathComponent().appendingPathComponent("objects")
            try tree.build(.arm64, into: build)
            let outcome = try Program.run(["handlers", tree.root.path, "--build-dir", build.path])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("do_memory_op"))
            #expect(outcome.output.contains(" xen/common/memory.c:"))
        }
    }
}
