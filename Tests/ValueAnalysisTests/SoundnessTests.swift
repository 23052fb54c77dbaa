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

    static let shares = [UInt64(2), 82, 162, 242].map { Share(model: .lp64, seeds: $0..<$0 + 80) }
        + [UInt64(2), 82].map { Share(model: .ilp32, seeds: $0..<$0 + 80) }

    private static func check(_ model: DataModel) -> SoundnessCheck? {
        guard let compiler = NativeRunner.findCompiler() else { return nil }
        let runner = NativeRunner(compiler: compiler, flags: ["-O0"])
        // A debug build takes its time: what a few thousand instructions do not decide is left to `make fuzz`.
        return runner.canRun(model)
            ? SoundnessCheck(runner: runner, inputCount: 150, budget: .init(instructions: 4_000)) : nil
    }

    @Test(arguments: shares) func generatedProgramsReturnWhatRowsAllow(_ share: Share) {
        guard let check = Self.check(share.model) else { return }
        let report = check.check(share.seeds.map { .forSoundness(share.model, seed: $0) })
        for violation in report.violations.prefix(5) { Issue.record("\(violation)") }
        for (seed, message) in report.failures { Issue.record("seed \(seed): \(message)") }
        let precision = report.precision
        #expect(precision.programs == share.seeds.count)
        #expect(precision.unknown * 10 < precision.rows, "the budget of this test decides too little")
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
        for model in GeneratedProgram.models(of: text) {
            guard let check = Self.check(model) else { continue }
            let program = GeneratedProgram.read(text, model: model)
            var unbounded = program
            unbounded.callDepth = nil
            for program in program.callDepth == nil ? [program] : [program, unbounded] {
                let report = check.check([program])
                for violation in report.violations { Issue.record("\(name), \(model.rawValue): \(violation)") }
                #expect(report.failures.isEmpty)
                // What is called deeper than a program's bound may be unknown.
                #expect(report.precision.unknown == 0 || program.callDepth != nil)
            }
        }
    }

    // MARK: The test itself

    /// A program that is wrong by what is said of it: its commands select another sub-operation than its `switch` does.
    private static func misdescribed(_ seed: UInt64) -> GeneratedProgram {
        var program = GeneratedProgram.forSoundness(.lp64, seed: seed)
        let names = program.labels.map(\.name)
        for index in names.indices { program.labels[index].name = names[(index + 1) % names.count] }
        return program
    }

    /// A value in the row of another sub-operation is a violation; it shrinks to a small program that still is one, also as
    /// the file that is kept of it.
    @Test func violationsShrinkToFilesThatShowThem() throws {
        guard let check = Self.check(.lp64) else { return }
        let programs = (UInt64(2)..<12).map(Self.misdescribed)
        let report = check.check(programs)
        #expect(report.violations.count > 5)
        let violation = try #require(report.violations.first)
        let program = try #require(programs.first { $0.seed == violation.seed })
        let (small, last) = check.shrunk(program, violation, budget: 200)
        #expect(small.size * 2 < program.size, "\(small.source())")
        #expect(last.label == violation.label || last.value != violation.value)
        let text = small.written(comment: "\(last)")
        #expect(text.hasPrefix("// seed \(violation.seed), "))
        #expect(!text.contains("__builtin_choose_expr") && text.split(separator: "\n").count < 80, "\(text)")
        let kept = GeneratedProgram.read(text, model: .lp64)
        #expect(kept.knownArguments == [last.arguments])
        #expect(!check.check([kept], modes: [last.mode]).violations.isEmpty, "\(text)")
        #expect(GeneratedProgram.models(of: text) == [.lp64])
    }

    /// One program that crashes or does not compile does not hide the others.
    @Test func failuresAreFoundAmongOthers() {
        guard let check = Self.check(.lp64) else { return }
        var programs = (UInt64(2)..<6).map { GeneratedProgram.forSoundness(.lp64, seed: $0) }
        for (seed, text) in [(UInt64(1001), "long @handler(long a) { __builtin_trap(); return a; }"), (1002, "long @handler(")] {
            var broken = GeneratedProgram.written(text, parameters: [.long])
            broken.seed = seed
            programs.insert(broken, at: 1)
        }
        let report = check.check(programs)
        #expect(report.failures.keys.sorted() == [1001, 1002])
        #expect(report.precision.programs == 4 && report.violations.isEmpty)
    }
}
