import Foundation
import Synchronization

/// What happens when the user ends the program, or the reader of its output goes away.
public enum Interruption {
    private static let unfinished = Mutex<Set<String>>([])
    private static let groups = Mutex<Set<pid_t>>([])
    private static let isPrepared = Mutex(false)

    /// To be called before any other thread is started: they all leave these signals to one that waits for them.
    ///
    /// - Parameter cleanUp: called once before the program ends by a signal.
    public static func prepare(cleanUp: @escaping @Sendable () -> Void) {
        guard isPrepared.withLock({ done in
            defer { done = true }
            return !done
        }) else { return }
        // A closed pipe is then an error of `write`, which says so.
        signal(SIGPIPE, SIG_IGN)
        // One that the parent had ignored (`nohup`) stays so.
        let numbers = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }
        guard !numbers.isEmpty else { return }
        var signals = Self.set(of: numbers)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Thread.detachNewThread {
            var signals = Self.set(of: numbers)
            var number: Int32 = 0
            while sigwait(&signals, &number) != 0 {}
            end(by: number, cleanUp: cleanUp)
        }
    }

    static func willLeave(_ path: String) { _ = unfinished.withLock { $0.insert(path) } }

    static func hasLeft(_ path: String) { _ = unfinished.withLock { $0.remove(path) } }

    /// A process group that ends with this program.
    static func willRun(group: pid_t) { _ = groups.withLock { $0.insert(group) } }

    static func hasRun(group: pid_t) { _ = groups.withLock { $0.remove(group) } }

    private static func end(by number: Int32, cleanUp: () -> Void) -> Never {
        // The lock is kept, so that no file is begun any more.
        unfinished.withLock { paths in
            for path in paths { unlink(path) }
            groups.withLock { for group in $0 { kill(-group, SIGTERM) } }
            cleanUp()
            // As the signal would have done: the shell then knows why.
            signal(number, SIG_DFL)
            var signals = set(of: [number])
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            raise(number)
        }
        exit(128 + number)
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        return signals
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
