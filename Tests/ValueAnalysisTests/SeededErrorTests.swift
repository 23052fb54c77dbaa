import Foundation
import Testing

/// The deliberate errors that `tools/fuzz-teeth.sh` switches on are errors of the sources as they are now.
@Suite struct SeededErrorTests {
    static var patches: [String] {
        let directory = repositoryRoot.appendingPathComponent("tools/seeded-errors")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".patch") }.sorted()
    }

    @Test(arguments: patches) func itStillApplies(_ name: String) throws {
        let url = repositoryRoot.appendingPathComponent("tools/seeded-errors/\(name)")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let path = try #require(lines.first { $0.hasPrefix("+++ b/") }).dropFirst(6)
        let source = try String(contentsOf: repositoryRoot.appendingPathComponent(String(path)), encoding: .utf8)
        let hunks = lines.dropFirst(3).split { $0.hasPrefix("@@") }
        #expect(!hunks.isEmpty)
        for hunk in hunks {
            let old = hunk.filter { $0.hasPrefix(" ") || $0.hasPrefix("-") }.map { String($0.dropFirst()) }
            #expect(source.components(separatedBy: old.joined(separator: "\n")).count == 2, "\(name): made anew, please")
            #expect(hunk.contains { $0.contains("SeededError.isActive") })
        }
    }

    @Test func thereAreMany() { #expect(Self.patches.count >= 22) }
}
