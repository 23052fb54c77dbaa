import Foundation
import ProgramFuzzing
import SoundnessFuzzing

/// A range of seeds, batch after batch, and what came of it.
struct Campaign {
    let check: SoundnessCheck
    let shrinkLimit: Int
    let steps: Int
    let stopAfter: Int
    private(set) var violations = 0
    private var precision = PrecisionCount()
    private let start = Date()

    init(check: SoundnessCheck, shrinkLimit: Int, steps: Int, stopAfter: Int) {
        self.check = check
        self.shrinkLimit = shrinkLimit
        self.steps = steps
        self.stopAfter = stopAfter
    }

    static func generate(_ seed: UInt64, _ model: DataModel) -> GeneratedProgram {
        ProgramGenerator(options: .forSoundness(model, seed: seed)).generate(seed: seed)
    }

    mutating func run(_ seeds: Range<UInt64>, model: DataModel, batch: UInt64) throws {
        for first in stride(from: seeds.lowerBound, to: seeds.upperBound, by: Int(batch)) where violations < stopAfter {
            try run((first..<min(first + batch, seeds.upperBound)).map { Self.generate($0, model) }, model: model)
            if (first - seeds.lowerBound) / batch % 25 == 24 { summarize() }
        }
    }

    mutating func run(_ programs: [GeneratedProgram], model: DataModel) throws {
        let report = try check.check(programs)
        precision.add(report.precision)
        for violation in report.violations {
            violations += 1
            print("VIOLATION \(model.rawValue) \(violation)")
            if violations <= shrinkLimit, let program = programs.first(where: { $0.seed == violation.seed }) {
                show(program, violation)
            }
            fflush(nil)
        }
    }

    private func show(_ program: GeneratedProgram, _ violation: SoundnessViolation) {
        let (small, last) = check.shrunk(program, mode: violation.mode, budget: steps)
        print("shrunk: \(last ?? violation)\n\(small.source())")
    }

    func summarize() {
        let seconds = Int(Date().timeIntervalSince(start))
        print(
            """
            \(precision.programs) programs, \(precision.runs) runs, \(violations) violations, \(seconds) s; \
            \(precision.rows) rows: \(precision.exact) exact, \(precision.typeWide) type-wide, \(precision.unknown) unknown
            """)
        for (reason, count) in precision.reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(5) {
            print("  \(count) unknown: \(reason)")
        }
        fflush(nil)
    }
}
