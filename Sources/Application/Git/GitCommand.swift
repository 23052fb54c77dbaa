import Foundation
import XenTree

/// Runs git where its own knowledge is needed: what changed, and where hooks belong.
///
/// Plain audits do without it. Whatever a repository could make git run is switched off: its hooks, monitors, pagers,
/// diff programs and filters, those of its submodules, and fetching what a partial clone left out.
struct GitCommand {
    let directory: String

    private static let harmless = [
        "-c", "core.fsmonitor=false", "-c", "core.pager=cat", "-c", "diff.external=", "-c", "core.quotePath=false",
        "-c", "core.untrackedCache=false", "-c", "protocol.allow=never",
    ]

    /// Git's own variables stay: in a hook they say which index is meant.
    private static let environment = [
        // Writing a refreshed index would run a hook.
        "GIT_OPTIONAL_LOCKS": "0",
        // No object is worth running a transport for.
        "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "GIT_TERMINAL_PROMPT": "0",
    ]

    /// What git printed; nil if it failed.
    func output(_ arguments: [String]) throws(ApplicationError) -> Data? {
        try run(arguments, settings: [])
    }

    func line(_ arguments: [String]) throws(ApplicationError) -> String? {
        guard let data = try output(arguments) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Names that git printed with a NUL after each, from a command that looks into the working tree.
    func names(_ arguments: [String]) throws(ApplicationError) -> [String]? {
        let settings = [("core.hooksPath", "/dev/null")] + (try filters())
        guard let data = try run(arguments, settings: settings) else { return nil }
        return Self.names(data)
    }

    /// To compare a file git converts it as a commit would, for which a repository may name programs. Without them a
    /// file may seem changed that is not, never the other way round.
    private func filters() throws(ApplicationError) -> [(String, String)] {
        let wanted = ["config", "--null", "--name-only", "--get-regexp", #"^filter\..*\.(clean|smudge|process|required)$"#]
        // It fails where there is none.
        guard let data = try output(wanted) else { return [] }
        return Self.names(data).map { ($0, $0.hasSuffix(".required") ? "false" : "") }
    }

    private static func names(_ data: Data) -> [String] {
        data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private func run(_ arguments: [String], settings: [(String, String)]) throws(ApplicationError) -> Data? {
        guard let git = ProgramSearch.path(of: "git") else {
            throw ApplicationError("git is not in PATH: \(ProgramSearch.remedy(for: "git"))")
        }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: git)
        process.arguments = ["-C", directory] + Self.harmless + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(Self.environment) { $1 }.merging(Self.variables(for: settings)) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw ApplicationError("git cannot be run: \(ProgramSearch.remedy(for: "git"))")
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? data : nil
    }

    /// Not by `-c`: a name may have any character.
    private static func variables(for settings: [(String, String)]) -> [String: String] {
        guard !settings.isEmpty else { return [:] }
        let known = Int(ProcessInfo.processInfo.environment["GIT_CONFIG_COUNT"] ?? "") ?? 0
        var variables = ["GIT_CONFIG_COUNT": "\(known + settings.count)"]
        for (offset, setting) in settings.enumerated() {
            variables["GIT_CONFIG_KEY_\(known + offset)"] = setting.0
            variables["GIT_CONFIG_VALUE_\(known + offset)"] = setting.1
        }
        return variables
    }
}
