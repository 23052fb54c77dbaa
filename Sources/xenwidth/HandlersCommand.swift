import Application
import ArgumentParser
import Reports

/// `xenwidth handlers`: the hypercall table as it was understood.
struct HandlersCommand: TreeCommand {
    static let configuration = CommandConfiguration(
        commandName: "handlers",
        abstract: "Lists the hypercall table: hypercall, guest class, handler, its place and declared return type.",
        discussion: "Without --guest it lists the 64-bit guest classes too.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var common: CommonOptions

    @Option(help: "Format of the report: text, json.")
    var format: Format = .text

    func report(console: Console, output: ReportOutput) throws -> Status {
        let others = try common.output.others(Format.self)
        let opened = try OpenedTree.open(common.request(), widths: 8...64, observer: console)
        let listing = try HandlerListing.list(opened: opened, jobs: common.jobs.count, observer: console)
        console.clearProgress()
        for (format, output) in [(format, output)] + others {
            let text =
                switch format {
                case .text:
                    HandlersTextReport(options: textOptions(for: output))
                        .render(entries: listing.entries, unreachable: listing.unreachable)
                case .json:
                    HandlersJSONReport(tool: Program.identity)
                        .render(entries: listing.entries, unreachable: listing.unreachable)
                }
            try output.write(text)
        }
        return .clean
    }
}
