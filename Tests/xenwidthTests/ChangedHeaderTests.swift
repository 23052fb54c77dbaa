import Foundation
import Testing

/// `lint --changed` where headers come and go.
@Suite struct ChangedHeaderTests {
    private static let header = "xen/include/xen/mm.h"

    private static func withCheckout(_ body: (MiniXen, (String) throws -> String) throws -> Void) throws {
        try Documentation.withCheckout { tree, environment in
            func run(_ script: String) throws -> String {
                let outcome = try Program.runAny(
                    URL(fileURLWithPath: "/bin/bash"), ["-e", "-c", script], directory: tree.root,
                    environment: environment.merging(["GIT_CONFIG_NOSYSTEM": "1"]) { $1 }, limit: 240)
                try #require(outcome.status == 0, "\(script): \(outcome.errors)")
                return outcome.output + outcome.errors
            }
            _ = try run("""
                git init -q -b main && git config user.name n && git config user.email n@example.org
                git add -A && git commit -q -m tree && xenwidth prepare --arch arm64 -q
                """)
            try body(tree, run)
        }
    }

    /// All handlers whose files include it are touched, whether or not anything was recorded while it was there.
    @Test(arguments: [true, false]) func aHeaderIsRemoved(isRecorded: Bool) throws {
        try Self.withCheckout { _, run in
            if isRecorded {
                _ = try run("echo '/* */' >>\(Self.header) && xenwidth lint --changed --fail-on never && git checkout -q .")
            }
            _ = try run("git rm -q \(Self.header)")
            let all = try run("xenwidth audit")
            let some = try run("xenwidth lint --changed --fail-on never 2>&1 || [ $? -eq 2 ]")
            #expect(all.contains("unknown"), "\(all)")
            #expect(some.contains("unknown") && !some.contains("touching 0"), "\(some)")
        }
    }

    /// What a change of the configuration does, nobody knows before make has run: that must be said.
    @Test(arguments: [("xen/Kconfig", true), ("xen/common/Kconfig.debug", true), ("xen/Makefile", true), ("tools/Makefile", false)])
    func theBuildIsDescribedAnew(path: String, isInput: Bool) throws {
        try Self.withCheckout { _, run in
            let touched = try run("mkdir -p tools && echo '# x' >>\(path) && git add \(path) && xenwidth lint --changed")
            #expect(touched.contains("warning: \(path) says how the tree is built") == isInput, "\(touched)")
        }
    }

    /// What was recorded while it was missing does not hide what it changes later.
    @Test func aHeaderComesBack() throws {
        try Self.withCheckout { _, run in
            let lint = "{ xenwidth lint --changed --fail-on never 2>&1 || [ $? -eq 2 ]; }"
            _ = try run("git rm -q \(Self.header) && \(lint) && git reset -q --hard")
            let touched = try run("echo '/* */' >>\(Self.header) && \(lint)")
            #expect(touched.contains("touching 2 of 10 handlers"), "\(touched)")
        }
    }

    /// One that comes before another in the search path is included in its place.
    @Test func aHeaderIsShadowed() throws {
        try Self.withCheckout { tree, run in
            // Quoted in a file beside it: `xen/common/xen/` comes first for `#include "xen/mm.h"`.
            try tree.replace("#include <xen/mm.h>", with: "#include \"xen/mm.h\"", in: "xen/common/memory.c")
            // What is recorded is the tree as it was committed.
            _ = try run("git commit -q -a -m quoted && xenwidth lint --changed=HEAD~1 --fail-on never")
            let text = try tree.text(Self.header)
            try FileManager.default.createDirectory(at: tree.file("xen/common/xen"), withIntermediateDirectories: true)
            try tree.write(text, to: "xen/common/xen/mm.h")
            let touched = try run("xenwidth lint --changed --fail-on never 2>&1 || [ $? -eq 2 ]")
            #expect(touched.contains("touching 1 of 10 handlers"), "\(touched)")
        }
    }
}
