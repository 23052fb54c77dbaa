import ClangAST
import Testing

@testable import XenTree

/// Flags come from the tree that is analysed: what runs code, reads more flags or writes files never reaches libclang.
@Suite struct FlagPolicyTests {
    static let refused: [[String]] = [
        ["-fplugin=./evil.so"], ["-fplugin", "./evil.so"], ["-fplugin-arg-evil-x=1"], ["-fpass-plugin=./evil.so"],
        ["-load", "./evil.so"], ["-Xclang", "-load"], ["-Xclang", "-load", "-Xclang", "./evil.so"],
        ["-Xclang=-load"], ["-Xpreprocessor", "-load"], ["-Xlinker", "x"], ["-Xassembler", "x"], ["-Xanalyzer", "x"],
        ["-plugin", "x"], ["-add-plugin", "x"], ["-mllvm", "-load=./evil.so"], ["-mllvm=-load"], ["-mlink-builtin-bitcode", "x"],
        ["@flags"], ["@/etc/passwd"], ["--config=x"], ["--config", "x"], ["--config-user-dir=."], ["-cc1"], ["-cc1as"],
        ["-o", "out"], ["-oout"], ["--output=out"], ["-MF", "deps"], ["-MD"], ["-MMD"], ["-MJ", "x"], ["-MT", "x"],
        ["-Wp,-MD,deps"], ["-Wp,-o,x"], ["-Wl,-x"], ["-Wa,-x"], ["-save-temps"], ["--serialize-diagnostics", "x"],
        ["-serialize-diagnostics", "x"], ["-ivfsoverlay", "x"], ["-vfsoverlay", "x"], ["-ftime-trace=x"],
        ["-fcrash-diagnostics-dir=x"], ["-fmodules"], ["-fmodules-cache-path=x"], ["-fmodule-file=x"], ["-include-pch", "x"],
        ["-fdump-record-layouts"], ["-dump-coverage-mapping"], ["-fprofile-use=x"], ["-fprofile-instr-use=x"],
        ["-fsanitize-ignorelist=x"], ["-fdebug-compilation-dir=x"], ["-gcc-toolchain", "x"], ["--gcc-toolchain=x"],
        ["-B", "."], ["-B."], ["-resource-dir", "x"], ["-resource-dir=x"], ["-isysroot", "x"], ["--sysroot=x"],
        ["-working-directory", "x"], ["-working-directory=x"], ["-x", "c++"], ["-x", "ir"], ["-xc++"], ["-x", "assembler"],
        ["-I"], ["-D"], ["-include"], ["-include", "@x"], ["-I", "@x"], ["-include", "a.pch"], ["-include", "a.h.gch"],
        ["-target", "x;y"], ["-target"], ["--target=x y"], ["-std=c11\n-load"], ["-DX\u{0}-load"], ["-D", "a\u{0}b"], ["a.c"], ["-"],
        ["--"], [""], ["-E"], ["-S"], ["-c"], ["-emit-llvm"], ["-v"], ["-###"], ["-specs=x"], ["-wrapper", "x"],
        ["-march=native;x"], ["-mcpu=\u{1B}[0m"],
    ]

    @Test(arguments: refused) func refuses(_ flags: [String]) {
        #expect(throws: ClangError.self) { try FlagPolicy.check(flags) }
        // Nor after flags that are all right.
        #expect(throws: ClangError.self) { try FlagPolicy.check(["-DX", "-O2"] + flags) }
    }

    static let passed: [[String]] = [
        ["-Iinclude"], ["-I", "include"], ["-isystem", "x"], ["-iquote", "x"], ["-DX=1"], ["-D", "X"], ["-UX"], ["-U", "X"],
        ["-include", "config.h"], ["-std=gnu11"], ["-std=gnu99", "-O2"], ["-nostdinc"], ["-fno-builtin"], ["-fno-strict-aliasing"],
        ["-m64"], ["-mno-sse"], ["-march=armv8-a"], ["-mgeneral-regs-only"], ["-target", "aarch64-linux-gnu"],
        ["--target=arm-linux-gnueabihf"], ["-DX=a b;c"], ["-fshort-wchar"], ["-x", "c"], ["-fwrapv"], ["-mcmodel=kernel"],
    ]

    @Test(arguments: passed) func passes(_ flags: [String]) throws { try FlagPolicy.check(flags) }

    /// Both lists guard the same door: a flag that the first lets through must not fail a whole file at the second.
    @Test func flagsTakenFromBuildsPass() throws {
        let flags = FlagAllowList.examples
        #expect(flags.count > 50)
        for flag in flags { #expect(throws: Never.self, "\(flag)") { try FlagPolicy.check([flag]) } }
    }

    @Test func theMessageNamesTheFlag() {
        #expect(throws: ClangError.refusedFlag("-fplugin=x")) { try FlagPolicy.check(["-DX", "-fplugin=x"]) }
    }
}
