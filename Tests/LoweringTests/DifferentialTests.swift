import Foundation
import Lowering
import ProgramFuzzing
import ProgramModel
import Testing

/// Generated programs give the same results compiled and run as lowered and interpreted.
@Suite struct DifferentialTests {
    struct Share: Sendable, CustomTestStringConvertible {
        var model: DataModel
        var seeds: Range<UInt64>
        var testDescription: String { "\(model.rawValue) seeds \(seeds)" }
    }

    /// `LOWERING_FUZZ=first,count` runs others than the fixed share.
    static var shares: [Share] {
        let words = ProcessInfo.processInfo.environment["LOWERING_FUZZ"]?.split(separator: ",").compactMap { UInt64($0) } ?? []
        guard words.count == 2 else {
            return [Share(model: .lp64, seeds: 1..<121), Share(model: .lp64, seeds: 121..<221), Share(model: .ilp32, seeds: 1..<81)]
        }
        return stride(from: words[0], to: words[0] + words[1], by: 100).flatMap { first in
            DataModel.allCases.map { Share(model: $0, seeds: first..<min(first + 100, words[0] + words[1])) }
        }
    }

    @Test(arguments: shares) func compiledAndLoweredAgree(_ share: Share) throws {
        guard let compiler = NativeRunner.findCompiler() else { return }
        let runner = NativeRunner(compiler: compiler, flags: ["-O0"])
        guard runner.canRun(share.model) else { return }
        let check = DifferentialCheck(runner: runner, model: share.model, inputCount: 10)
        let generator = ProgramGenerator(options: GeneratorOptions(model: share.model))
        let failures = try check.failures(of: share.seeds.map(generator.generate(seed:)))
        for failure in failures.prefix(5) { Issue.record("\(failure)") }
        if let first = failures.first {
            let small = Shrinker(budget: 400) { (try? check.failures(of: [$0]))?.isEmpty == false }
                .shrink(generator.generate(seed: first.seed))
            Issue.record("seed \(first.seed), shrunk:\n\(small.source())")
        }
        #expect(failures.isEmpty, "\(failures.count) of \(share.seeds.count) programs")
    }
}

/// Compares the two ways of running a program.
struct DifferentialCheck {
    var runner: NativeRunner
    var model: DataModel = .lp64
    var inputCount = 24

    struct Failure: CustomStringConvertible {
        var seed: UInt64
        var message: String
        var description: String { "seed \(seed): \(message)" }
    }

    func failures(of programs: [GeneratedProgram]) throws -> [Failure] {
        let inputs = programs.map { Inputs.make(for: $0, count: inputCount, seed: $0.seed &+ 1) }
        let outcomes = try runner.run(programs, inputs: inputs)
        return try zip(programs, zip(inputs, outcomes)).compactMap { program, pair in
            try difference(program, pair.0, pair.1).map { Failure(seed: program.seed, message: $0) }
        }
    }

    private func difference(_ program: GeneratedProgram, _ inputs: [[UInt64]], _ expected: [RunOutcome]) throws -> String? {
        let flags = CSource.defaultFlags + (model == .ilp32 ? ["--target=i386-linux-gnu"] : ["--target=x86_64-linux-gnu"])
        let source = try ClangProgram(index: CSource(program.source(), flags: flags))
        for (arguments, outcome) in zip(inputs, expected) {
            let interpreter = ConcreteInterpreter(program: source, unit: "a.c", pointerWidth: model == .lp64 ? 64 : 32)
            do {
                _ = try interpreter.call(FunctionReference(name: GeneratedProgram.reset, unit: nil), [])
                let value = try interpreter.call(FunctionReference(name: GeneratedProgram.entry, unit: nil), arguments)
                let trace = try interpreter.memory.load(
                    interpreter.address(of: GlobalReference(name: "trace", unit: "a.c")), bit: 0, width: model.longWidth)
                let found = RunOutcome(value: Int64(bitPattern: value), trace: trace)
                if found != outcome { return "\(arguments): compiled \(outcome), lowered \(found)" }
            } catch let fault as ConcreteFault {
                return "\(arguments): \(fault)"
            }
        }
        return nil
    }
}
