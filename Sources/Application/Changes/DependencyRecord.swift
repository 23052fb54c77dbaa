import Foundation
import XenTree

/// What the answers about handlers depend on, kept between runs.
struct DependencyRecord: Codable {
    /// A unit's files.
    struct Unit: Codable {
        var files: [String]
        /// It may include files that are not listed.
        var isComputed: Bool
    }

    static let version = 4
    var version = DependencyRecord.version
    /// Whatever else an answer depends on: a record with another one is of no use.
    var key: String
    /// The units that a handler's analysis asked about.
    var handlers: [String: [String]] = [:]
    /// By handler, the functions that were looked for in the text of the sources, with the units that came into question:
    /// a file that the answer did not depend on may define one of them later.
    var searches: [String: [String: [String]]] = [:]
    /// By handler, the members whose stores were looked for: a file that the answer did not depend on may store something
    /// there later.
    var members: [String: [MemberSearch]] = [:]
    var units: [String: Unit] = [:]
    /// Digests of the files when their units were last asked about.
    var digests: [String: String] = [:]

    init(key: String) { self.key = key }

    static func load(_ path: String, key: String) -> DependencyRecord {
        guard let data = FileContent.read(path, limit: 256 << 20),
            let record = try? JSONDecoder().decode(DependencyRecord.self, from: data),
            record.version == version, record.key == key
        else { return DependencyRecord(key: key) }
        return record
    }

    func save(_ path: String) throws(ApplicationError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { throw ApplicationError("\(displayPath(path)): cannot be made") }
        let directory = AtomicFile.directory(of: path)
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw ApplicationError("\(displayPath(directory)): cannot be created")
        }
        try AtomicFile(path: path).write(Array(data))
    }

    /// Files that a handler's answer depends on; nil if nothing is recorded of it.
    func files(of handler: String) -> (files: Set<String>, isComputed: Bool)? {
        guard let names = handlers[handler] else { return nil }
        var files: Set<String> = []
        var isComputed = false
        for name in names {
            guard let unit = units[name] else { return nil }
            files.formUnion(unit.files)
            if unit.isComputed { isComputed = true }
        }
        return (files, isComputed)
    }
}

/// Which units could store something in a member of a record, by the tree's text.
struct MemberSearch: Codable, Hashable, Comparable {
    var record: String
    var member: String
    /// Where it was mentioned, and by which words; nil: in too many places, or not known.
    var units: [String]?
    var words: [String]?

    init(record: String, member: String, index: BuildUnits) {
        self.record = record
        self.member = member
        let mentions = index.mentions(ofMember: member, record: record)
        units = mentions?.units
        words = mentions?.words
    }

    /// Whether the text still says the same.
    func isCurrent(in index: BuildUnits) -> Bool { self == MemberSearch(record: record, member: member, index: index) }

    static func < (a: MemberSearch, b: MemberSearch) -> Bool { (a.record, a.member) < (b.record, b.member) }
}

/// Digests of files as they are now, each read once.
final class FileDigests {
    private var known: [String: String] = [:]

    func digest(of path: String) -> String {
        if let digest = known[path] { return digest }
        let digest = FileContent.read(path, limit: 64 << 20).map { data in
            let hash = data.withUnsafeBytes { bytes in
                bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
            }
            return "\(data.count)-\(String(hash, radix: 16))"
        } ?? "missing"
        known[path] = digest
        return digest
    }
}
