/// Who is told how a run goes. Called from several threads at once.
public protocol RunObserver: Sendable {
    /// What was found on the disk: one line.
    func detected(_ line: String)
    /// Something was left out that may be missed.
    func warned(_ message: String)
    /// Expected, said for completeness.
    func noted(_ message: String)
    /// `finished` of `total` steps of a phase are done; `label` is the last one. A total of 0: nobody knows it.
    func progressed(phase: String, finished: Int, total: Int, label: String)
}

/// Tells nobody.
public struct SilentObserver: RunObserver {
    public init() {}
    public func detected(_ line: String) {}
    public func warned(_ message: String) {}
    public func noted(_ message: String) {}
    public func progressed(phase: String, finished: Int, total: Int, label: String) {}
}
