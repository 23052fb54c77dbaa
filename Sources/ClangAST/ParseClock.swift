#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Synchronization

/// Ends the program where parsing one file takes beyond all reason, and names the file.
///
/// clang's checks of implicit conversions take time that grows with the square of an expression's nesting, warnings off or
/// not: minutes for 100,000 signs in a row. libclang has no way to give up, and its thread cannot be ended alone. What counts is
/// the thread's processor time, so that a busy machine changes nothing; the largest file of Xen takes two seconds.
final class ParseClock: Sendable {
    private struct Run {
        var path: String
        var clock: clockid_t
        /// Processor time of the thread when it began, in seconds.
        var start: Double
    }

    private struct State {
        var runs: [Int: Run] = [:]
        var count = 0
        var isWatched = false
    }

    static let shared = ParseClock(limit: 30, interval: 1) { path, limit in
        Array(message(path, limit).utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // 2: the work could not be done.
        _exit(2)
    }

    /// - Parameter limit: seconds.
    static func message(_ path: String, _ limit: Double) -> String {
        // Names come from strangers, and a terminal obeys what is not shown.
        let name = path.map { $0.isASCII && !$0.isNewline && ("\u{20}"..."\u{7e}").contains($0) ? $0 : "?" }
        return """
            xenwidth: error: \(String(name)): parsing takes longer than \(Int(limit)) s of processor time: is the file \
            generated, or damaged? Expressions that are nested thousands of levels deep take that long

            """
    }

    private let limit: Double
    private let interval: Double
    private let expired: @Sendable (String, Double) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: seconds of processor time.
    ///   - interval: seconds between looks at the clocks.
    init(limit: Double, interval: Double, expired: @escaping @Sendable (String, Double) -> Void) {
        self.limit = limit
        self.interval = interval
        self.expired = expired
    }

    /// Runs `body` on this thread, which parses the file.
    func watching<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
        var clock = clockid_t()
        guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return try body() }
        let run = Run(path: path, clock: clock, start: Self.seconds(clock))
        let (number, isFirst) = state.withLock { state in
            state.count += 1
            state.runs[state.count] = run
            defer { state.isWatched = true }
            return (state.count, !state.isWatched)
        }
        if isFirst { startWatching() }
        defer { _ = state.withLock { $0.runs.removeValue(forKey: number) } }
        return try body()
    }

    private func startWatching() {
        var thread = pthread_t()
        let started = pthread_create(&thread, nil, { argument in
            if let argument { Unmanaged<ParseClock>.fromOpaque(argument).takeRetainedValue().watch() }
            return nil
        }, Unmanaged.passRetained(self).toOpaque())
        if started == 0 { pthread_detach(thread) }
    }

    private func watch() {
        while true {
            usleep(UInt32(interval * 1_000_000))
            // A thread cannot end while its run is in the list.
            let late = state.withLock { state in
                state.runs.values.first { Self.seconds($0.clock) - $0.start > limit }?.path
            }
            if let late { return expired(late, limit) }
        }
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
