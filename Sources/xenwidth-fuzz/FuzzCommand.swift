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
    @Option(help: "Argument lists for a program; each is also tried zero-extended from 32 bits.") var inputs = 300
    @Option(help: "Programs in one compilation and one worker process.") var batch: UInt64 = 100
    @Option(help: "Worker processes at a time.") var jobs = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Violations that are shrunk; later ones are listed only.") var shrink = 3
    @Option(help: "Steps to shrink one program.") var steps = 1_500
    @Option(help: "Directory for shrunk programs, such as fixtures/soundness.") var keep: String?
    @Option(help: "Stop after so many violations.") var stopAfter = 50
    @Option(help: "Instructions that the analysis of one program may take; beyond that its rows are unknown.")
    var budget = 20_000
    @Option(help: "Check a program from a file instead: see fixtures/soundness.") var program: String?
    @Flag(help: "Only print a program.") var show = false
    /// One batch, with the report as JSON: how the program runs itself.
    @Flag(help: .hidden) var worker = false

    func run() throws {
        guard let compiler = NativeRunner.findCompiler() else { throw ValidationError("no C compiler on the PATH") }
        let check = SoundnessCheck(
            runner: NativeRunner(compiler: compiler, flags: ["-O0"]), inputCount: inputs,
            budget: AnalysisBudget(instructions: budget))
        if let program { return try runWritten(program, check) }
        if show { return print(GeneratedProgram.forSoundness(try models(check.runner)[0], seed: first).source()) }
        if worker { return try work(check) }
        guard batch > 0, jobs > 0, let executable = Bundle.main.executablePath else {
            throw ValidationError("--batch and --jobs are at least 1")
        }
        let launcher = WorkerLauncher(
            executable: executable, options: ["--inputs", "\(inputs)", "--budget", "\(budget)", "--steps", "\(steps)"])
        let campaign = Campaign(launcher: launcher, shrinkLimit: shrink, stopAfter: stopAfter, keep: keep)
        let tasks = try models(check.runner).flatMap { model in
            stride(from: first, to: first + count, by: Int(batch)).map { start in
                WorkerTask(model: model, seeds: start..<min(start + batch, first + count))
            }
        }
        campaign.run(tasks, jobs: jobs)
        if campaign.hasFailed { throw ExitCode(1) }
    }

    private func work(_ check: SoundnessCheck) throws {
        guard let model = DataModel(rawValue: model) else { throw ValidationError("no data model '\(model)'") }
        let programs = (first..<first + count).map { GeneratedProgram.forSoundness(model, seed: $0) }
        var result = WorkerResult(report: check.check(programs))
        if shrink > 0, let violation = result.report.violations.first,
            let program = programs.first(where: { $0.seed == violation.seed }) {
            let (small, last) = check.shrunk(program, violation, budget: steps)
            result.small = small.written(comment: "\(last)")
        }
        FileHandle.standardOutput.write(try JSONEncoder().encode(result))
    }

    private func runWritten(_ file: String, _ check: SoundnessCheck) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        var report = SoundnessCheck.Report()
        for model in try models(check.runner) where GeneratedProgram.models(of: text).contains(model) {
            let program = GeneratedProgram.read(text, model: model)
            for row in try check.rows(of: program) {
                let range = row.range.map { "[\($0.min)..\($0.max)]" } ?? "nothing returns"
                print("\(model.rawValue) \(row.guest) \(row.subOperation ?? "-"): \(row.verdict.rawValue) \(range)")
            }
            report.add(check.check([program]))
        }
        for violation in report.violations { print("VIOLATION \(violation)") }
        for failure in report.failures.values { print("FAILURE \(failure)") }
        if !report.violations.isEmpty || !report.failures.isEmpty { throw ExitCode(1) }
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
