import Application
import ArgumentParser
import Foundation
import ValueAnalysis
import XenTree

/// What all commands take that analyse a tree.
struct CommonOptions: ParsableArguments {
    @OptionGroup var place: TreeOptions

    @Option(help: ArgumentHelp("Where the build is, if not in the tree (make O=DIR).", valueName: "dir"))
    var buildDir: String?

    @Option(help: ArgumentHelp(
        "A compile_commands.json to take the flags from, in place of the build's .cmd files.", valueName: "file"))
    var compileCommands: String?

    @Flag(help: "Make the build first, or bring it up to date, as `xenwidth prepare` does (runs the tree's make).")
    var prepare = false

    @Option(help: ArgumentHelp(
        "Guest classes, separated by commas (default: those that see 32 bits of a result).", valueName: "name,..."))
    var guest: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var jobs: JobsOption

    @Option(help: ArgumentHelp("A rule pack in place of the built-in one.", valueName: "dir"))
    var rules: String?

    @Flag(help: "Leave the tree's own .xenwidth.yml aside.")
    var noConfig = false

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if prepare && compileCommands != nil {
            throw ValidationError("--prepare and --compile-commands exclude each other")
        }
        if guest != nil && guests.isEmpty { throw ValidationError("--guest: expected names, separated by commas") }
    }

    var guests: [String] { Self.names(guest) }

    /// Names that are separated by commas.
    static func names(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func request(budget: AnalysisBudget = AnalysisBudget(), convention: ErrorConvention? = nil) -> AnalysisRequest {
        AnalysisRequest(
            tree: place.tree, buildDirectory: buildDir, compileCommands: compileCommands, architecture: place.arch,
            guests: guests, jobs: jobs.count, budget: budget, rules: rules,
            ignoresConfiguration: noConfig, convention: convention, executable: Self.executable, prepares: prepare)
    }

    /// The running program's file, whatever name it was called by.
    static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}

extension ErrorConvention: ExpressibleByArgument {}

/// Which results are errors.
struct ConventionOption: ParsableArguments {
    @Option(help: """
        Which 32-bit results a guest takes for errors: errno (-4095 to -1), signed (all that are negative as int). \
        Default: the configuration's, else errno.
        """)
    var convention: ErrorConvention?
}

/// Bounds on what one handler may cost.
struct BudgetOptions: ParsableArguments {
    @Option(help: ArgumentHelp(
        "Instructions interpreted for a handler and guest class before its rows become unknown.", valueName: "n"))
    var maxInstructions = AnalysisBudget().instructions

    @Option(help: ArgumentHelp("Calls inside one another that are followed.", valueName: "n"))
    var callDepth = AnalysisBudget().callDepth

    func validate() throws {
        if maxInstructions < 1 { throw ValidationError("--max-instructions: expected 1 or more") }
        if !(1...10_000).contains(callDepth) { throw ValidationError("--call-depth: expected 1 to 10000") }
    }

    var budget: AnalysisBudget { AnalysisBudget(instructions: maxInstructions, callDepth: callDepth) }
}
