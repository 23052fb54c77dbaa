import Foundation
import ProgramFuzzing
import SoundnessFuzzing
import Testing

/// What programs return lies in the rows that the analyzer gives them: a fixed share of what `make fuzz` tries, and the
/// programs that were once answered wrongly.
@Suite struct SoundnessTests {
    struct Share: Sendable, CustomTestStringConvertible {
        var model: DataModel
        var seeds: Range<UInt64>
        var testDescription: String { "\(model.rawValue) seeds \(seeds)" }
    }

    static let shares = [
        Share(model: .lp64, seeds: 1..<51), Share(model: .lp64, seeds: 51..<101), Share(model: .ilp32, seeds: 1..<51),
    ]

    private static func check(_ model: DataModel) -> SoundnessCheck? {
        guard let compiler = NativeRunner.findCompiler() else { return nil }
        let runner = NativeRunner(compiler: compiler, flags: ["-O0"])
        // A debug build takes its time: what a few thousand instructions do not decide is left to `make fuzz`.
        return runner.canRun(model)
            ? SoundnessCheck(runner: runner, inputCount: 60, budget: .init(instructions: 4_000)) : nil
    }

    @Test(arguments: shares) func generatedProgramsReturnWhatRowsAllow(_ share: Share) throws {
        guard let check = Self.check(share.model) else { return }
        let programs = share.seeds.map { seed in
            ProgramGenerator(options: .forSoundness(share.model, seed: seed)).generate(seed: seed)
        }
        let report = try check.check(programs)
        for violation in report.violations.prefix(5) { Issue.record("\(violation)") }
        let precision = report.precision
        #expect(precision.unknown * 4 < precision.rows, "the budget of this test decides too little")
        #expect(precision.exact * 3 > precision.rows, "\(precision)")
    }

    static var written: [String] {
        let directory = repositoryRoot.appendingPathComponent("fixtures/soundness")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".c") }.sorted()
    }

    @Test(arguments: written) func writtenProgramsReturnWhatRowsAllow(_ name: String) throws {
        let url = repositoryRoot.appendingPathComponent("fixtures/soundness/\(name)")
        let text = try String(contentsOf: url, encoding: .utf8)
        for model in DataModel.allCases {
            guard let check = Self.check(model) else { continue }
            let program = GeneratedProgram.written(text, parameters: [.unsignedLong, .unsignedLong], model: model)
            let report = try check.check([program])
            for violation in report.violations { Issue.record("\(name), \(model.rawValue): \(violation)") }
            #expect(report.precision.unknown == 0)
        }
    }
}
