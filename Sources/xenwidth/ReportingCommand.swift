import Application
import ArgumentParser
import Reports

/// A command that writes one report.
protocol ReportingCommand: ParsableCommand {
    var common: CommonOptions { get }
    /// Does the work and writes the report.
    func report(console: Console, output: ReportOutput) throws -> Status
}

extension ReportingCommand {
    /// The same, with all that is common around it.
    func report() -> Status {
        let console = common.console
        Interruption.prepare { console.clearProgress() }
        do {
            let output = ReportOutput(path: common.output)
            try output.check()
            return try report(console: console, output: output)
        } catch {
            console.failed("\(error)")
            return .impossible
        }
    }

    func textOptions(for output: ReportOutput, elapsed: Duration? = nil) -> TextOptions {
        let terminal = output.terminal()
        return TextOptions(
            isColoured: terminal?.isColoured(common.color) ?? (common.color == .always), width: terminal?.width,
            elapsed: elapsed)
    }
}
