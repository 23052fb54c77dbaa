import Foundation

/// What tells one version of a rule pack from another.
enum PackDigest {
    /// Of the texts of a pack's files.
    static func digest(ofPackIn directory: String, files: FileDigests = FileDigests()) -> String {
        let walk = FileManager.default.enumerator(atPath: directory)
        let names = (walk?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".yml") }.sorted()
        let lines = names.map { "\($0) \(files.digest(of: directory + "/" + $0))" }
        return NameDigest.digest(lines.joined(separator: "\n"))
    }
}
