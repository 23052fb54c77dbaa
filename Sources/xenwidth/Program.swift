import Application
import ArgumentParser
import Foundation
import Reports

/// The command line as a whole.
struct Program: ParsableCommand {
    static let identity = ToolIdentity(name: "xenwidth", version: "0.1.0")

    /// Of that version, for the manual: the same sources make the same page.
    static let date = "2026-11-24"

    static let configuration = CommandConfiguration(
        commandName: "xenwidth",
        abstract: "Says for each Xen hypercall whether what it returns fits the 32 bits that a 32-bit guest sees.",
        discussion: """
            Exit status: 0 nothing found, 1 findings, 2 the work could not be done.
            """,
        version: "xenwidth \(identity.version)\n\(Libclang.version)",
        subcommands: [
            LintCommand.self, AuditCommand.self, HandlersCommand.self, RulesCommand.self, ExplainCommand.self,
            BaselineCommand.self, ConfigCommand.self, PrepareCommand.self, MergeCommand.self, HookCommand.self,
            DoctorCommand.self, ManualCommand.self,
        ])

    /// Runs the command that the arguments name, and ends the process.
    static func run(_ arguments: [String]) -> Never {
        let status: Status
        do {
            var command = try parseAsRoot(arguments)
            if let command = command as? any StatusCommand {
                status = command.report()
            } else {
                try command.run()
                status = .clean
            }
        } catch {
            status = finish(parsing: error)
        }
        Foundation.exit(status.rawValue)
    }

    /// Help and version are not errors; wrong arguments are.
    private static func finish(parsing error: any Error) -> Status {
        let text = fullMessage(for: error)
        Interruption.prepare {}
        if exitCode(for: error).isSuccess {
            let isWritten = (try? ReportOutput(path: nil).write(text + "\n")) != nil
            return isWritten ? .clean : .impossible
        }
        FileHandle.standardError.write(Data((text + "\n").utf8))
        return .impossible
    }
}

/// What the process ends with.
enum Status: Int32 {
    case clean = 0
    case findings = 1
    case impossible = 2
}
