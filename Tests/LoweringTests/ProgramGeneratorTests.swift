import ProgramFuzzing
import Testing

/// The generator and its companions, since what they say is believed by other tests.
@Suite struct ProgramGeneratorTests {
    private let generator = ProgramGenerator()

    @Test func theSameSeedGivesTheSameProgram() {
        for seed in UInt64(1)...20 {
            #expect(generator.generate(seed: seed).source() == generator.generate(seed: seed).source())
        }
        #expect(generator.generate(seed: 1).source() != generator.generate(seed: 2).source())
    }

    @Test func commandsSelectTheirLabels() {
        for seed in UInt64(1)...50 {
            let program = generator.generate(seed: seed)
            #expect(!program.labels.isEmpty)
            for label in program.labels {
                #expect(program.source().contains("#define \(label.name) \(label.low)\n"))
                #expect(program.label(forCommand: label.low << UInt64(program.commandShift)) == label)
            }
            let inputs = Inputs.make(for: program, count: 40, seed: seed)
            #expect(Set(inputs.map { program.label(forCommand: $0[0])?.name }).count > 1)
        }
    }

    /// Optimised or not, by either compiler: what differed would be undefined behaviour of the generator's making.
    @Test func programsAreDefined() throws {
        let compilers = [("clang", "-O2"), ("gcc", "-O2"), ("gcc", "-O0")].compactMap { name, flag in
            NativeRunner.findCompiler([name]).map { NativeRunner(compiler: $0, flags: [flag]) }
        }
        let programs = (UInt64(1)...40).map(generator.generate(seed:))
        let inputs = programs.map { Inputs.make(for: $0, count: 12, seed: $0.seed) }
        let results = try compilers.map { try $0.run(programs, inputs: inputs) }
        for result in results.dropFirst() {
            for (program, (one, other)) in zip(programs, zip(results[0], result)) {
                #expect(one == other, "seed \(program.seed)")
            }
        }
    }

    @Test func shrinkingKeepsWhatMatters() throws {
        guard let compiler = NativeRunner.findCompiler() else { return }
        let runner = NativeRunner(compiler: compiler, flags: ["-O0", "-fsyntax-only"])
        let program = generator.generate(seed: 5)
        let operators = program.source().split(separator: "<<").count
        try #require(operators > 2)
        let shrunk = Shrinker(budget: 150) { candidate in
            candidate.source().contains("<<") && candidate.source().contains("handler") && runner.compiles(candidate)
        }.shrink(program)
        #expect(shrunk.size < program.size / 2)
        #expect(shrunk.source().contains("<<"))
    }

    @Test func handWrittenProgramsRun() throws {
        guard let compiler = NativeRunner.findCompiler() else { return }
        let program = GeneratedProgram.written("long @handler(int a, long b) { return a - b; }", parameters: [.int, .long])
        let outcomes = try NativeRunner(compiler: compiler).run([program, program], inputs: [[[5, 7]], [[1, 0], [.max, 1]]])
        #expect(outcomes.map { $0.map(\.value) } == [[-2], [1, -2]])
    }

    @Test func aProgramThatDoesNotCompileIsAnError() {
        guard let compiler = NativeRunner.findCompiler() else { return }
        let program = GeneratedProgram.written("long @handler(int a) { return nothing; }", parameters: [.int])
        #expect(throws: NativeRunnerError.self) { try NativeRunner(compiler: compiler).run([program], inputs: [[[1]]]) }
    }
}
