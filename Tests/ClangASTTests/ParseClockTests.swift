import Synchronization
import Testing

@testable import ClangAST

/// Parsing that does not end in reasonable time.
@Suite struct ParseClockTests {
    private func work(_ seconds: Double) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var sum = 0
        while clock.now < end { sum &+= 1 }
    }

    @Test func namesTheFileThatTakesTooLong() {
        let found = Mutex<[String]>([])
        let expired = { @Sendable (path: String, _: Double) in found.withLock { $0.append(path) } }
        let clock = ParseClock(limit: 0.05, interval: 0.01, expired: expired)
        clock.watching("/quick.c") {}
        #expect(found.withLock { $0 } == [])
        let limit = ContinuousClock().now + .seconds(60)
        clock.watching("/slow.c") {
            while found.withLock({ $0.isEmpty }), ContinuousClock().now < limit { work(0.01) }
        }
        #expect(found.withLock { $0 } == ["/slow.c"])
    }

    /// Waiting is not working.
    @Test func onlyProcessorTimeCounts() async throws {
        let found = Mutex<[String]>([])
        let expired = { @Sendable (path: String, _: Double) in found.withLock { $0.append(path) } }
        let clock = ParseClock(limit: 0.2, interval: 0.01, expired: expired)
        clock.watching("/waiting.c") { _ = usleep(500_000) }
        #expect(found.withLock { $0 } == [])
    }
}

#if canImport(Glibc)
import Glibc
#endif
