import Application
import ArgumentParser
import Reports
import Rules

/// `xenwidth lint`: the findings.
struct LintCommand: ReportingCommand {
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

    func report(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let request = common.request(budget: limits.budget)
        let opened = try OpenedTree.open(request, observer: console)
        let audit = try AuditRun(opened: opened, request: request, observer: console).audit()
        let findings = RuleEngine(pack: opened.pack).findings(for: audit)
        console.clearProgress()
        let text =
            switch format {
            case .text:
                LintTextReport(options: textOptions(for: output, elapsed: cost.elapsed))
                    .render(findings: findings, audit: audit)
            case .json: LintJSONReport(tool: Program.identity).render(findings: findings, audit: audit)
            case .sarif:
                SARIFReport(tool: Program.identity, options: opened.sarifOptions)
                    .render(findings: findings, audit: audit, rules: opened.pack.rules.filter(\.isEnabled))
            }
        try output.write(text)
        console.noted("done: \(cost.text)")
        return findings.contains { failOn.isReached(by: $0.severity) } ? .findings : .clean
    }
}
