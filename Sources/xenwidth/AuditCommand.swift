import Application
import ArgumentParser
import Reports

/// `xenwidth audit`: the map.
struct AuditCommand: TreeCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Prints what each handler and sub-operation can return to each 32-bit guest class.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var common: CommonOptions
    @OptionGroup var limits: BudgetOptions

    @Option(help: "Format of the report: text, json.")
    var format: Format = .text

    @Option(help: ArgumentHelp(
        "Only this handler (and sub-operation), with the evidence for each verdict.", valueName: "handler[:subop]"))
    var explain: String?

    func validate() throws {
        if let explain, explain.isEmpty || explain.hasPrefix(":") {
            throw ValidationError("--explain: expected HANDLER or HANDLER:SUBOPERATION")
        }
    }

    func report(console: Console, output: ReportOutput) throws -> Status {
        let cost = RunCost()
        let request = common.request(budget: limits.budget)
        let opened = try OpenedTree.open(request, observer: console)
        let audit = try AuditRun(opened: opened, request: request, observer: console).audit(focus: focus)
        console.clearProgress()
        let text =
            switch format {
            case .json: AuditJSONReport(tool: Program.identity).render(audit: audit)
            case .text where explain != nil:
                ExplanationTextReport(options: textOptions(for: output)).render(audit: audit)
            case .text: AuditTextReport(options: textOptions(for: output)).render(audit: audit)
            }
        try output.write(text)
        console.noted("done: \(cost.text)")
        return .clean
    }

    private var focus: AuditFocus? {
        guard let explain else { return nil }
        let parts = explain.split(separator: ":", maxSplits: 1).map(String.init)
        return AuditFocus(handler: parts[0], subOperation: parts.count > 1 ? parts[1] : nil)
    }
}
