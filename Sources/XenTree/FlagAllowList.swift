/// The compiler flags that may reach libclang.
///
/// The flags come from the tree, and libclang obeys flags that load plugins, read further flags from files and write
/// files. So only what is listed here passes, and each value is checked for its form. What the list holds is what
/// changes the meaning of C or a predefined macro; of gcc's other flags clang knows few, and rejects the rest.
enum FlagAllowList {
    /// Options whose value is a path; it is made absolute, so that it can never be read as an option or `@file`.
    static let pathOptions = ["-isystem", "-iquote", "-idirafter", "-include", "-I"]

    /// Options, other than the allowed ones, whose value is the next argument: both are dropped together, so that a
    /// value never passes as a flag of its own.
    static let droppedWithValue: Set<String> = [
        "-o", "-MF", "-MT", "-MQ", "-MJ", "-x", "-L", "-l", "-T", "-u", "-e", "-z", "-B", "-G", "-A", "-F",
        "-Xclang", "-Xpreprocessor", "-Xassembler", "-Xlinker", "-Xanalyzer", "-Xarch_host", "-Xarch_device",
        "-Xopenmp-target", "-mllvm", "-load", "-plugin", "-add-plugin", "-target", "-arch", "-arch_only", "--param",
        "-isysroot", "--sysroot", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-iwithsysroot", "-imacros",
        "-imultilib", "-imultiarch", "-include-pch", "-isystem-after", "-iframework", "-iframeworkwithsysroot",
        "-cxx-isystem", "-ivfsoverlay", "-vfsoverlay", "-aux-info", "-dumpbase", "-dumpbase-ext", "-dumpdir",
        "-wrapper", "-specs", "--serialize-diagnostics", "-serialize-diagnostics", "-dependency-file",
        "-dependency-dot", "-gcc-toolchain", "-resource-dir", "-working-directory", "--config", "-fplugin",
        "-main-file-name", "-module-dependency-dir", "-Ttext", "-Tdata", "-Tbss", "-bundle_loader",
    ]

    /// Flags that pass as they are.
    private static let exact: Set<String> = [
        "-ansi", "-nostdinc", "-undef", "-trigraphs", "-pthread",
        "-ffreestanding", "-fhosted", "-fno-hosted", "-fbuiltin", "-fno-builtin",
        "-fshort-wchar", "-fno-short-wchar", "-fcommon", "-fno-common", "-fshort-enums", "-fno-short-enums",
        "-funsigned-char", "-fno-unsigned-char", "-fsigned-char", "-fno-signed-char",
        "-fwrapv", "-fno-wrapv", "-ftrapv", "-fstrict-overflow", "-fno-strict-overflow",
        "-fstrict-aliasing", "-fno-strict-aliasing", "-fgnu89-inline", "-fno-gnu89-inline",
        "-fdelete-null-pointer-checks", "-fno-delete-null-pointer-checks", "-fms-extensions", "-fno-asm",
        "-fpic", "-fPIC", "-fno-pic", "-fno-PIC", "-fpie", "-fPIE", "-fno-pie", "-fno-PIE", "-fpack-struct",
        "-fstack-protector", "-fstack-protector-strong", "-fstack-protector-all", "-fno-stack-protector",
        "-fcf-protection", "-fno-exceptions", "-fexceptions", "-fno-asynchronous-unwind-tables",
        "-m32", "-m64", "-marm", "-mthumb", "-mno-thumb", "-msoft-float", "-mhard-float", "-mgeneral-regs-only",
        "-mlittle-endian", "-mbig-endian", "-mno-red-zone", "-mred-zone", "-mno-80387", "-mno-implicit-float",
        "-mno-unaligned-access", "-munaligned-access", "-mstrict-align", "-mno-outline-atomics", "-moutline-atomics",
        "-mno-mmx", "-mno-sse", "-mno-sse2", "-mno-sse3", "-mno-ssse3", "-mno-sse4", "-mno-sse4.1", "-mno-sse4.2",
        "-mno-avx", "-mno-avx2", "-mno-avx512f", "-mno-aes", "-mno-pclmul", "-mno-fma", "-mno-3dnow", "-mno-bmi",
        "-mno-bmi2", "-mno-popcnt", "-mno-lzcnt", "-mno-crc32", "-mno-movbe", "-mno-rdrnd", "-mno-x87",
    ]

    /// Beginnings of flags that take a plain word, such as the name of a processor.
    private static let wordValued = [
        "-std=", "--std=", "-march=", "-mcpu=", "-mcmodel=", "-mabi=", "-mfloat-abi=", "-mfpu=", "-mregparm=",
        "-mbranch-protection=", "-fcf-protection=", "-fpack-struct=", "-fno-builtin-",
    ]

    /// A flag of each kind that passes.
    static var examples: [String] {
        exact.union(optimisationLevels).sorted() + wordValued.map { $0 + ($0.hasPrefix("-fpack-struct") ? "4" : "word") }
    }

    private static let optimisationLevels: Set<String> = ["-O", "-O0", "-O1", "-O2", "-O3", "-O4", "-Os", "-Og", "-Oz"]

    /// Whether `flag`, which is neither a path option nor `-D` or `-U`, may pass.
    static func allows(_ flag: String) -> Bool {
        if exact.contains(flag) || optimisationLevels.contains(flag) { return true }
        guard let beginning = wordValued.first(where: flag.hasPrefix) else { return false }
        let value = flag.utf8.dropFirst(beginning.utf8.count)
        return !value.isEmpty && value.count <= 128 && value.allSatisfy(isPlain)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: ":"):
            return true
        default: return false
        }
    }
}
