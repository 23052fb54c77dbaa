/// An architecture that Xen is built for and that the analysis knows.
public enum Architecture: String, Sendable, Hashable, CaseIterable, Codable {
    case arm32
    case arm64
    case x86_64

    /// The target that clang must assume: it decides the widths of C types and the predefined macros.
    public var targetTriple: String {
        switch self {
        case .arm32: "arm-linux-gnueabihf"
        case .arm64: "aarch64-linux-gnu"
        case .x86_64: "x86_64-linux-gnu"
        }
    }

    /// The option of `.config` that says the build is for this architecture.
    var configurationOption: String {
        switch self {
        case .arm32: "CONFIG_ARM_32"
        case .arm64: "CONFIG_ARM_64"
        case .x86_64: "CONFIG_X86_64"
        }
    }

    /// Class and machine in the header of an object that can be linked into a hypervisor of this architecture.
    var objectIdentity: ObjectIdentity {
        switch self {
        case .arm32: ObjectIdentity(is64Bit: false, machine: 40)
        case .arm64: ObjectIdentity(is64Bit: true, machine: 183)
        case .x86_64: ObjectIdentity(is64Bit: true, machine: 62)
        }
    }
}

/// What the header of an ELF object says about the machine it is for.
struct ObjectIdentity: Sendable, Hashable {
    var is64Bit: Bool
    var machine: UInt16
}
