import ClangAST
import Foundation
import Lowering
import ProgramModel
import Rules
import ValueAnalysis

/// Runs the examples of rules through the whole pipeline, as if each were a tree of one file.
public struct ExampleRun: Sendable {
    /// What became of one example.
    public struct Outcome: Hashable, Sendable {
        public var rule: String
        public var example: Rule.Example
        public var mustTrigger: Bool
        /// Why the example is not as it should be; nil where it is.
        public var failure: String?
    }

    private let pack: RulePack

    /// - Parameter pack: all of its rules are tried, also those that are off.
    public init(pack: RulePack) {
        var pack = pack
        for index in pack.rules.indices { pack.rules[index].isEnabled = true }
        self.pack = pack
    }

    /// The outcomes in the order of the rules and their examples.
    public func outcomes(jobs: Int) throws -> [Outcome] {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("xenwidth-examples-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let all = pack.rules.flatMap { rule in rule.examples.map { (rule, $0.example, $0.mustTrigger) } }
        let numbered = all.enumerated().map { ($0.offset, $0.element.0, $0.element.1, $0.element.2) }
        return try ParallelRun.map(numbered, threads: jobs) { number, rule, example, mustTrigger in
            Outcome(
                rule: rule.id, example: example, mustTrigger: mustTrigger,
                failure: failure(
                    of: example, rule: rule, mustTrigger: mustTrigger,
                    in: directory.appendingPathComponent("example\(number)", isDirectory: true)))
        } finished: { _, _ in }
    }

    private func failure(of example: Rule.Example, rule: Rule, mustTrigger: Bool, in directory: URL) -> String? {
        do {
            let findings = try findings(of: example, in: directory)
            let triggers = findings.contains { $0.ruleID == rule.id && $0.suppressions.isEmpty }
            guard triggers != mustTrigger else { return nil }
            let others = Set(findings.filter { $0.ruleID != rule.id }.map(\.ruleID)).sorted()
            let seen = others.isEmpty ? "" : " (it triggers \(others.joined(separator: ", ")))"
            return (mustTrigger ? "does not trigger the rule" : "triggers the rule") + seen
        } catch {
            return "\(error)"
        }
    }

    /// The findings of one example.
    public func findings(of example: Rule.Example, in directory: URL) throws -> [Finding] {
        let (audit, facts) = try map(of: example, in: directory)
        if let broken = audit.parseErrors.first {
            throw ApplicationError("does not compile: line \(broken.location.line): \(broken.message)")
        }
        let suppressions = SuppressionScanner(tags: []).suppressions(
            in: Array(example.code.utf8), file: ExampleUnit.name)
        // A day that is the same for every run.
        return SuppressionMatching(pack: pack, architecture: example.architecture, today: "2026-01-01").findings(
            RuleEngine(pack: pack).findings(for: audit, facts: facts), suppressions: suppressions, isComplete: true)
    }

    private func map(of example: Rule.Example, in directory: URL) throws -> (Audit, TreeFacts) {
        let guests = try guests(of: example)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appendingPathComponent(ExampleUnit.name)
        try example.code.write(to: file, atomically: true, encoding: .utf8)
        let unit = ExampleUnit(path: file.path, architecture: example.architecture)
        let program = ClangProgram(index: unit)
        let models = pack.models(for: example.architecture)
        let analyzer = Analyzer(program: program, models: models, convention: example.convention)
        let rows = guests.flatMap { guest in
            analyzer.audit(hypercall: "example", handler: example.handler, guest: guest).rows
        }
        let collection = FactCollection(
            program: program,
            handlers: [
                HandlerDescription(
                    name: example.handler, classType: example.classType, prototypeType: example.prototypeType)
            ])
        let search = DispatchSearch(
            program: program, columns: Dictionary(guests.map { ($0.column, [example.handler]) }) { first, _ in first })
        let facts = TreeFacts(
            handlers: collection.handlerFacts, dispatchSites: search.sites(for: guests, of: pack.dispatchers))
        let errors = program.diagnostics.map {
            AuditDiagnostic(
                location: SourceLocation(file: $0.file, line: $0.line, column: $0.column), message: $0.message)
        }
        let tree = AuditedTree(version: "example", architecture: example.architecture, revision: nil)
        return (
            Audit(tree: tree, rows: rows, unsupported: [:], parseErrors: errors, convention: example.convention), facts)
    }

    private func guests(of example: Rule.Example) throws -> [GuestClass] {
        let all = pack.guests(on: example.architecture)
        let named = example.guests.isEmpty
            ? all.filter { $0.resultWidth == 32 } : all.filter { example.guests.contains($0.name) }
        guard !named.isEmpty else {
            throw ApplicationError("no guest class for it on \(example.architecture)")
        }
        return named
    }
}

/// A tree of one file.
private struct ExampleUnit: UnitIndex {
    static let name = "example.c"
    let path: String
    let architecture: String

    private var target: String {
        switch architecture {
        case "arm64": "aarch64-linux-gnu"
        case "arm32": "arm-linux-gnueabihf"
        default: "x86_64-linux-gnu"
        }
    }

    func recipe(forUnit displayPath: String) -> UnitRecipe? {
        guard displayPath == Self.name else { return nil }
        return UnitRecipe(
            path: path, displayPath: Self.name, flags: ["--target=\(target)", "-std=gnu11", "-ffreestanding"],
            directory: nil)
    }

    // One file defines all there is; the program says so itself where it does not.
    func units(defining name: String) -> [String] { defines(name) ? [Self.name] : [] }

    func displayPath(ofFile absolute: String) -> String { absolute == path ? Self.name : absolute }

    func mentions(ofMember member: String, record: String) -> MemberMentions? {
        MemberMentions(units: [Self.name], words: [])
    }

    /// Whether the file has the name before an opening parenthesis and a brace: enough for examples.
    private func defines(_ name: String) -> Bool {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        var rest = text[...]
        while let range = rest.range(of: name + "(") {
            rest = rest[range.upperBound...]
            let before = text[..<range.lowerBound].last
            let isWord = before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
            guard !isWord, let end = rest.firstIndex(where: { $0 == "{" || $0 == ";" }), rest[end] == "{" else { continue }
            return true
        }
        return false
    }
}
