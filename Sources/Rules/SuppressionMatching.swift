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
                problems.append((explained(suppression, problem), problem))
                continue
            }
            let covered = findings.indices.filter { suppression.covers(findings[$0]) }
            for index in covered { findings[index].suppressions.append(suppression) }
            let used = Set(covered.map { findings[$0].ruleID })
            if isComplete, let unused = unused(suppression, used: used) { problems.append((unused, .unused)) }
        }
        let about = engine.findings(about: problems, architecture: architecture)
        return (findings + about).sorted { ($0.location, $0.ruleID) < ($1.location, $1.ruleID) }
    }

    /// The suppression with the rules that it names for nothing; nil where there are none, or where a rule did not run.
    private func unused(_ suppression: Suppression, used: Set<String>) -> Suppression? {
        var unused = suppression
        switch suppression.scheme {
        case .comment: unused.rules = suppression.rules.filter { !used.contains($0) && activeRules.contains($0) }
        // The entry of a tag speaks for many places: that one of its rules has no finding here is to be expected.
        case .tag: unused.rules = used.isEmpty && suppression.rules.allSatisfy(activeRules.contains) ? suppression.rules : []
        }
        return unused.rules.isEmpty ? nil : unused
    }

    /// Says which of several rules is not known, and what it may be meant for.
    private func explained(_ suppression: Suppression, _ problem: SuppressionProblem) -> Suppression {
        guard problem == .unknownRule, let rule = suppression.rules.first(where: { !knownRules.contains($0) }) else {
            return suppression
        }
        var explained = suppression
        let near = Spelling.nearest(to: rule, among: knownRules.sorted())
        explained.malformation = "there is no rule '\(rule.prefix(40))'" + (near.map { "; did you mean '\($0)'?" } ?? "")
        return explained
    }

    private func standingProblem(of suppression: Suppression) -> SuppressionProblem? {
        if suppression.malformation != nil { return .malformed }
        if !suppression.rules.allSatisfy(knownRules.contains) { return .unknownRule }
        if let lastDay = suppression.lastDay, lastDay < today { return .expired }
        return nil
    }
}
