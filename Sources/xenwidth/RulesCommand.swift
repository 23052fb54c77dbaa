import Application
import ArgumentParser
import Foundation
import Reports
import Rules

/// What commands take that look at the rule pack alone.
struct PackOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A rule pack in place of the built-in one.", valueName: "dir"))
    var rules: String?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("Write the report to a file.", valueName: "file"))
    var output: String?

    @OptionGroup var colours: ColourOption

    func load() throws -> RulePack {
        try RulePack.load(directory: RulePack.locate(executablePath: CommonOptions.executable, override: rules))
    }
}

/// A command that looks at the rule pack alone.
protocol PackCommand: ReportingCommand {
    var pack: PackOptions { get }
}

extension PackCommand {
    var outputPath: String? { pack.output }
    var console: Console { Console(verbosity: .normal, colour: colour) }
    var colour: ColourChoice { pack.colours.color }
}

/// `xenwidth rules`: what is looked for.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Lists the rules, or tries their examples.",
        subcommands: [RulesListCommand.self, RulesTestCommand.self, RulesDocsCommand.self],
        defaultSubcommand: RulesListCommand.self)
}

/// `xenwidth rules list`.
struct RulesListCommand: PackCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the rules with their severity and whether they are on.")

    @OptionGroup var pack: PackOptions

    func report(console: Console, output: ReportOutput) throws -> Status {
        try output.write(RuleListTextReport(options: textOptions(for: output)).render(rules: pack.load().rules))
        return .clean
    }
}

/// `xenwidth rules test`.
struct RulesTestCommand: PackCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the examples of all rules through the analysis: those that must trigger do, the others do not.")

    @OptionGroup var pack: PackOptions

    @Option(help: ArgumentHelp("Only the examples of these rules.", valueName: "rule,..."))
    var only: String?

    func report(console: Console, output: ReportOutput) throws -> Status {
        var loaded = try pack.load()
        let jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
        var chosen = loaded
        let names = CommonOptions.names(only)
        if !names.isEmpty { chosen.rules = try names.map(loaded.rule) }
        loaded.rules = chosen.rules
        let outcomes = try ExampleRun(pack: loaded).outcomes(jobs: jobs)
        let failures = outcomes.filter { $0.failure != nil }
        var lines = failures.map { outcome in
            let place = "\(outcome.example.location.file):\(outcome.example.location.line):\(outcome.example.location.column)"
            return "\(place): error: example '\(outcome.example.title)' of \(outcome.rule) \(outcome.failure ?? "")"
        }
        lines.append("\(outcomes.count) examples of \(Set(outcomes.map(\.rule)).count) rules, \(failures.count) failed")
        try output.write(lines.joined(separator: "\n") + "\n")
        return failures.isEmpty ? .clean : .findings
    }
}

/// `xenwidth rules docs`: how `make docs` makes its pages.
struct RulesDocsCommand: PackCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Writes a Markdown page for each rule into a directory.")

    @OptionGroup var pack: PackOptions

    @Argument(help: ArgumentHelp("The directory; pages of rules that are gone are removed.", valueName: "dir"))
    var directory: String

    func report(console: Console, output: ReportOutput) throws -> Status {
        try RulePages(rules: pack.load().rules).write(into: directory)
        return .clean
    }
}

/// `xenwidth explain`.
struct ExplainCommand: PackCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explains a rule: why it matters, what to do, examples.")

    @OptionGroup var pack: PackOptions

    @Argument(help: "The rule's id, as `xenwidth rules` lists it.")
    var rule: String

    func report(console: Console, output: ReportOutput) throws -> Status {
        try output.write(RuleTextReport(options: textOptions(for: output)).render(rule: pack.load().rule(named: rule)))
        return .clean
    }
}
