import ArgumentParser
import Foundation
import ProgramFuzzing
import SoundnessFuzzing
import ValueAnalysis

/// Looks for handlers that return what the analyzer says they cannot.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xenwidth-fuzz",
        abstract: "Generate C programs, run them, and compare what they return with what the analysis says.")

    @Option(help: "First seed.") var first: UInt64 = 1
    @Option(help: "Number of seeds; each makes one program for every data model.") var count: UInt64 = 1_000
    @Option(help: "Data model: lp64, ilp32 or all.") var model = "all"
    @Option(help: "Argument lists for a program; each is also tried zero-extended from 32 bits.") var inputs = 100
    @Option(help: "Programs in one compilation.") var batch: UInt64 = 40
    @Option(help: "Violations that are shrunk; later ones are listed only.") var shrink = 3
    @Option(help: "Steps to shrink one program.") var steps = 1_500
    @Option(help: "Stop after so many violations.") var stopAfter = 50
    @Option(help: "Instructions that the analysis of one program may take; beyond that its rows are unknown.")
    var budget = 60_000
    @Option(help: "Check a program written by hand instead: '@handler' of two 'unsigned long', the first is the command.")
    var program: String?
    @Flag(help: "Only print a program.") var show = false

    func run() throws {
        guard let compiler = NativeRunner.findCompiler() else { throw ValidationError("no C compiler on the PATH") }
        let check = SoundnessCheck(runner: NativeRunner(compiler: compiler, flags: ["-O0"]), inputCount: inputs, budget: AnalysisBudget(instructions: budget))
        var campaign = Campaign(check: check, shrinkLimit: shrink, steps: steps, stopAfter: stopAfter)
        for model in try models(check.runner) {
            if let program {
                let text = try String(contentsOfFile: program, encoding: .utf8)
                try campaign.run([.written(text, parameters: [.unsignedLong, .unsignedLong], model: model)], model: model)
                continue
            }
            if show {
                print(Campaign.generate(first, model).source())
                continue
            }
            try campaign.run(first..<first + count, model: model, batch: batch)
        }
        if !show { campaign.summarize() }
        if campaign.violations > 0 { throw ExitCode(1) }
    }

    private func models(_ runner: NativeRunner) throws -> [DataModel] {
        if model == "all" {
            return DataModel.allCases.filter { model in
                let canRun = runner.canRun(model)
                if !canRun { print("\(model.rawValue) programs do not run here: left out") }
                return canRun
            }
        }
        guard let one = DataModel(rawValue: model) else { throw ValidationError("no data model '\(model)'") }
        return [one]
    }
}
