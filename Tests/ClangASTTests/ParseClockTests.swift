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

    @Test func namesAreShownAsText() {
        let shown = ParseClock.message("/a b/\u{1b}[31m\r\n\u{9b}é\u{202e}.c", 30)
        #expect(shown.hasPrefix("xenwidth: error: /a b/?[31m????.c: parsing takes longer than 30 s "))
        #expect(shown.utf8.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) })
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
