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
    @OptionGroup var errors: ConventionOption

    @Option(help: "Format of the report: text, json, sarif, gitlab, github, junit.")
    var format: Format = .text

    @Option(help: "The least severity for which the exit status is 1: error, warning, note, never.")
    var failOn: Threshold = .warning

    @Option(help: ArgumentHelp("Only these rules, also those that are off.", valueName: "rule,..."))
    var only: String?

    @Option(help: ArgumentHelp("Findings that are known: only others count.", valueName: "file"))
    var baseline: String?

    @OptionGroup var pages: PagesOption

    @Flag(help: "With the text format: print suggested edits as diffs that `patch -p1` takes.")
    var showFixes = false

    @Option(help: ArgumentHelp("Only part I of N of the handlers, for several machines.", valueName: "i/n"))
    var shard: Shard?

    @Option(help: ArgumentHelp(
        "What a merged SARIF log calls this configuration (default: the architecture).", valueName: "name"))
    var label: String?

    @Option(
        defaultAsFlag: "HEAD",
        help: ArgumentHelp("Only what a change touches: against HEAD, or another revision.", valueName: "revision"))
    var changed: String?

    @Flag(help: "Each build of the tree that is prepared, one after the other, where there are several.")
    var everyBuild = false

    @Option(help: "What becomes of a run on a tree that has no build: fail (exit status 2), pass (exit status 0).")
    var ifUnprepared: HookCommand.Unprepared = .fail

    func validate() throws {
        // No name of a revision begins so: it was meant for the tree.
        if let changed, changed.hasPrefix("/") || changed.hasPrefix(".") {
            throw ValidationError(
                "--changed: expected a revision: for a change of a tree against HEAD write `lint \(displayPath(changed)) --changed`")
        }
        if everyBuild && (shard != nil || !common.output.output.isEmpty || ![.text, .github].contains(format)) {
            throw ValidationError("--every-build: several reports only go to standard output, as text or github, and have no --shard")
        }
        if changed != nil && shard != nil { throw ValidationError("--changed and --shard exclude each other") }
    }

    private var options: LintOptions {
        LintOptions(
            only: CommonOptions.names(only), baseline: baseline,
            extent: changed.map(LintExtent.changed) ?? shard.map(LintExtent.shard) ?? .whole)
    }

    func report(console: Console, output: ReportOutput) throws -> Status {
        do {
            guard everyBuild else { return try lint(console: console, output: output) }
            return try lintEveryBuild(console: console, output: output)
        } catch let error as UnpreparedTree where ifUnprepared == .pass {
            console.warned("nothing was checked: no build of this tree: \(error.offer)")
        } catch XenTreeError.noTree where ifUnprepared == .pass {
            console.noted("not a Xen checkout: nothing to check")
        }
        return .clean
    }

    /// The worst outcome of all.
    private func lintEveryBuild(console: Console, output: ReportOutput) throws -> Status {
        let directories = try BuildChoice.several(common.request(), observer: console)
        guard !directories.isEmpty else { return try lint(console: console, output: output) }
        return directories.map { directory in
            guarded(console) {
                var command = self
                command.common.buildDir = directory
                return try command.lint(console: console, output: output)
            }
        }.max { $0.rawValue < $1.rawValue } ?? .clean
    }

    private func lint(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let others = try common.output.others(Format.self)
        let request = common.request(budget: limits.budget, convention: errors.convention)
        let lint = try LintRun(request: request, options: options, observer: console).result()
        console.clearProgress()
        for (format, output) in [(format, output)] + others {
            let rendering = FindingsRendering(
                tool: Program.identity, text: textOptions(for: output, elapsed: cost.elapsed),
                sources: lint.opened.sourceLines, sarif: sarifOptions(of: lint.opened), rules: lint.rules,
                patches: showFixes ? lint.patches : [], part: part(of: lint))
            try output.write(rendering.text(format, findings: lint.findings, audit: lint.audit, fixed: lint.fixed, mended: lint.mended))
        }
        console.noted("done: \(cost.text)")
        if lint.findings.contains(where: { $0.isReported && failOn.isReached(by: $0.severity) }) { return .findings }
        guard let reason = lint.audit.reasonForNothing, lint.rules.contains(where: { $0.subject == .row }) else { return .clean }
        // A gate must not be passed by an analysis that decided nothing.
        console.failed("nothing could be decided: each of the \(lint.audit.rows.count) rows is unknown, the first for: \(reason)")
        return .impossible
    }

    private func part(of lint: LintRun.Result) -> LintPart? {
        var part = lint.part
        part?.settings.report = sarifOptions(of: lint.opened)
        return part
    }

    private func sarifOptions(of opened: OpenedTree) -> SARIFOptions {
        var options = opened.sarifOptions
        options.helpBaseURI = pages.helpUri?.text ?? options.helpBaseURI
        options.label = label
        return options
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
    /// Suggested edits that text ends with.
    var patches: [FixPatch] = []
    /// What a merge has to know.
    var part: LintPart?

    /// - Parameter fixed: what the baseline knows and is gone.
    func text(
        _ format: LintCommand.Format, findings: [Finding], audit: Audit, fixed: [Baseline.Entry] = [],
        mended: [MendedCase] = []
    ) -> String {
        // These formats have no words for a finding that does not count.
        let reported = findings.filter(\.isReported)
        return switch format {
        case .text:
            LintTextReport(options: text, sources: sources, patches: patches)
                .render(findings: findings, audit: audit, fixed: fixed, mended: mended)
        case .json:
            LintJSONReport(tool: tool).render(findings: findings, audit: audit, fixed: fixed, mended: mended)
        case .sarif:
            SARIFReport(tool: tool, options: sarif)
                .render(findings: findings, audit: audit, rules: rules, fixed: fixed, part: part)
        case .gitlab: GitLabReport().render(findings: reported)
        case .github: GitHubReport().render(findings: reported)
        case .junit: JUnitReport(tool: tool).render(findings: reported, audit: audit)
        }
    }
}

extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
