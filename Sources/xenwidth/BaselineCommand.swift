import Application
import ArgumentParser
import Foundation
import Reports
import Rules

/// `xenwidth baseline`: findings that are known already.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Keeps the findings that are known, so that only new ones count.",
        subcommands: [BaselineCreateCommand.self, BaselineUpdateCommand.self, BaselineShowCommand.self])

    static let standardName = "xenwidth-baseline.json"
}

/// What writes a baseline.
protocol BaselineWriting: TreeCommand {
    var limits: BudgetOptions { get }
    var errors: ConventionOption { get }
    var baseline: String { get }
}

extension BaselineWriting {
    /// The findings of today as a baseline, and the architecture that they are of.
    func current(_ console: Console) throws -> (baseline: Baseline, architecture: String) {
        try common.output.refuseOthers()
        let request = common.request(budget: limits.budget, convention: errors.convention)
        let options = LintOptions(ignoresBaseline: true)
        let lint = try LintRun(request: request, options: options, observer: console).result()
        console.clearProgress()
        let architecture = lint.opened.audited.architecture
        return (Baseline(findings: lint.findings, architecture: architecture), architecture)
    }
}

/// `xenwidth baseline create`.
struct BaselineCreateCommand: BaselineWriting {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Writes a baseline with the findings of a tree as it is.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var limits: BudgetOptions
    @OptionGroup var errors: ConventionOption

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var baseline = BaselineCommand.standardName

    @Flag(help: "Replace a file that is there.")
    var force = false

    func report(console: Console, output: ReportOutput) throws -> Status {
        guard force || !FileManager.default.fileExists(atPath: baseline) else {
            throw ApplicationError("\(baseline) exists: use `xenwidth baseline update`, or --force to replace it")
        }
        try ReportOutput(path: baseline).check()
        let found = try current(console).baseline
        try BaselineFile.write(found, to: baseline)
        try output.write("\(found.entries.count) findings written to \(baseline)\n")
        return .clean
    }
}

/// `xenwidth baseline update`.
struct BaselineUpdateCommand: BaselineWriting {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Brings a baseline up to date for the architecture of the build; other architectures stay.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var limits: BudgetOptions
    @OptionGroup var errors: ConventionOption

    @Option(help: ArgumentHelp("The file to update.", valueName: "file"))
    var baseline = BaselineCommand.standardName

    func report(console: Console, output: ReportOutput) throws -> Status {
        let old = try BaselineFile.read(baseline)
        try ReportOutput(path: baseline).check()
        let (found, architecture) = try current(console)
        let known = Set(old.entries.filter { $0.architecture == architecture }.map(\.fingerprint))
        let now = Set(found.entries.map(\.fingerprint))
        try BaselineFile.write(old.replacing(architecture, with: found), to: baseline)
        try output.write(
            "\(baseline), \(architecture): \(now.subtracting(known).count) added, \(known.subtracting(now).count) removed, "
                + "\(now.intersection(known).count) kept\n")
        return .clean
    }
}

/// `xenwidth baseline show`.
struct BaselineShowCommand: PackCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Lists what a baseline knows.")

    @OptionGroup var pack: PackOptions

    @Argument(help: ArgumentHelp("The baseline.", valueName: "file"))
    var baseline = BaselineCommand.standardName

    func report(console: Console, output: ReportOutput) throws -> Status {
        try output.write(BaselineReport().text(BaselineFile.read(baseline)))
        return .clean
    }
}
