import Dispatch
import Foundation
import Synchronization

/// What happens when the user ends the program, or the reader of its output goes away.
public enum Interruption {
    private static let unfinished = Mutex<Set<String>>([])
    private static let watched = Mutex<Set<Int32>>([])

    /// - Parameter cleanUp: called once before the program ends by a signal.
    public static func prepare(cleanUp: @escaping @Sendable () -> Void) {
        // A closed pipe is then an error of `write`, which says so.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // A signal that the parent had ignored (`nohup`) stays so.
            guard !isIgnored(number), watched.withLock({ $0.insert(number).inserted }) else { continue }
            signal(number, SIG_IGN)
            watch(number, cleanUp: cleanUp)
        }
    }

    private static func watch(_ number: Int32, cleanUp: @escaping @Sendable () -> Void) {
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            // The lock is kept, so that no file is begun any more.
            unfinished.withLock { paths in
                for path in paths { unlink(path) }
                cleanUp()
                // As the signal would have done: the shell then knows why.
                signal(number, SIG_DFL)
                kill(getpid(), number)
                // Until the signal arrives nothing else may happen.
                while true { sleep(1) }
            }
        }
        source.resume()
        // It lives as long as the process.
        _ = Unmanaged.passRetained(source as AnyObject)
    }

    static func willLeave(_ path: String) { _ = unfinished.withLock { $0.insert(path) } }

    static func hasLeft(_ path: String) { _ = unfinished.withLock { $0.remove(path) } }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
