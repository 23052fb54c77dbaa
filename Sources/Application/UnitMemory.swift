import Foundation

/// How many parsed units a run may keep, by the memory there is. A unit that is needed again is parsed again: on fewer, a run
/// takes longer and comes to the same.
struct UnitMemory {
    /// Bytes.
    var available: UInt64

    /// What a parsed unit of Xen takes on average, in bytes (x86_64 master: 176 units more are 1.5 GiB more).
    private static let unitSize: UInt64 = 9 << 20

    /// Beside those of the handlers: an eighth of the memory, at least 48.
    var units: Int { Int(min(max(available / 8 / Self.unitSize, 48), 512)) }

    /// The machine's memory, or what the container is limited to.
    static func ofThisMachine() -> UnitMemory {
        // cgroup v2 and v1, as they are mounted in a container (Linux, Documentation/admin-guide/cgroup-v2.rst).
        let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        let limits = files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
        return UnitMemory(physical: ProcessInfo.processInfo.physicalMemory, limits: limits)
    }

    /// - Parameters:
    ///   - physical: bytes.
    ///   - limits: texts of limits in bytes; one that is no number (`max`) is none.
    init(physical: UInt64, limits: [String]) {
        let numbers = limits.compactMap { UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        available = numbers.reduce(physical, min)
    }
}
