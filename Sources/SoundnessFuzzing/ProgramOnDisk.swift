import Foundation
import Lowering
import ProgramFuzzing
import ProgramModel

/// A generated program as the only unit of a tree, in a temporary file that goes away with it.
final class ProgramOnDisk: UnitIndex {
    private static let unit = "a.c"
    private let directory: URL
    private let flags: [String]

    /// The targets of the native run: layouts and widths have to be the same on both sides.
    init(_ program: GeneratedProgram) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("soundness-\(UUID().uuidString)")
        let triple = program.model == .ilp32 ? "i386-linux-gnu" : "x86_64-linux-gnu"
        flags = ["--target=\(triple)", "-std=gnu11", "-fwrapv", "-w"]
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(program.source().utf8).write(to: directory.appendingPathComponent(Self.unit))
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func recipe(forUnit displayPath: String) -> UnitRecipe? {
        guard displayPath == Self.unit else { return nil }
        return UnitRecipe(
            path: directory.appendingPathComponent(Self.unit).path, displayPath: Self.unit, flags: flags,
            directory: directory.path)
    }

    /// All else in a generated program is static.
    func units(defining name: String) -> [String] {
        name == GeneratedProgram.entry || name == GeneratedProgram.reset ? [Self.unit] : []
    }

    func displayPath(ofFile absolute: String) -> String { (absolute as NSString).lastPathComponent }

    func mentions(ofMember member: String, record: String) -> MemberMentions? {
        MemberMentions(units: [Self.unit], words: [])
    }

    func mentions(ofFunction name: String) -> MemberMentions? { MemberMentions(units: [Self.unit], words: []) }
}
