import Foundation
import Testing

@testable import XenTree

/// A build that was made from another copy of the tree: what is analysed is the tree that was asked for.
@Suite struct RelocationTests {
    /// Two copies of a tree, the second one patched, and a build of the first.
    private func withCopies(inTree: Bool, _ body: (TemporaryTree, XenBuild) throws -> Void) throws {
        let files = try TemporaryTree()
        let build = inTree ? "old/xen" : "build"
        for copy in ["old", "new"] {
            try files.write("export XEN_VERSION = 4\nexport XEN_SUBVERSION = 99\n", to: "\(copy)/xen/Makefile")
            try files.write("", to: "\(copy)/xen/include/here.h")
            try files.write("int f(void) { return 1; }\n", to: "\(copy)/xen/common/a.c")
            try files.write("int \(copy)(void) { return 1; }\n", to: "\(copy)/xen/common/efi/e.c")
        }
        if !inTree { try files.write("include source/Makefile\n", to: "build/Makefile") }
        try files.write("CONFIG_X86_64=y\n", to: "\(build)/.config")
        try files.write("", to: "\(build)/include/config/auto.conf")
        try files.write("", to: "\(build)/include/generated.h")
        let xen = inTree ? "" : files.path + "/old/xen/"
        let flags = "-include \(xen)include/here.h -I./include -I\(files.path)/old/xen/include -include include/generated.h"
        try files.write("cmd_common/a.o := gcc \(flags) -c -o common/a.o \(xen)common/a.c\n", to: "\(build)/common/.a.o.cmd")
        try files.write("cmd_arch/efi/e.o := gcc \(flags) -c -o arch/efi/e.o arch/efi/e.c\n", to: "\(build)/arch/efi/.e.o.cmd")
        if inTree {
            symlink("../../common/efi/e.c", files.path + "/old/xen/arch/efi/e.c")
        } else {
            symlink(files.path + "/old/xen", files.path + "/build/source")
            symlink("../../source/common/efi/e.c", files.path + "/build/arch/efi/e.c")
        }
        let tree = try XenTree.find(from: files.path + "/new")
        try body(files, XenBuild.open(tree: tree, directory: files.path + "/" + build))
    }

    @Test(arguments: [false, true]) func sourcesAreThoseOfTheTree(inTree: Bool) throws {
        try withCopies(inTree: inTree) { files, build in
            let new = files.path + "/new/xen/"
            #expect(build.commands.all.map(\.source) == [new + "common/a.c", new + "common/efi/e.c"])
            // Its link leads to the file that was patched.
            #expect(!build.sources.objects(defining: "new").isEmpty)
            #expect(build.sources.objects(defining: "old").isEmpty)
            #expect(build.diagnostics.filter { $0.severity == .warning }.count == 1)
        }
    }

    @Test(arguments: [false, true]) func headersAreThoseOfTheTreeAndWhatWasGenerated(inTree: Bool) throws {
        try withCopies(inTree: inTree) { files, build in
            let (old, new) = (files.path + "/old/xen/include", files.path + "/new/xen/include")
            let made = inTree ? old : files.path + "/build/include"
            for command in build.commands.all {
                let flags = Array(command.flags.dropFirst())
                let expected = inTree
                    ? ["-include", new + "/here.h", "-I" + new, "-I" + old, "-I" + new, "-I" + old]
                    : ["-include", new + "/here.h", "-I" + made, "-I" + new]
                #expect(flags == expected + ["-include", made + "/generated.h"])
            }
        }
    }

    @Test func aTreeThatIsGone() throws {
        try withCopies(inTree: false) { files, build in
            try FileManager.default.removeItem(atPath: files.path + "/old")
            let again = try XenBuild.open(tree: build.tree, directory: build.directory)
            #expect(again.commands.all == build.commands.all)
        }
    }

    /// What the build linked to has been removed from the tree.
    @Test func aFileThatIsGone() throws {
        try withCopies(inTree: false) { files, build in
            try FileManager.default.removeItem(atPath: files.path + "/new/xen/common/efi/e.c")
            let again = try XenBuild.open(tree: build.tree, directory: build.directory)
            #expect(again.commands.all.map(\.source) == [files.path + "/new/xen/common/a.c"])
            #expect(again.diagnostics.contains { $0.description.contains("common/efi/e.c does not exist") })
        }
    }

    @Test func theTreeOfTheBuildIsReadAsItWas() throws {
        try withCopies(inTree: false) { files, _ in
            let tree = try XenTree.find(from: files.path + "/old")
            let build = try XenBuild.open(tree: tree, directory: files.path + "/build")
            #expect(build.commands.all.map(\.source) == [files.path + "/build/arch/efi/e.c", files.path + "/old/xen/common/a.c"])
            #expect(build.diagnostics.allSatisfy { $0.severity == .note })
        }
    }

    @Test func linksThatGoRound() throws {
        let files = try TemporaryTree()
        symlink("b", files.path + "/a")
        symlink("a", files.path + "/b")
        symlink(files.path + "/no/../where", files.path + "/c")
        #expect(LinkTarget.resolve(files.path + "/a/x") == nil)
        #expect(LinkTarget.resolve(files.path + "/c/x") == files.path + "/where/x")
    }
}
