import Application
import ArgumentParser
import Reports
import Rules

/// `xenwidth lint`: the findings.
struct LintCommand: TreeCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Reports handlers that return values which a 32-bit guest cannot see whole.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, sarif
    }

    enum Threshold: String, CaseIterable, ExpressibleByArgument {
        case error, warning, note, never

        func isReached(by severity: Severity) -> Bool {
            switch self {
            case .error: severity == .error
            case .warning: severity != .note
            case .note: true
            case .never: false
            }
        }
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var limits: BudgetOptions

    @Option(help: "Format of the report: text, json, sarif.")
    var format: Format = .text

    @Option(help: "The least severity for which the exit status is 1: error, warning, note, never.")
    var failOn: Threshold = .warning

    @Option(help: ArgumentHelp("Only these rules, also those that are off.", valueName: "rule,..."))
    var only: String?

    @Option(help: ArgumentHelp("Findings that are known: only others count.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Where the rules' pages are to be found, for SARIF.", valueName: "uri"))
    var helpUri = Program.rulePages

    @Flag(help: "With the text format: print suggested edits as diffs that `patch -p1` takes.")
    var showFixes = false

    func validate() throws {
        guard helpUri.hasPrefix("https://") || helpUri.hasPrefix("http://") || helpUri.hasPrefix("file:///") else {
            throw ValidationError("--help-uri: expected an http, https or file address")
        }
    }

    private var options: LintOptions {
        LintOptions(only: CommonOptions.names(only), baseline: baseline)
    }

    func report(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let request = common.request(budget: limits.budget)
        let lint = try LintRun(request: request, options: options, observer: console).result()
        let (opened, audit, findings) = (lint.opened, lint.audit, lint.findings)
        console.clearProgress()
        let text =
            switch format {
            case .text:
                LintTextReport(options: textOptions(for: output, elapsed: cost.elapsed), showsFixes: showFixes)
                    .render(findings: findings, audit: audit, fixed: lint.fixed, mended: lint.mended)
            case .json: LintJSONReport(tool: Program.identity).render(findings: findings, audit: audit, fixed: lint.fixed, mended: lint.mended)
            case .sarif:
                SARIFReport(tool: Program.identity, options: sarifOptions(of: opened))
                    .render(findings: findings, audit: audit, rules: lint.rules, fixed: lint.fixed)
            }
        try output.write(text)
        console.noted("done: \(cost.text)")
        return findings.contains { $0.isReported && failOn.isReached(by: $0.severity) } ? .findings : .clean
    }

    private func sarifOptions(of opened: OpenedTree) -> SARIFOptions {
        var options = opened.sarifOptions
        options.helpBaseURI = helpUri
        return options
    }
}
