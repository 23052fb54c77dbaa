import Application
import ArgumentParser
import XenTree

/// `xenwidth hook`: the check before each commit, for git without a framework.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Installs or removes a git hook that lints what a commit changes.",
        subcommands: [Install.self, Uninstall.self])

    enum Unprepared: String, CaseIterable, ExpressibleByArgument {
        case pass, fail
    }

    struct Install: StatusCommand {
        static let configuration = CommandConfiguration(
            abstract: "Installs the pre-commit hook; one that is there stays and runs first.")

        @Argument(help: "A path in the repository.")
        var repository = "."

        @Option(help: "What becomes of commits while no build is prepared: pass, fail.")
        var ifUnprepared: Unprepared = .pass

        @Option(help: ArgumentHelp("Findings that are known, from `xenwidth baseline create`: commits pass with them.", valueName: "file"))
        var baseline: String?

        func report() -> Status {
            perform(repository) { hook in
                try hook.install(
                    executable: CommonOptions.executable, passesUnprepared: ifUnprepared == .pass, baseline: baseline)
            }
        }
    }

    struct Uninstall: StatusCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes the pre-commit hook; one that was there before comes back.")

        @Argument(help: "A path in the repository.")
        var repository = "."

        func report() -> Status { perform(repository) { try $0.uninstall() } }
    }
}

extension StatusCommand {
    fileprivate func perform(
        _ repository: String, _ change: (PreCommitHook) throws -> PreCommitHook.Outcome
    ) -> Status {
        let console = Console(verbosity: .normal, colour: .auto)
        return guarded(console) {
            let text =
                switch try change(try PreCommitHook(repository: repository)) {
                case .installed(let path): "installed \(displayPath(path))"
                case .chained(let path): "installed \(displayPath(path)); the hook that was there runs first"
                case .updated(let path): "updated \(displayPath(path))"
                case .removed(let path): "removed \(displayPath(path))"
                case .restored(let path): "removed \(displayPath(path)); the hook from before is back"
                }
            try ReportOutput(path: nil).write(text + "\n")
            return .clean
        }
    }
}
