#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs work on a thread whose stack is big enough for deeply nested C.
///
/// libclang and every walk over its tree recurse on the nesting of the source, and the source is untrusted: on an ordinary
/// 8 MB stack (512 KB for a worker thread) 100,000 nested parentheses are a crash. The stack is only reserved, not touched.
public enum BigStack {
    /// Bytes asked for; where an address-space limit refuses them, less is tried. clang takes more than 5 KB for each level
    /// of `- - - x`, so that 100,000 levels need more than half a gigabyte.
    static let sizes = [4 << 30, 1 << 30, 512 << 20, 128 << 20, 32 << 20]

    /// The same work, as an object that can pass through `pthread_create`.
    private final class Job {
        let work: () -> Void
        init(work: @escaping () -> Void) { self.work = work }
    }

    /// Runs `body` on a thread of its own and waits for it, so nothing in `body` runs at the same time as the caller.
    public static func run<Result>(_ body: () throws -> Result) throws -> Result {
        var outcome: Swift.Result<Result, any Error>?
        try withoutActuallyEscaping(body) { body in
            let job = Job { outcome = Swift.Result(catching: body) }
            try start(job)
        }
        guard let outcome else { throw ClangError.noThread }
        return try outcome.get()
    }

    /// Runs `body` on several such threads at once and waits for all of them.
    public static func runInParallel(threads: Int, _ body: @escaping @Sendable () -> Void) {
        var started: [pthread_t] = []
        for _ in 0..<threads {
            if let thread = try? launch(Job(work: body)) { started.append(thread) }
        }
        for thread in started { pthread_join(thread, nil) }
    }

    private static func start(_ job: Job) throws { pthread_join(try launch(job), nil) }

    private static func launch(_ job: Job) throws -> pthread_t {
        for size in sizes {
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            guard pthread_attr_setstacksize(&attributes, size) == 0 else { continue }
            var thread = pthread_t()
            let retained = Unmanaged.passRetained(job)
            let code = pthread_create(&thread, &attributes, { argument in
                guard let argument else { return nil }
                Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, retained.toOpaque())
            if code == 0 { return thread }
            retained.release()
        }
        throw ClangError.noThread
    }
}
