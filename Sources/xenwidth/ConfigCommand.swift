import Application
import ArgumentParser
import Reports
import Rules
import XenTree

/// `xenwidth config`: a tree's own configuration.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks a tree's .xenwidth.yml, or prints what is in effect.",
        subcommands: [ConfigCheckCommand.self, ConfigPrintCommand.self])
}

/// What looks at a tree's configuration.
protocol ConfigReading: PackCommand {
    var tree: String { get }
}

extension ConfigReading {
    /// The pack without the configuration, and the configuration, nil where the tree has none.
    func read() throws -> (pack: RulePack, configuration: Configuration?) {
        let loaded = try pack.load()
        return (loaded, try ConfigurationFile.load(tree: XenTree.find(from: tree), pack: loaded))
    }
}

/// `xenwidth config check`.
struct ConfigCheckCommand: ConfigReading {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says whether the configuration is valid, and where it is not.")

    @OptionGroup var pack: PackOptions

    @Argument(help: "A Xen checkout, or a path in one.")
    var tree = "."

    func report(console: Console, output: ReportOutput) throws -> Status {
        let isThere = try read().configuration != nil
        try output.write("\(Configuration.fileName): \(isThere ? "valid" : "not there: the rule pack is in effect as it is")\n")
        return .clean
    }
}

/// `xenwidth config print`.
struct ConfigPrintCommand: ConfigReading {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Prints the configuration in effect, with where each value came from.")

    @OptionGroup var pack: PackOptions

    @Argument(help: "A Xen checkout, or a path in one.")
    var tree = "."

    func report(console: Console, output: ReportOutput) throws -> Status {
        let (loaded, configuration) = try read()
        try output.write(ConfigurationReport(pack: loaded, configuration: configuration ?? Configuration()).text)
        return .clean
    }
}
