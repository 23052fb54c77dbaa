import Application
import ArgumentParser
import Reports

/// A command that says itself what the process ends with.
protocol StatusCommand: ParsableCommand {
    func report() -> Status
}

extension StatusCommand {
    /// Errors become messages.
    func guarded(_ console: Console, _ body: () throws -> Status) -> Status {
        Interruption.prepare { console.clearProgress() }
        do {
            return try body()
        } catch {
            console.failed("\(error)")
            return .impossible
        }
    }
}

/// A command that writes one report.
protocol ReportingCommand: StatusCommand {
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
        return guarded(console) {
            let output = ReportOutput(path: outputPath)
            try output.check()
            return try report(console: console, output: output)
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
    var outputPath: String? { common.output.plainPath }
    var console: Console { common.terminal.console }
    var colour: ColourChoice { common.terminal.colour.color }
}
