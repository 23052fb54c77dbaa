/// The compiler flags that may reach libclang.
///
/// Flags come from the tree that is analysed, and libclang is a compiler driver: `-fplugin=` or `-Xclang -load` run code,
/// `@file` and `--config` bring in more flags, `-o`, `-MF` and `-save-temps` write files, `-include-pch` and `-fmodules` read
/// binary formats that trust their writer. So a flag passes only if it is known to be harmless.
public enum FlagPolicy {
    /// Flags whose value is the next argument, or is glued to them.
    static let withValue = ["-include", "-isystem", "-iquote", "-idirafter", "-I", "-D", "-U"]
    static let exact: Set<String> = [
        "-nostdinc", "-nostdlibinc", "-ansi", "-pipe", "-w", "-undef", "-pthread", "-ffreestanding", "-fhosted",
        "-funsigned-char", "-fsigned-char", "-fno-signed-char", "-fno-unsigned-char", "-fshort-wchar", "-fno-short-wchar",
        "-fshort-enums", "-fno-short-enums", "-fcommon", "-fno-common", "-fgnu89-inline", "-fno-gnu89-inline",
        "-fms-extensions", "-fwrapv", "-fno-wrapv", "-ftrapv", "-fasm", "-fno-asm", "-fgnu-keywords", "-fno-gnu-keywords",
        "-fno-builtin", "-fbuiltin", "-fstrict-aliasing", "-fno-strict-aliasing", "-fstrict-overflow",
        "-fno-strict-overflow", "-fno-delete-null-pointer-checks", "-fdelete-null-pointer-checks", "-fno-pie", "-fpie",
        "-fPIE", "-fno-PIE", "-fpic", "-fPIC", "-fno-pic", "-fno-PIC", "-fomit-frame-pointer", "-fno-omit-frame-pointer",
        "-foptimize-sibling-calls", "-fno-optimize-sibling-calls", "-fexceptions", "-fno-exceptions",
        "-fasynchronous-unwind-tables", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fno-stack-protector",
        "-fstack-protector", "-fstack-protector-strong", "-ffunction-sections", "-fdata-sections", "-fno-jump-tables",
        "-fno-semantic-interposition", "-fno-math-errno", "-std", "-O", "-O0", "-O1", "-O2", "-O3", "-O4", "-Os",
        "-Og", "-Oz", "-fstrict-flex-arrays", "-fno-hosted", "-fpack-struct", "-fstack-protector-all", "-trigraphs",
    ]
    static let prefixes = [
        "-std=", "--std=", "--target=", "-fno-builtin-", "-fvisibility=", "-fcf-protection", "-ferror-limit=", "-fmacro-prefix-map=",
        "-fdebug-prefix-map=", "-ffile-prefix-map=", "-fmax-errors=", "-fstrict-flex-arrays=",
        "-ftrivial-auto-var-init=", "-fpack-struct=", "-fmessage-length=", "-fbracket-depth=",
    ]

    /// The flags as they may be passed on, or the first one that may not.
    public static func check(_ flags: [String]) throws {
        var index = 0
        while index < flags.count {
            let flag = flags[index]
            index += 1
            if flag.utf8.contains(0) { throw ClangError.refusedFlag(flag) }
            if withValue.contains(flag) || flag == "-x" || flag == "-target" {
                guard index < flags.count else { throw ClangError.refusedFlag(flag) }
                try checkValue(flags[index], of: flag)
                index += 1
            } else if !isHarmless(flag) {
                throw ClangError.refusedFlag(flag)
            }
        }
    }

    private static func checkValue(_ value: String, of flag: String) throws {
        // A leading `@` would be a response file wherever it stands on a command line.
        let isRefused = value.utf8.contains(0) || value.hasPrefix("@")
            || (flag == "-x" && value != "c")
            || (flag == "-target" && !isPlainWord(value))
            || (flag == "-include" && isPrecompiled(value))
        if isRefused { throw ClangError.refusedFlag("\(flag) \(value)") }
    }

    private static func isHarmless(_ flag: String) -> Bool {
        if exact.contains(flag) || flag == "-xc" { return true }
        if flag.hasPrefix("-I") || flag.hasPrefix("-D") || flag.hasPrefix("-U") { return true }
        for prefix in ["-isystem", "-iquote", "-idirafter"] where flag.hasPrefix(prefix) { return true }
        if let prefix = prefixes.first(where: flag.hasPrefix) {
            return prefix.hasSuffix("map=") || isPlainWord(String(flag.dropFirst(prefix.count)))
        }
        // `-mllvm` takes an option of LLVM itself (`-load` among them); machine options are plain words.
        if flag.hasPrefix("-m") { return !flag.hasPrefix("-mllvm") && !flag.hasPrefix("-mlink") && isPlainWord(flag) }
        return false
    }

    /// clang reads `x.h.gch` or `x.h.pch` in place of a forced include `x.h`, and trusts its bytes.
    private static func isPrecompiled(_ path: String) -> Bool {
        path.hasSuffix(".pch") || path.hasSuffix(".gch")
            || fileExists(path + ".pch") || fileExists(path + ".gch")
    }

    private static func isPlainWord(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="),
                UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ":"):
                true
            default: false
            }
        }
    }
}
