import Foundation
import XenTree

/// Runs git where its own knowledge is needed: what changed, and where hooks belong.
///
/// Plain audits do without it. What a repository's configuration could make git run is switched off.
struct GitCommand {
    let directory: String

    private static let harmless = [
        "-c", "core.fsmonitor=false", "-c", "core.pager=cat", "-c", "diff.external=", "-c", "core.quotePath=false",
    ]

    /// What git printed; nil if it failed.
    func output(_ arguments: [String]) throws(ApplicationError) -> Data? {
        guard let git = ProgramSearch.path(of: "git") else {
            throw ApplicationError("git is not in PATH: \(ProgramSearch.remedy(for: "git"))")
        }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: git)
        process.arguments = ["-C", directory] + Self.harmless + arguments
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

    func line(_ arguments: [String]) throws(ApplicationError) -> String? {
        guard let data = try output(arguments) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    func names(_ arguments: [String]) throws(ApplicationError) -> [String]? {
        guard let data = try output(arguments) else { return nil }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
