import Application
import ArgumentParser
import Reports
import Rules
import ValueAnalysis
import XenTree

/// `xenwidth lint`: the findings.
struct LintCommand: TreeCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Reports handlers that return values which a 32-bit guest cannot see whole.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, sarif, gitlab, github, junit
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

    @Option(help: "Format of the report: text, json, sarif, gitlab, github, junit.")
    var format: Format = .text

    @Option(help: "The least severity for which the exit status is 1: error, warning, note, never.")
    var failOn: Threshold = .warning

    @Option(help: ArgumentHelp("Only part I of N of the handlers, for several machines.", valueName: "i/n"))
    var shard: Shard?

    @Option(
        defaultAsFlag: "HEAD",
        help: ArgumentHelp("Only what a change touches: against HEAD, or another revision.", valueName: "revision"))
    var changed: String?

    @Option(help: "What becomes of a run on a tree that has no build: fail (exit status 2), pass (exit status 0).")
    var ifUnprepared: HookCommand.Unprepared = .fail

    func validate() throws {
        if changed != nil && shard != nil { throw ValidationError("--changed and --shard exclude each other") }
    }

    func report(console: Console, output: ReportOutput) throws -> Status {
        do {
            return try lint(console: console, output: output)
        } catch let error as UnpreparedTree where ifUnprepared == .pass {
            console.warned("nothing was checked: no build of this tree: \(error.offer)")
        } catch XenTreeError.noTree where ifUnprepared == .pass {
            console.noted("not a Xen checkout: nothing to check")
        }
        return .clean
    }

    private func lint(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let others = try common.output.others(Format.self)
        let request = common.request(budget: limits.budget)
        let opened = try OpenedTree.open(request, observer: console)
        let audit =
            if let changed {
                try ChangedAudit(opened: opened, request: request, observer: console).audit(since: changed)
            } else {
                try AuditRun(opened: opened, request: request, observer: console).audit(shard: shard)
            }
        let findings = RuleEngine(pack: opened.pack).findings(for: audit)
        console.clearProgress()
        for (format, output) in [(format, output)] + others {
            let rendering = FindingsRendering(
                tool: Program.identity, text: textOptions(for: output, elapsed: cost.elapsed),
                sources: opened.sourceLines, sarif: opened.sarifOptions, rules: opened.pack.rules.filter(\.isEnabled))
            try output.write(rendering.text(format, findings: findings, audit: audit))
        }
        console.noted("done: \(cost.text)")
        return findings.contains { failOn.isReached(by: $0.severity) } ? .findings : .clean
    }
}

/// Findings in the format that was asked for.
struct FindingsRendering {
    var tool: ToolIdentity
    var text: TextOptions
    var sources = SourceLines.none
    var sarif: SARIFOptions
    /// Those that were looked for.
    var rules: [Rule]

    func text(_ format: LintCommand.Format, findings: [Finding], audit: Audit) -> String {
        switch format {
        case .text: LintTextReport(options: text, sources: sources).render(findings: findings, audit: audit)
        case .json: LintJSONReport(tool: tool).render(findings: findings, audit: audit)
        case .sarif: SARIFReport(tool: tool, options: sarif).render(findings: findings, audit: audit, rules: rules)
        case .gitlab: GitLabReport().render(findings: findings)
        case .github: GitHubReport().render(findings: findings)
        case .junit: JUnitReport(tool: tool).render(findings: findings, audit: audit)
        }
    }
}

extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
