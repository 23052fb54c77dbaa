import Foundation
import Lowering
import ProgramModel
import Testing

/// C files of a test on disk, as an index that finds functions by their text.
final class CSource: UnitIndex {
    static let defaultFlags = ["-std=gnu11"]
    private let directory: URL
    private let texts: [String: String]
    private let flags: [String]

    init(_ files: [String: String], flags: [String] = CSource.defaultFlags) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("lowering-\(UUID().uuidString)")
        texts = files
        self.flags = flags
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
    }

    convenience init(_ text: String, flags: [String] = CSource.defaultFlags) throws {
        try self.init(["a.c": text], flags: flags)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: directory.appendingPathComponent(name))
    }

    func recipe(forUnit displayPath: String) -> UnitRecipe? {
        guard texts[displayPath] != nil else { return nil }
        return UnitRecipe(
            path: directory.appendingPathComponent(displayPath).path, displayPath: displayPath, flags: flags,
            directory: directory.path)
    }

    func units(defining name: String) -> [String] {
        texts.filter { $0.key.hasSuffix(".c") && $0.value.contains(name) }.map(\.key).sorted()
    }

    func mentions(ofMember member: String, record: String) -> MemberMentions? {
        MemberMentions(units: texts.keys.filter { $0.hasSuffix(".c") }.sorted(), words: [])
    }

    func displayPath(ofFile absolute: String) -> String {
        absolute.hasPrefix(directory.path + "/") ? String(absolute.dropFirst(directory.path.count + 1)) : absolute
    }
}

extension ClangProgram {
    /// The lowered function of the only unit `a.c`.
    func function(_ name: String, unit: String = "a.c") throws -> Function {
        let isStatic = declaration(of: name, unit: unit)?.reference.unit != nil
        switch body(of: FunctionReference(name: name, unit: isStatic ? unit : nil)) {
        case .found(let function): return function
        case .missing(let why): throw MissingFunction(description: "\(name): \(why)")
        }
    }
}

struct MissingFunction: Error, CustomStringConvertible {
    var description: String
}

/// The lowered form of `f` in a file with only this text.
func lower(_ text: String, function name: String = "f", flags: [String] = CSource.defaultFlags) throws -> Function {
    try ClangProgram(index: CSource(text, flags: flags)).function(name)
}
