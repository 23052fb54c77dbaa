#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Says what happened where even a big stack is used up, in place of dying of it without a word.
///
/// Nothing can be saved at that point: the stack may be libclang's, whose state is then lost.
enum StackGuard {
    /// The stack of a thread, and what lies below it and must not be touched.
    private struct Bounds {
        var guardStart: UInt
        var stackStart: UInt
        /// Half of the stack is left above this.
        var middle: UInt
    }

    static let guardSize = 1 << 20
    private static let alternateSize = 64 << 10
    nonisolated(unsafe) private static var key = pthread_key_t()
    nonisolated(unsafe) private static var previous = sigaction()
    private static let message: StaticString = """
        error: C code is nested so deeply that the stack for parsing and analysing it is used up: \
        is a source generated, or damaged?

        """

    /// Takes the signal over, from libclang too, which cannot handle it on a stack that is full.
    static let isInstalled: Bool = {
        guard Index.isPrepared, pthread_key_create(&key, nil) == 0 else { return false }
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { StackGuard.handle($0, $1, $2) }
        action.sa_flags = SA_SIGINFO | SA_ONSTACK
        return sigaction(SIGSEGV, &action, &previous) == 0
    }()

    /// Runs the work of a thread that was given `size` bytes of stack, with a second stack for the handler.
    static func protect(size: Int, _ work: () -> Void) {
        guard isInstalled else { return work() }
        // The stack's end is known to within what the thread library keeps at its top.
        let margin = UInt(2 * guardSize)
        var bounds = Bounds(guardStart: 0, stackStart: 0, middle: .max)
        withUnsafeMutablePointer(to: &bounds) { bounds in
            let end = UInt(bitPattern: bounds) - min(UInt(bitPattern: bounds), UInt(size))
            bounds.pointee = Bounds(
                guardStart: end - min(end, margin), stackStart: end + margin, middle: end + UInt(size / 2))
            withAlternateStack {
                pthread_setspecific(key, bounds)
                work()
                pthread_setspecific(key, nil)
            }
        }
    }

    /// Whether the current thread is a protected one that has used less than half of its stack.
    static var hasRoom: Bool {
        guard isInstalled, let bounds = pthread_getspecific(key)?.assumingMemoryBound(to: Bounds.self) else {
            return false
        }
        var here = 0
        return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) > bounds.pointee.middle }
    }

    private static func withAlternateStack(_ body: () -> Void) {
        var alternate = stack_t()
        alternate.ss_sp = .allocate(byteCount: alternateSize, alignment: 16)
        alternate.ss_size = alternateSize
        defer { alternate.ss_sp.deallocate() }
        sigaltstack(&alternate, nil)
        body()
        var none = stack_t()
        none.ss_flags = CInt(SS_DISABLE)
        sigaltstack(&none, nil)
    }

    private static func handle(
        _ number: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
    ) {
        let address = UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
        if let bounds = pthread_getspecific(key)?.assumingMemoryBound(to: Bounds.self).pointee,
            address >= bounds.guardStart, address < bounds.stackStart {
            _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
            // 2: the work could not be done.
            _exit(2)
        }
        // Somebody else's fault: as if nobody had been here.
        sigaction(SIGSEGV, &previous, nil)
    }
}
