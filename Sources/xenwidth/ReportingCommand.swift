import Application
import ArgumentParser
import Reports

/// A command that writes one report.
protocol ReportingCommand: ParsableCommand {
    /// Where the report goes; nil for standard output.
    var outputPath: String? { get }
    var console: Console { get }
    var colour: ColourChoice { get }
    /// Does the work and writes the report.
    func report(console: Console, output: ReportOutput) throws -> Status
}

extension ReportingCommand {
    /// The same, with all that is common around it.
    func report() -> Status {
        let console = console
        Interruption.prepare { console.clearProgress() }
        do {
            let output = ReportOutput(path: outputPath)
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
            isColoured: terminal?.isColoured(colour) ?? (colour == .always), width: terminal?.width,
            elapsed: elapsed)
    }
}

/// A command about a tree.
protocol TreeCommand: ReportingCommand {
    var common: CommonOptions { get }
}

extension TreeCommand {
    var outputPath: String? { common.output }
    var console: Console { common.console }
    var colour: ColourChoice { common.color }
}
