import Application
import ArgumentParser
import Foundation

/// `xenwidth manual`: the man page, made of the same descriptions as the help, for `make install`.
struct ManualCommand: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints the man page.", shouldDisplay: false)

    func report() -> Status {
        guarded(Console(verbosity: .normal, colour: .never)) {
            let description = try JSONDecoder().decode(ToolDescription.self, from: Data(Program._dumpHelp().utf8))
            try ReportOutput(path: nil).write(ManualPage(tool: description.command).text)
            return .clean
        }
    }
}

/// The part of ArgumentParser's description of a program that a manual needs.
struct ToolDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var abstract: String?
    }

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    var command: Command
}

/// A page in the language of man(7).
struct ManualPage {
    var tool: ToolDescription.Command

    var text: String {
        var lines = [".TH XENWIDTH 1 \"\(Program.date)\" \"xenwidth \(Program.identity.version)\" \"User Commands\""]
        lines += [".SH NAME", "xenwidth \\- \(roff(tool.abstract ?? ""))"]
        lines += [".SH SYNOPSIS", ".B xenwidth", "\\fIcommand\\fR [\\fIoption\\fR ...] [\\fItree\\fR]"]
        if let discussion = tool.discussion { lines += [".SH DESCRIPTION", roff(discussion)] }
        lines.append(".SH COMMANDS")
        for command in tool.subcommands ?? [] where command.shouldDisplay != false && command.commandName != "help" {
            lines += section(command, prefix: "xenwidth")
        }
        lines += [
            ".SH EXIT STATUS", ".TP", "0", "nothing found", ".TP", "1", "findings", ".TP", "2",
            "the work could not be done",
            ".SH ENVIRONMENT", ".TP", ".B NO_COLOR", "no colours, unless \\-\\-color says otherwise", ".TP",
            ".B XDG_CACHE_HOME", "where builds and records are kept, in place of ~/.cache",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: ToolDescription.Command, prefix: String) -> [String] {
        let name = "\(prefix) \(command.commandName)"
        let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
        guard subcommands.isEmpty else { return subcommands.flatMap { section($0, prefix: name) } }
        var lines = [".SS \(roff(name))", roff(command.abstract ?? "")]
        if let discussion = command.discussion { lines += [".PP", roff(discussion)] }
        for argument in command.arguments ?? [] where argument.shouldDisplay {
            let names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
            if names.contains("--help") || names.contains("--version") { continue }
            let value = argument.valueName.map { "\\fI\(roff($0))\\fR" } ?? ""
            let head =
                switch argument.kind {
                case "positional": value
                case "flag": names.map { "\\fB\(roff($0))\\fR" }.joined(separator: ", ")
                default: names.map { "\\fB\(roff($0))\\fR" }.joined(separator: ", ") + " " + value
                }
            lines += [".TP", head, roff(argument.abstract ?? "")]
        }
        return lines
    }

    /// Text that roff does not take for commands, with minus signs that can be searched for.
    private func roff(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }.joined(separator: "\n")
    }
}
