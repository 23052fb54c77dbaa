import Rules
import ValueAnalysis

/// What findings are drawn from, wherever it comes from: a tree, or what parts of a run wrote down.
struct FindingMaterial {
    var audit: Audit
    var facts: TreeFacts
    var scope: FindingScope
    /// Files whose findings are not reported.
    var excludes: [WildcardPattern]
    /// Whether nobody named guest classes.
    var isEveryGuest: Bool
    /// `YYYY-MM-DD`.
    var today: String
    var baseline: Baseline?
    /// The suppressions that may matter to findings.
    var suppressions: ([Finding]) throws -> [Suppression]
    var fixes: FixBuilding
}

/// From the map to the findings.
struct FindingDrawing {
    /// Whose enabled rules are asked.
    let pack: RulePack

    struct Result {
        var findings: [Finding]
        /// Findings of the baseline that are gone.
        var fixed: [Baseline.Entry] = []
        /// How many are left out because of where they are.
        var excludedCount: Int
        var suppressions: [Suppression]
    }

    func result(from material: FindingMaterial) throws -> Result {
        let audit = material.audit
        let all = RuleEngine(pack: pack).findings(for: audit, facts: material.facts).filter(material.scope.includes)
        func isExcluded(_ finding: Finding) -> Bool { material.excludes.contains { $0.matches(finding.location.file) } }
        let suppressions = try material.suppressions(all)
        let matching = SuppressionMatching(pack: pack, architecture: audit.tree.architecture, today: material.today)
        // Before files are excluded: there a suppression is no less of use, only of no interest.
        let marked = matching.findings(
            all, suppressions: suppressions, isComplete: material.scope.isWhole && material.isEveryGuest
        ).filter { !isExcluded($0) }
        var result = Result(
            findings: withFixes(marked.filter(material.scope.includes), material),
            excludedCount: all.count(where: isExcluded), suppressions: suppressions)
        if let baseline = material.baseline {
            let comparison = baseline.compared(
                with: result.findings, architecture: audit.tree.architecture,
                rules: Set(pack.rules.filter(\.isEnabled).map(\.id)), guests: Set(audit.rows.map(\.guest)))
            result.findings = comparison.findings
            // What was not looked at is not gone.
            result.fixed = material.scope.isWhole ? comparison.fixed : []
        }
        return result
    }

    /// The findings with the edits that would mend them.
    private func withFixes(_ findings: [Finding], _ material: FindingMaterial) -> [Finding] {
        findings.map { finding in
            var copy = finding
            copy.fixes = material.fixes.fixes(
                for: finding, templates: templates(of: finding), rows: Self.rows(of: finding, in: material.audit))
            return copy
        }
    }

    /// Where edits were wanted, and those that could be made.
    func edits(for findings: [Finding], _ material: FindingMaterial) -> [FixSite: PlacedEdit] {
        findings.reduce(into: [:]) { edits, finding in
            edits.merge(material.fixes.edits(
                for: finding, templates: templates(of: finding), rows: Self.rows(of: finding, in: material.audit)
            )) { first, _ in first }
        }
    }

    private func templates(of finding: Finding) -> [FixTemplate] {
        pack.rules.first { $0.id == finding.ruleID && $0.isEnabled }?.fixes ?? []
    }

    private static func rows(of finding: Finding, in audit: Audit) -> [AuditRow] {
        let wanted = Set(finding.rows)
        guard finding.subject == .row else { return audit.rows.filter { wanted.contains(Finding.Row($0)) } }
        // Two paths of one row may differ in nothing but the source.
        let source = finding.evidence.first?.location
        return audit.rows.flatMap(\.paths).filter {
            wanted.contains(Finding.Row($0)) && $0.evidence.first?.location == source
        }
    }
}
