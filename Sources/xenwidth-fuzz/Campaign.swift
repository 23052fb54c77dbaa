import Foundation
import ProgramFuzzing
import SoundnessFuzzing

/// Batches of programs, several at a time, and what came of them.
final class Campaign: @unchecked Sendable {
    private let launcher: WorkerLauncher
    private let shrinkLimit: Int
    private let stopAfter: Int
    private let keep: String?
    private let start = Date()

    // All below is guarded by the lock.
    private let lock = NSLock()
    private var tasks: ArraySlice<WorkerTask> = []
    private var total = SoundnessCheck.Report()
    private var shrunk = 0
    private var lastSummary = Date()

    init(launcher: WorkerLauncher, shrinkLimit: Int, stopAfter: Int, keep: String?) {
        self.launcher = launcher
        self.shrinkLimit = shrinkLimit
        self.stopAfter = stopAfter
        self.keep = keep
    }

    var hasFailed: Bool { lock.withLock { !total.violations.isEmpty || !total.failures.isEmpty } }

    func run(_ tasks: [WorkerTask], jobs: Int) {
        self.tasks = tasks[...]
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            while let task = self.next() { self.run(task) }
        }
        lock.withLock { summarize() }
    }

    private func next() -> WorkerTask? {
        lock.withLock {
            total.violations.count + total.failures.count < stopAfter ? tasks.popFirst() : nil
        }
    }

    /// A batch that takes its process down is run again by halves, until the program is found that does it.
    private func run(_ task: WorkerTask) {
        do {
            record(try launcher.run(task).report, of: task)
        } catch {
            if let halves = task.halves { return halves.forEach(run) }
            var report = SoundnessCheck.Report()
            report.failures[task.seeds.lowerBound] = "\(error)"
            record(report, of: task)
        }
    }

    private func record(_ report: SoundnessCheck.Report, of task: WorkerTask) {
        let mayShrink = lock.withLock { () -> [UInt64] in
            for violation in report.violations { say("VIOLATION \(task.model.rawValue) \(violation)") }
            for (seed, message) in report.failures.sorted(by: { $0.key < $1.key }) {
                say("FAILURE \(task.model.rawValue) seed \(seed): \(message)")
            }
            if total.violations.isEmpty, !report.violations.isEmpty {
                say("first violation after \(total.precision.programs + report.precision.programs) programs, \(seconds) s")
            }
            total.add(report)
            if Date().timeIntervalSince(lastSummary) > 10 { summarize() }
            let seeds = Set(report.violations.map(\.seed)).sorted().prefix(max(0, shrinkLimit - shrunk))
            shrunk += seeds.count
            return Array(seeds)
        }
        for seed in mayShrink { shrink(WorkerTask(model: task.model, seeds: seed..<seed + 1)) }
    }

    private func shrink(_ task: WorkerTask) {
        guard let text = (try? launcher.run(task, shrinks: true))?.small else { return say("could not shrink \(task)") }
        say("shrunk \(task):\n\(text)")
        guard let keep else { return }
        let file = URL(fileURLWithPath: keep).appendingPathComponent("fuzz-\(task.model.rawValue)-\(task.seeds.lowerBound).c")
        do {
            try Data(text.utf8).write(to: file)
            say("kept as \(file.path)")
        } catch {
            say("could not keep it: \(error)")
        }
    }

    private var seconds: Int { Int(Date().timeIntervalSince(start)) }

    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    private func summarize() {
        lastSummary = Date()
        let precision = total.precision
        say("""
            \(precision.programs) programs, \(precision.runs) runs, \(total.violations.count) violations, \
            \(total.failures.count) failures, \(seconds) s; \(precision.rows) rows: \(precision.exact) exact, \
            \(precision.typeWide) type-wide, \(precision.unknown) unknown
            """)
        for (reason, count) in precision.reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(5) {
            say("  \(count) unknown: \(reason)")
        }
    }
}
