import Reports
import Rules
import ValueAnalysis
import XenTree

/// The findings of a run in parts, drawn from all of them as one run would have drawn them.
public struct LintMerge {
    private let pack: RulePack
    private let packDigest: String

    public struct Result: Sendable {
        public var audit: Audit
        public var findings: [Finding]
        public var fixed: [Baseline.Entry]
        /// Those that were looked for.
        public var rules: [Rule]
        public var options: SARIFOptions
    }

    /// - Parameter directory: a rule pack, the one that the parts were made with.
    public init(packDirectory directory: String) throws {
        pack = try RulePack.load(directory: directory)
        packDigest = PackDigest.digest(ofPackIn: directory)
    }

    public func merged(_ parts: [LintPart], label: String) throws -> Result {
        let parts = parts.sorted { $0.part.index < $1.part.index }
        guard let first = parts.first else { throw MergeError("nothing to merge") }
        let name = displayPath(label)
        guard parts.allSatisfy({ $0.settings == first.settings && $0.baseline == first.baseline }) else {
            throw MergeError("the parts of '\(name)' were not made with the same options and configuration")
        }
        guard first.settings.pack == packDigest else {
            throw MergeError("the parts of '\(name)' were made with other rules than these: name theirs with --rules")
        }
        let documents = parts.map { AuditDocument(audit: $0.audit, part: $0.part, label: label) }
        let (audit, _) = try AuditMerge(documents: documents) { _ in 0 }.merged()
        let pack = try configured(first.settings)
        var facts = TreeFacts(dispatchSites: first.facts.dispatchSites)
        for part in parts { facts.handlers.merge(part.facts.handlers) { one, _ in one } }
        let edits = parts.flatMap(\.edits).map { ($0.site, $0.edit) }
        let material = FindingMaterial(
            audit: audit, facts: facts, scope: .whole, excludes: first.settings.excludes.map(WildcardPattern.init),
            isEveryGuest: first.settings.isEveryGuest, today: first.settings.today,
            baseline: first.baseline.map { Baseline(entries: $0) },
            suppressions: { Self.suppressions(of: parts, for: $0) },
            fixes: FixBuilding(edits: Dictionary(edits) { one, _ in one }))
        let drawn = try FindingDrawing(pack: pack).result(from: material)
        return Result(
            audit: audit, findings: drawn.findings, fixed: drawn.fixed, rules: pack.rules.filter(\.isEnabled),
            options: first.settings.report)
    }

    /// The pack with the rules that were on, as severe as they were.
    private func configured(_ settings: LintPart.Settings) throws -> RulePack {
        var copy = try pack.choosing(settings.rules.map(\.id))
        for setting in settings.rules {
            guard let index = copy.rules.firstIndex(where: { $0.id == setting.id }) else { continue }
            copy.rules[index].severity = setting.severity
        }
        if settings.rules.isEmpty { for index in copy.rules.indices { copy.rules[index].isEnabled = false } }
        return copy
    }

    /// Those in files that are looked at anyway, and in files with findings; by file, then in its order.
    private static func suppressions(of parts: [LintPart], for findings: [Finding]) -> [Suppression] {
        let files = Set(findings.map(\.location.file))
        var byFile: [String: [Suppression]] = [:]
        for comment in parts.flatMap(\.suppressions) {
            let suppression = comment.suppression
            let file = suppression.location.file
            guard comment.isInUnit || files.contains(file), byFile[file]?.contains(suppression) != true else { continue }
            byFile[file, default: []].append(suppression)
        }
        return byFile.sorted { $0.key < $1.key }.flatMap { $0.value.sorted { $0.location < $1.location } }
    }
}
