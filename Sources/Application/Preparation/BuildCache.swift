import Foundation
import XenTree

/// The builds that `prepare` made, in the user's cache directory: one directory a tree, one below it a configuration and
/// revision, so that going back to an older revision finds the headers and flags that belong to it.
struct BuildCache {
    private let root: String
    private let tree: XenTree

    init(tree: XenTree, environment: [String: String] = ProcessInfo.processInfo.environment) throws(ApplicationError) {
        self.tree = tree
        root = try Self.directory(environment) + "/builds/" + Self.key(of: tree.root)
    }

    /// Where a build with this configuration belongs.
    func directory(architecture: Architecture, configuration: String) -> String {
        let revision = tree.revision.map { NameDigest.plain(String($0.prefix(12))) } ?? "no-revision"
        return "\(root)/\(architecture.rawValue)-\(configuration)-\(revision)"
    }

    /// The builds of this tree that are whole, by directory.
    func builds(architecture: Architecture?) -> [PreparedBuild] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted() ?? []
        return names.compactMap { PreparedBuild.read(directory: "\(root)/\($0)") }
            .filter { $0.tree == tree.root && (architecture == nil || $0.architecture == architecture?.rawValue) }
    }

    /// Removes the oldest builds of a configuration: each is made for a revision, and nobody would do it by hand.
    func removeOld(like build: PreparedBuild, keeping count: Int = 4) {
        let alike = builds(architecture: nil).filter { $0.isOfSameConfiguration(as: build) && $0.directory != build.directory }
        for old in alike.sorted(by: { $0.made > $1.made }).dropFirst(count - 1) {
            // So that what is left, should this be interrupted, is not taken for a build.
            PreparedBuild.remove(directory: old.directory)
            try? FileManager.default.removeItem(atPath: old.directory)
        }
    }

    /// What this program may keep between runs.
    static func directory(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ApplicationError) -> String {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/xenwidth" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw ApplicationError("neither XDG_CACHE_HOME nor HOME is set: set one of them, or give --build-dir")
        }
        return home + "/.cache/xenwidth"
    }

    /// Readable, and different for trees of the same name.
    private static func key(of root: String) -> String {
        let name = root.split(separator: "/").last.map(String.init) ?? "tree"
        return NameDigest.plain(name) + "-" + NameDigest.digest(root)
    }
}

/// Names of directories that make can digest, made of names that it cannot.
enum NameDigest {
    /// FNV-1a: the same in every run, which Swift's hashes are not.
    static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func plain(_ name: String) -> String {
        String(name.unicodeScalars.prefix(40).map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "._-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "_"
        })
    }
}

/// What is recorded beside a build when it is whole.
public struct PreparedBuild: Codable, Sendable, Hashable {
    static let fileName = ".xenwidth-build.json"

    /// The checkout's root.
    var tree: String
    var architecture: String
    var configuration: String
    /// What was checked out when it was made.
    var revision: String?
    /// Not part of the record: it may be moved.
    public internal(set) var directory = ""

    private enum CodingKeys: CodingKey { case tree, architecture, configuration, revision }

    init(tree: XenTree, architecture: Architecture, configuration: String, directory: String) {
        self.tree = tree.root
        self.architecture = architecture.rawValue
        self.configuration = configuration
        revision = tree.revision
        self.directory = directory
    }

    static func read(directory: String) -> PreparedBuild? {
        guard let data = FileManager.default.contents(atPath: directory + "/" + fileName),
            var build = try? JSONDecoder().decode(PreparedBuild.self, from: data)
        else { return nil }
        build.directory = directory
        return build
    }

    func write() throws(ApplicationError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw ApplicationError("\(displayPath(directory)): its record cannot be made")
        }
        try AtomicFile(path: directory + "/" + Self.fileName).write(Array(data) + [UInt8(ascii: "\n")])
    }

    /// When it was whole.
    var made: Date {
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + Self.fileName)
        return attributes?[.modificationDate] as? Date ?? .distantPast
    }

    func isOfSameConfiguration(as other: PreparedBuild) -> Bool {
        architecture == other.architecture && configuration == other.configuration
    }

    /// So that half a build is not taken for a whole one.
    static func remove(directory: String) { unlink(directory + "/" + fileName) }
}
