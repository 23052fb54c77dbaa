import Foundation
import ProgramModel
import ValueAnalysis

/// One file of a pack: its path inside the pack, and its text.
public struct RulePackFile: Hashable, Sendable {
    /// Relative to the pack, such as `guests.yml` or `findings/some-rule.yml`.
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// Guest classes, models and rules, read and validated.
public struct RulePack: Hashable, Sendable {
    public static let guestsFile = "guests.yml"
    public static let modelsFile = "models.yml"
    /// Directory of the rule files inside the pack.
    public static let findingsDirectory = "findings"

    public var guests: [GuestClass]
    public var options: BuildOptions
    /// The functions that call a guest class's handlers, by the guest class's name.
    public var dispatchers: [String: Dispatchers]
    /// Sorted by id.
    public var rules: [Rule]
    var scopedModels: ScopedModels

    /// Databases of justified findings that a tree may have, relative to its root.
    public var justificationFiles: [String] { scopedModels.justifications }

    /// The models that hold on an architecture of the hypervisor (`x86_64`, `arm64`, `arm32`).
    public func models(for architecture: String) -> AnalysisModels {
        var models = scopedModels.models(for: architecture)
        for fact in guests(on: architecture).flatMap(\.facts) {
            let path = ObjectPath(root: fact.root, fields: fact.path)
            if !models.paths.contains(path) { models.paths.append(path) }
        }
        return models
    }

    /// The guest classes that exist on an architecture of the hypervisor.
    public func guests(on architecture: String) -> [GuestClass] {
        guests.filter { $0.architectures.contains(architecture) }
    }

    /// The guest class of that name.
    public func guest(named name: String) -> GuestClass? { guests.first { $0.name == name } }

    /// The rule of that id; an error that names the nearest one where there is none.
    public func rule(named id: String) throws -> Rule {
        if let rule = rules.first(where: { $0.id == id }) { return rule }
        let ids = rules.map(\.id)
        throw RulePackError(
            kind: .invalidValue(nearest: Spelling.nearest(to: id, among: ids)), location: .unknown,
            message: "unknown rule '\(id.prefix(40))'" + Spelling.hint(for: id, among: ids))
    }

    /// The pack with just these rules on; unchanged for an empty list.
    public func choosing(_ ids: [String]) throws -> RulePack {
        guard !ids.isEmpty else { return self }
        for id in ids { _ = try rule(named: id) }
        var copy = self
        for index in copy.rules.indices { copy.rules[index].isEnabled = ids.contains(copy.rules[index].id) }
        return copy
    }

    /// Decodes a pack from texts. `directory` only prefixes the paths in errors.
    public static func decode(files: [RulePackFile], directory: String = "") throws -> RulePack {
        func shown(_ path: String) -> String { directory.isEmpty ? path : "\(directory)/\(path)" }
        func document(_ path: String) throws -> YAMLValue {
            guard let file = files.first(where: { $0.path == path }) else {
                throw RulePackError(
                    kind: .notFound, location: SourceLocation(file: shown(path), line: 0, column: 0),
                    message: "missing from the rule pack")
            }
            return try YAMLDocument.parse(file.text, file: shown(path))
        }
        let scopedModels = try ModelDecoding.models(from: document(modelsFile))
        let roots = Set(scopedModels.accesses.map(\.value.name)).sorted()
        let decodedGuests = try GuestDecoding(roots: roots).decode(document(guestsFile))
        let guests = decodedGuests.guests
        let conditions = ConditionDecoding(guestNames: guests.map(\.name))
        let decoded = try files
            .filter { $0.path.hasPrefix(findingsDirectory + "/") }
            .sorted { $0.path < $1.path }
            .map { file in
                let id = file.path.dropFirst(findingsDirectory.count + 1).dropLast(".yml".count)
                return try RuleDecoding(conditions: conditions, path: file.path).rule(
                    from: YAMLDocument.parse(file.text, file: shown(file.path)), expectedID: String(id))
            }
        return RulePack(
            guests: guests, options: decodedGuests.options, dispatchers: decodedGuests.dispatchers,
            rules: try checked(decoded), scopedModels: scopedModels)
    }

    private static func checked(_ decoded: [RuleDecoding.Decoded]) throws -> [Rule] {
        var ids: Set<String> = []
        for entry in decoded where !ids.insert(entry.rule.id).inserted {
            throw entry.idPlace.error(.duplicate, "rule '\(entry.rule.id)' is defined twice")
        }
        for entry in decoded {
            for (id, place) in zip(entry.rule.supersedes, entry.superseded) where !ids.contains(id) {
                throw place.error(
                    .invalidValue(nearest: Spelling.nearest(to: id, among: ids.sorted())),
                    "unknown rule '\(id)'" + Spelling.hint(for: id, among: ids.sorted()))
            }
        }
        return decoded.map(\.rule).sorted { $0.id < $1.id }
    }
}
