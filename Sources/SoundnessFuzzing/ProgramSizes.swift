import ProgramFuzzing

extension GeneratorOptions {
    /// Programs of several sizes: in large ones constructs meet, in small ones ranges stay narrow enough to be wrong.
    public static func forSoundness(_ model: DataModel, seed: UInt64) -> GeneratorOptions {
        switch seed % 4 {
        case 0: GeneratorOptions(model: model, traces: false)
        case 1: GeneratorOptions(model: model, traces: false, functions: 1...2, statements: 1...2, expressionDepth: 2)
        case 2: GeneratorOptions(model: model, traces: false, functions: 0...1, statements: 1...2, expressionDepth: 4)
        default: GeneratorOptions(model: model, traces: false, functions: 1...2, statements: 1...1, expressionDepth: 2)
        }
    }
}
