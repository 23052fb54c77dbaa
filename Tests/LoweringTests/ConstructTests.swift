import Lowering
import ProgramFuzzing
import ProgramModel
import Testing

/// Each construct gives the same results compiled and run as lowered and interpreted.
@Suite struct ConstructTests {
    static let inputs: [[UInt64]] = {
        let first: [Int32] = [0, 1, -1, 2, 3, 5, 7, -5, 100, 255, 256, 300, 4095, -4095, 70_000, .max, .min]
        let second: [Int64] = [
            0, 1, -1, 2, 6, 7, 128, 255, 256, 1_000, -2_000, 65_536, 0x1_0000_0000, 0x8000_0000, -4_095, .max, .min,
        ]
        return zip(first, second).map { pair in
            [UInt64(bitPattern: Int64(pair.0)), UInt64(bitPattern: pair.1)]
        } + zip(first, second.reversed()).map { pair in [UInt64(bitPattern: Int64(pair.0)), UInt64(bitPattern: pair.1)] }
    }()

    static let all = ConstructProgram.statements + ConstructProgram.conversions + ConstructProgram.records
        + ConstructProgram.memory

    /// Both results for all programs; compiled once.
    private static let expected = Result { () throws -> [String: [RunOutcome]] in
        guard let compiler = NativeRunner.findCompiler() else { return [:] }
        let programs = all.map { GeneratedProgram.written($0.text, parameters: [.int, .long]) }
        let outcomes = try NativeRunner(compiler: compiler, flags: ["-O0"]).run(
            programs, inputs: programs.map { _ in inputs })
        return Dictionary(uniqueKeysWithValues: zip(all.map(\.name), outcomes))
    }

    @Test(arguments: all) func compiledAndLoweredAgree(_ construct: ConstructProgram) throws {
        guard let expected = try Self.expected.get()[construct.name] else { return }
        let program = GeneratedProgram.written(construct.text, parameters: [.int, .long])
        let source = try ClangProgram(index: CSource(program.source()))
        let entry = FunctionReference(name: GeneratedProgram.entry, unit: nil)
        // Statics keep their values from run to run, here as there.
        let interpreter = ConcreteInterpreter(program: source, unit: "a.c")
        for (arguments, outcome) in zip(Self.inputs, expected) {
            do {
                let value = Int64(bitPattern: try interpreter.call(entry, arguments))
                #expect(value == outcome.value, "\(arguments.map { Int64(bitPattern: $0) })")
            } catch {
                Issue.record("\(arguments.map { Int64(bitPattern: $0) }): \(error)")
                return
            }
        }
    }
}
