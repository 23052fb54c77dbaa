import Foundation
import Rules
import XenTree

/// Reads the suppressions of a tree.
struct SuppressionSearch {
    let opened: OpenedTree
    let observer: any RunObserver
    /// The C files of the build, and the headers that they may include.
    let unitFiles: Set<String>

    init(opened: OpenedTree, observer: any RunObserver) {
        self.opened = opened
        self.observer = observer
        let sources = opened.build.commands.all.filter { !$0.isAssembly }.map { opened.build.relativePath($0.source) }
        unitFiles = Set(sources).union(BuildUnits(build: opened.build).headers)
    }

    /// Those in the C files of the build, in the headers that these may include, and in all other files where there are
    /// findings.
    func suppressions(for findings: [Finding]) throws -> [Suppression] {
        let tree = opened.build.tree
        var tags: [JustifiedTag] = []
        for file in opened.pack.justificationFiles {
            tags += try tree.justifications(file: file, tool: "xenwidth").map {
                JustifiedTag(tag: $0.id, rules: $0.rules, text: $0.text)
            }
        }
        let scanner = SuppressionScanner(tags: tags)
        return unitFiles.union(findings.map(\.location.file)).sorted().flatMap { file -> [Suppression] in
            // What lies outside the tree, or is not a file, has nothing to say here.
            guard let bytes = try? tree.bytes(ofFile: file) else { return [] }
            return scanner.suppressions(in: bytes, file: file)
        }
    }

    /// `YYYY-MM-DD`, by the clock, or by the variable with which builds are made repeatable.
    static var today: String {
        let fixed = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        let date = fixed.map { Date(timeIntervalSince1970: $0) } ?? Date()
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        func padded(_ number: Int?, _ width: Int) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    }
}
