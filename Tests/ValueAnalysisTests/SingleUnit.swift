import Foundation
import Lowering
import ProgramModel
import Rules
import ValueAnalysis

/// A program of one file, parsed for one of Xen's data models.
struct SingleUnit: UnitIndex {
    var path: String
    var target: String

    func recipe(forUnit displayPath: String) -> UnitRecipe? {
        let triple =
            switch target {
            case "ilp32": "arm-linux-gnueabihf"
            case "x86_64": "x86_64-linux-gnu"
            default: "aarch64-linux-gnu"
            }
        return UnitRecipe(
            path: path, displayPath: displayPath, flags: ["--target=\(triple)", "-std=gnu11", "-fwrapv"], directory: nil)
    }

    /// In the cases, what has external linkage and a body is a handler.
    func units(defining name: String) -> [String] { name.hasPrefix("case_") ? [displayPath(ofFile: path)] : [] }
    func displayPath(ofFile absolute: String) -> String { (absolute as NSString).lastPathComponent }
    func mentions(ofMember member: String, record: String) -> MemberMentions? {
        MemberMentions(units: [displayPath(ofFile: path)], words: [])
    }
}

extension SingleUnit {
    static let pack = Result { try RulePack.load(directory: repositoryRoot.appendingPathComponent("rules").path) }

    func analyzer(
        convention: ErrorConvention = .standard, budget: AnalysisBudget = AnalysisBudget()
    ) throws -> Analyzer {
        Analyzer(
            program: ClangProgram(index: self), models: try Self.pack.get().models(for: "arm64"), convention: convention,
            budget: budget)
    }

    /// The rows of the function `case_NAME` of a text.
    static func rows(
        of name: String, in text: String, convention: ErrorConvention = .standard,
        budget: AnalysisBudget = AnalysisBudget()
    ) throws -> [AuditRow] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("unit-\(UUID().uuidString).c")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try SingleUnit(path: file.path, target: "lp64").analyzer(convention: convention, budget: budget)
            .audit(hypercall: "x", handler: "case_" + name, guest: guest("arm32")).rows
    }

    /// A guest class of 32 bits without any facts.
    static func guest(_ name: String) -> GuestClass {
        GuestClass(
            name: name, column: name, architectures: ["arm64"], argumentWidth: 32, resultWidth: 32, resultSlot: "r0", facts: [])
    }
}
