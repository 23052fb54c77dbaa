import Foundation
import XenTree

/// The programs that a build of the tree needs, as far as they are known before it runs.
struct Toolchain {
    /// Prefix of the cross compiler and its binutils; empty for the machine's own.
    var prefix: String
    var usesClang: Bool
    var architecture: Architecture

    /// What make is told.
    var makeArguments: [String] {
        var arguments = ["XEN_TARGET_ARCH=\(architecture.rawValue)"]
        if !prefix.isEmpty { arguments.append("CROSS_COMPILE=\(prefix)") }
        if usesClang { arguments += ["clang=y", "CC=\(compiler)"] }
        return arguments
    }

    /// The command that compiles.
    var compiler: String {
        guard usesClang else { return prefix + "gcc" }
        // Cross compilers called PREFIXclang are rare; any clang compiles for all of them.
        return Self.clang + (prefix.isEmpty ? "" : " --target=" + Self.triple(architecture))
    }

    var linker: String { prefix + "ld" }

    /// - Parameters:
    ///   - prefix: as the user gave it; nil searches for the usual ones where the machine is of another kind.
    static func find(architecture: Architecture, prefix: String?, usesClang: Bool) throws(ApplicationError) -> Toolchain {
        let candidates = prefix.map { [$0] } ?? prefixes(for: architecture)
        let driver = usesClang ? "ld" : "gcc"
        guard let found = candidates.first(where: { ProgramSearch.path(of: $0 + driver) != nil }) else {
            let name = (candidates.first ?? "") + driver
            throw ApplicationError(
                "no compiler for \(architecture.rawValue): \(name) is not in PATH: "
                    + ProgramSearch.remedy(for: name)
                    + (usesClang ? "" : ", or give --cross-compile PREFIX or --clang"))
        }
        if usesClang && ProgramSearch.path(of: clang) == nil {
            throw ApplicationError("clang is not in PATH: \(ProgramSearch.remedy(for: "clang"))")
        }
        return Toolchain(prefix: found, usesClang: usesClang, architecture: architecture)
    }

    /// The tree's make is what runs all the others.
    static func requireMake() throws(ApplicationError) {
        guard ProgramSearch.path(of: "make") != nil else {
            throw ApplicationError("make is not installed: \(ProgramSearch.remedy(for: "make"))")
        }
    }

    /// Debian's plain `clang` may be missing beside one with its number.
    private static var clang: String {
        ["clang", "clang-20", "clang-19", "clang-18", "clang-17"].first { ProgramSearch.path(of: $0) != nil } ?? "clang"
    }

    private static func prefixes(for architecture: Architecture) -> [String] {
        if architecture == Architecture.ofThisMachine { return [""] }
        return switch architecture {
        case .arm64: ["aarch64-linux-gnu-", "aarch64-none-linux-gnu-", "aarch64-unknown-linux-gnu-"]
        case .arm32: ["arm-linux-gnueabihf-", "arm-linux-gnueabi-", "arm-none-linux-gnueabihf-"]
        case .x86_64: ["x86_64-linux-gnu-", "x86_64-unknown-linux-gnu-"]
        }
    }

    private static func triple(_ architecture: Architecture) -> String {
        switch architecture {
        case .arm64: "aarch64-linux-gnu"
        case .arm32: "arm-linux-gnueabihf"
        case .x86_64: "x86_64-linux-gnu"
        }
    }
}

extension Architecture {
    /// That of the machine this runs on, if a hypervisor can be built for it.
    static var ofThisMachine: Architecture? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        let machine = withUnsafeBytes(of: &names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return switch machine {
        case "x86_64": .x86_64
        case "aarch64", "arm64": .arm64
        case let other where other.hasPrefix("armv7"): .arm32
        default: nil
        }
    }
}

/// Programs by name, and the packages that bring them.
enum ProgramSearch {
    static func path(of name: String) -> String? {
        guard !name.contains("/") else { return access(name, X_OK) == 0 ? name : nil }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// What to do where a program is missing. Debian's names: others are close to them.
    static func remedy(for name: String) -> String {
        guard let package = package(of: name) else { return "install it" }
        return "install \(package) (apt-get install \(package))"
    }

    private static func package(of name: String) -> String? {
        for (suffix, kind) in [("gcc", "gcc"), ("ld", "binutils"), ("objcopy", "binutils"), ("nm", "binutils"), ("objdump", "binutils")] {
            guard name.hasSuffix("-" + suffix) else { continue }
            let triple = name.dropLast(suffix.count + 1).replacing("_", with: "-")
            return "\(kind)-\(triple)"
        }
        return [
            "make": "make", "gcc": "gcc", "cc": "gcc", "ld": "binutils", "objcopy": "binutils", "nm": "binutils",
            "objdump": "binutils", "clang": "clang", "flex": "flex", "bison": "bison", "python3": "python3",
            "python": "python3", "awk": "gawk", "perl": "perl", "bc": "bc", "checkpolicy": "checkpolicy",
            "figlet": "figlet", "xxd": "xxd", "git": "git",
        ][name]
    }
}
