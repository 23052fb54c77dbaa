import Foundation
import Testing

/// The clang that `make setup` makes do with: of Debian, or the one that comes with Swift.
enum InstalledClang {
    static func path() throws -> String {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let candidates = ["clang-19", "clang"].flatMap { name in directories.map { "\($0)/\(name)" } }
        return try #require(
            candidates.first(where: FileManager.default.isExecutableFile), "no clang in PATH: run `make setup`")
    }
}
