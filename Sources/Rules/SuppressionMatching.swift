/// Brings findings and suppressions together.
public struct SuppressionMatching: Sendable {
    /// Rules that ran, and all there are.
    private let activeRules: Set<String>
    private let knownRules: Set<String>
    /// `YYYY-MM-DD`.
    private let today: String
    private let engine: RuleEngine
    private let architecture: String

    /// - Parameter pack: whose enabled rules made the findings.
    public init(pack: RulePack, architecture: String, today: String) {
        activeRules = Set(pack.rules.filter(\.isEnabled).map(\.id))
        knownRules = Set(pack.rules.map(\.id))
        engine = RuleEngine(pack: pack)
        self.today = today
        self.architecture = architecture
    }

    /// The findings with what suppresses them, and findings about suppressions that are of no use.
    ///
    /// - Parameter isComplete: whether all guest classes were analysed; else a suppression without a finding may have
    ///   one for another guest class.
    public func findings(
        _ findings: [Finding], suppressions: [Suppression], isComplete: Bool
    ) -> [Finding] {
        var findings = findings
        var problems: [(Suppression, SuppressionProblem)] = []
        for suppression in suppressions {
            if let problem = standingProblem(of: suppression) {
                problems.append((suppression, problem))
                continue
            }
            let covered = findings.indices.filter { suppression.covers(findings[$0]) }
            for index in covered { findings[index].suppressions.append(suppression) }
            let couldBeUsed = isComplete && suppression.rules.allSatisfy(activeRules.contains)
            if covered.isEmpty, couldBeUsed { problems.append((suppression, .unused)) }
        }
        let about = engine.findings(about: problems, architecture: architecture)
        return (findings + about).sorted { ($0.location, $0.ruleID) < ($1.location, $1.ruleID) }
    }

    private func standingProblem(of suppression: Suppression) -> SuppressionProblem? {
        if suppression.malformation != nil { return .malformed }
        if !suppression.rules.allSatisfy(knownRules.contains) { return .unknownRule }
        if let lastDay = suppression.lastDay, lastDay < today { return .expired }
        return nil
    }
}
