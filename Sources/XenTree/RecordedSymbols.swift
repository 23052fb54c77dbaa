import Foundation

/// The external names that a build's C files define, for objects that were never compiled: `xenwidth prepare` writes
/// them beside its build, where the symbol tables of objects would have them.
public struct RecordedSymbols: Codable, Sendable, Hashable {
    public static let fileName = ".xenwidth-symbols.json"
    static let version = 1

    public struct Names: Codable, Sendable, Hashable {
        public var functions: [String] = []
        public var weakFunctions: [String] = []
        public var variables: [String] = []
        public var weakVariables: [String] = []
        /// The source as it was when it was read.
        public var stamp: String

        public init(stamp: String) { self.stamp = stamp }
    }

    var version = RecordedSymbols.version
    /// By the object's path below the build's directory, so that a build may be moved.
    public private(set) var objects: [String: Names] = [:]

    public init() {}

    /// nil where nothing is recorded, or by another version of the program.
    public static func read(directory: String) -> RecordedSymbols? {
        guard let bytes = try? BoundedFile.read(PathText.join(directory, fileName)),
            let recorded = try? JSONDecoder().decode(RecordedSymbols.self, from: Data(bytes)),
            recorded.version == version
        else { return nil }
        return recorded
    }

    /// The record as a file.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    public func names(of command: CompileCommand, in directory: String) -> Names? {
        PathText.relative(command.object, to: directory).flatMap { objects[$0] }
    }

    public mutating func set(_ names: Names, of command: CompileCommand, in directory: String) {
        guard let object = PathText.relative(command.object, to: directory) else { return }
        objects[object] = names
    }

    /// Forgets objects that no command makes any more.
    public mutating func keep(_ commands: [CompileCommand], in directory: String) {
        let known = Set(commands.compactMap { PathText.relative($0.object, to: directory) })
        objects = objects.filter { known.contains($0.key) }
    }

    /// What tells one state of a file from another without reading it, as make does.
    public static func stamp(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "missing" }
        return "\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}
