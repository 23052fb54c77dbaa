import ProgramFuzzing

extension GeneratorOptions {
    /// Most programs are small, and each of their sub-operations is about one construct: ranges stay narrow enough to be
    /// wrong, and the analysis takes milliseconds. In the others constructs meet.
    public static func forSoundness(_ model: DataModel, seed: UInt64) -> GeneratorOptions {
        let depth = seed % 5 == 4 ? 1 + Int(seed / 5 % 3) : nil
        return switch seed % 32 {
        case 0: GeneratorOptions(model: model, traces: false, functions: 1...2, statements: 1...2, callDepth: depth)
        case 1:
            GeneratorOptions(
                model: model, traces: false, functions: 0...1, statements: 1...1, expressionDepth: 3, callDepth: depth)
        default:
            GeneratorOptions(
                model: model, traces: false, functions: 0...1, statements: 1...1, expressionDepth: 2, scenarios: true,
                // What `long` does not hold there is cut by the return anyway.
                relays: seed % 32 < 10 && model == .lp64, callDepth: depth)
        }
    }
}

extension GeneratedProgram {
    /// The program that a seed stands for.
    public static func forSoundness(_ model: DataModel, seed: UInt64) -> GeneratedProgram {
        ProgramGenerator(options: .forSoundness(model, seed: seed)).generate(seed: seed)
    }
}
