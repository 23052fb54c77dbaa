/// How far a phase of the work is.
struct Progress {
    let phase: String
    var isShown = false
    private let start = ContinuousClock.now

    init(phase: String) { self.phase = phase }

    func line(finished: Int, total: Int, label: String) -> String {
        line(finished: finished, total: total, label: label, elapsed: start.duration(to: .now))
    }

    /// Counts, the time that is probably left once that can be told, and what was done last.
    func line(finished: Int, total: Int, label: String, elapsed: Duration) -> String {
        var text = total > 0 ? "\(phase) \(finished)/\(total)" : "\(phase) \(finished)"
        if (2..<max(2, total)).contains(finished), elapsed > Duration.seconds(2) {
            let left = elapsed * (total - finished) / finished
            text += ", \(Self.shown(left)) left"
        }
        return label.isEmpty ? text : "\(text): \(label)"
    }

    private static func shown(_ duration: Duration) -> String {
        let seconds = max(1, duration.components.seconds)
        return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min"
    }
}
