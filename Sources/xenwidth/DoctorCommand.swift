import Application
import ArgumentParser

/// `xenwidth doctor`: what this machine has and lacks.
struct DoctorCommand: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what is found on this machine, what is missing, and how to get it.")

    @Argument(help: "A Xen checkout, or a path in one.")
    var tree = "."

    @Option(help: ArgumentHelp("A rule pack in place of the built-in one.", valueName: "dir"))
    var rules: String?

    func report() -> Status {
        guarded(Console(verbosity: .normal, colour: .auto)) {
            let checks = Doctor(executable: CommonOptions.executable, rules: rules, tree: tree).checks()
            let width = (checks.map(\.subject.count).max() ?? 0) + 2
            func padded(_ text: String, _ width: Int) -> String {
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            let lines = checks.map { check in
                padded(check.state.rawValue, 9) + padded(check.subject, width) + check.detail
            }
            try ReportOutput(path: nil).write(lines.joined(separator: "\n") + "\n")
            return checks.contains { $0.state == .broken } ? .impossible : .clean
        }
    }
}
