import Application
import ArgumentParser
import Reports

/// `xenwidth audit`: the map.
struct AuditCommand: TreeCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Prints what each handler and sub-operation can return to each 32-bit guest class.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, html
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var limits: BudgetOptions
    @OptionGroup var errors: ConventionOption

    @Option(help: "Format of the report: text, json, html.")
    var format: Format = .text

    @Option(help: ArgumentHelp(
        "Only this handler (and sub-operation), with the evidence for each verdict.", valueName: "handler[:subop]"))
    var explain: String?

    @Option(help: ArgumentHelp("Only part I of N of the handlers, for several machines.", valueName: "i/n"))
    var shard: Shard?

    @Option(help: ArgumentHelp(
        "What a merged report calls this configuration (default: the architecture).", valueName: "name"))
    var label: String?

    func validate() throws {
        if explain != nil && shard != nil { throw ValidationError("--explain and --shard exclude each other") }
        if let explain, explain.isEmpty || explain.hasPrefix(":") {
            throw ValidationError("--explain: expected HANDLER or HANDLER:SUBOPERATION")
        }
    }

    func report(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let others = try common.output.others(Format.self)
        let request = common.request(budget: limits.budget, convention: errors.convention)
        let opened = try OpenedTree.open(request, observer: console)
        let run = AuditRun(opened: opened, request: request, observer: console)
        let (audit, part) = try run.auditWithPart(focus: focus, shard: shard)
        console.clearProgress()
        for (format, output) in [(format, output)] + others {
            let text =
                switch format {
                case .json:
                    AuditJSONReport(tool: Program.identity).render(audit: audit, part: part, label: label)
                case .text where explain != nil:
                    ExplanationTextReport(options: textOptions(for: output), sources: opened.sourceLines)
                        .render(audit: audit)
                case .html:
                    AuditHTMLReport(tool: Program.identity, sources: opened.sourceLines).render(audit: audit)
                case .text: AuditTextReport(options: textOptions(for: output)).render(audit: audit)
                }
            try output.write(text)
        }
        console.noted("done: \(cost.text)")
        return .clean
    }

    private var focus: AuditFocus? {
        guard let explain else { return nil }
        let parts = explain.split(separator: ":", maxSplits: 1).map(String.init)
        return AuditFocus(handler: parts[0], subOperation: parts.count > 1 ? parts[1] : nil)
    }
}
