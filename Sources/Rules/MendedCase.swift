import ValueAnalysis

/// A known case of a rule in a tree where it does no harm any more.
public struct MendedCase: Hashable, Sendable {
    public var rule: String
    public var knownCase: Rule.NamedCase
    /// For which it is mended, in the order of the map.
    public var guests: [String]
    /// What makes the values fit, as the analysis sees it.
    public var reasons: [String]
}

extension RuleEngine {
    /// The known cases that the map has, and that fit although their rule would know them.
    public func mendedCases(for audit: Audit) -> [MendedCase] {
        rules.filter { $0.subject == .row }.flatMap { rule in
            rule.cases.compactMap { known -> MendedCase? in
                let rows = audit.rows.filter { row in
                    let subject = ConditionSubject(
                        row: row, architecture: audit.tree.architecture, guest: guests[row.guest])
                    return row.verdict == .fitsInt && row.range != nil && known.condition.holds(for: subject)
                        && !rule.condition.holds(for: subject)
                }
                guard !rows.isEmpty else { return nil }
                return MendedCase(
                    rule: rule.id, knownCase: known, guests: rows.map(\.guest).uniqued(),
                    reasons: rows.compactMap(\.explanation).uniqued())
            }
        }
    }
}
