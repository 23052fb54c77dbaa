import Foundation

/// What a run has cost so far, as `make bench` measures it.
public struct RunCost: Sendable {
    private let start = ContinuousClock.now

    public init() {}

    public var elapsed: Duration { start.duration(to: .now) }

    /// `12.3 s, at most 456 MiB of memory`.
    public var text: String {
        let tenths = Int((elapsed / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s, at most \(peakMebibytes) MiB of memory"
    }

    private var peakMebibytes: Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        // Linux counts kilobytes.
        return Int(usage.ru_maxrss) / 1024
    }
}
