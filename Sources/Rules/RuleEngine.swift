import ProgramModel
import ValueAnalysis

/// Draws findings from the map.
public struct RuleEngine: Sendable {
    let rules: [Rule]
    let guests: [String: GuestClass]

    /// - Parameter pack: rules that are not enabled are skipped.
    public init(pack: RulePack) {
        rules = pack.rules.filter(\.isEnabled)
        guests = Dictionary(pack.guests.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The findings of all rules, one for each cause, ordered by place and rule.
    public func findings(for audit: Audit, facts: TreeFacts = TreeFacts()) -> [Finding] {
        let matches = RuleMatching(rules: rules, guests: guests, audit: audit, facts: facts).matches
        let reported = narrowingsReported(by: matches)
        return findings(
            of: matches.filter { match in
                guard let narrowing = match.narrowing else { return true }
                return reported[match.rule.id]?.contains(NarrowingPlace(narrowing)) != true
            }, facts: facts, convention: audit.convention)
    }

    /// What rules say of comments that keep findings from being reported.
    func findings(about problems: [(Suppression, SuppressionProblem)], architecture: String) -> [Finding] {
        let rules = rules.filter { $0.subject == .suppression }
        let matches = problems.enumerated().flatMap { order, problem -> [RuleMatch] in
            let subject = ConditionSubject(
                row: nil, architecture: architecture, guest: nil, suppression: problem.1)
            return rules.filter { $0.condition.holds(for: subject) }.map {
                RuleMatch(rule: $0, focus: .suppression(problem.0, problem.1), rows: [], guest: "", order: order)
            }
        }
        return findings(of: matches, facts: TreeFacts(), convention: .standard)
    }

    private func findings(
        of matches: [RuleMatch], facts: TreeFacts, convention: ErrorConvention
    ) -> [Finding] {
        var groups: [FindingCause: [RuleMatch]] = [:]
        for match in matches { groups[FindingCause(match), default: []].append(match) }
        let ordered = groups.sorted { a, b in
            let first = (a.key.location, a.key.ruleID, a.value[0].order)
            let second = (b.key.location, b.key.ruleID, b.value[0].order)
            return first == second ? a.key.details.lexicographicallyPrecedes(b.key.details) : first < second
        }
        var occurrences: [String: Int] = [:]
        return ordered.map { _, group in
            var finding = self.finding(for: group, facts: facts, convention: convention)
            let base = finding.fingerprint
            occurrences[base, default: 0] += 1
            // The first keeps the plain fingerprint, so that a second one does not rename it.
            if let ordinal = occurrences[base], ordinal > 1 {
                finding.fingerprint = Fingerprint.hash([base, String(ordinal)])
            }
            return finding
        }
    }

    // MARK: - Superseded rules

    private struct NarrowingPlace: Hashable {
        var location: SourceLocation
        var from: String
        var to: String

        init(_ narrowing: Narrowing) {
            location = narrowing.location
            from = narrowing.from
            to = narrowing.to
        }
    }

    /// For each rule the narrowings that other rules report in its stead.
    private func narrowingsReported(by matches: [RuleMatch]) -> [String: Set<NarrowingPlace>] {
        var reported: [String: Set<NarrowingPlace>] = [:]
        for match in matches where match.narrowing == nil {
            for id in match.rule.supersedes {
                reported[id, default: []].formUnion(match.rows.flatMap(\.narrowings).map(NarrowingPlace.init))
            }
        }
        return reported
    }

    // MARK: - Findings

    private func finding(
        for group: [RuleMatch], facts: TreeFacts, convention: ErrorConvention
    ) -> Finding {
        let first = group[0]
        let rows = group.flatMap(\.rows)
        let narrowings = group.flatMap { match in match.narrowing.map { [$0] } ?? match.rows.flatMap(\.narrowings) }
        // The way of one value says nothing of a handler as a whole, nor of a dispatcher.
        let isAboutValue = first.rule.subject == .row || first.rule.subject == .narrowing
        return Finding(
            ruleID: first.rule.id, severity: first.rule.severity, subject: first.rule.subject,
            message: FindingMessage(group: group, guests: guests, facts: facts, convention: convention).text,
            location: first.location, evidence: isAboutValue ? rows.first?.evidence ?? [] : [],
            narrowings: isAboutValue ? Set(narrowings).sorted() : [],
            rows: rows.map { Finding.Row($0) }.uniqued(),
            knownCase: first.knownCase, fingerprint: fingerprint(of: group), help: first.rule.help)
    }

    /// Of the cause alone where that is told apart by names, else of the first operation by name.
    private func fingerprint(of group: [RuleMatch]) -> String {
        let first = group[0]
        switch first.focus {
        case .narrowing(let narrowing):
            return Fingerprint.hash([first.rule.id, narrowing.function, narrowing.from, narrowing.to])
        case .handler:
            return Fingerprint.hash([first.rule.id, first.rows.first?.handler ?? ""])
        case .dispatcher(let site):
            return Fingerprint.hash([first.rule.id, site.function, site.target])
        case .suppression(let comment, let problem):
            return Fingerprint.hash([first.rule.id, comment.location.file, problem.rawValue] + comment.rules)
        case .row:
            let rows = group.flatMap(\.rows)
            let operation = rows.map { [$0.handler, $0.subOperation ?? ""] }
                .min { $0.lexicographicallyPrecedes($1) }
            let source = rows.first?.evidence.first.map { Fingerprint.normalised($0.message) } ?? ""
            return Fingerprint.hash(
                [first.rule.id] + (operation ?? []) + [source, Fingerprint.normalised(rows.first?.reason ?? "")])
        }
    }
}

/// What makes two matches one finding.
struct FindingCause: Hashable {
    var ruleID: String
    var location: SourceLocation
    var details: [String]

    init(_ match: RuleMatch) {
        ruleID = match.rule.id
        location = match.location
        switch match.focus {
        case .narrowing(let narrowing): details = [narrowing.from, narrowing.to, narrowing.function]
        case .handler: details = match.rows.first.map { [$0.handler] } ?? []
        case .dispatcher(let site): details = [site.function, site.target, "\(site.width)"]
        case .suppression(let comment, let problem): details = [problem.rawValue, "\(comment.location.column)"]
        case .row: details = match.rows.first.map { Self.details(of: $0, match) } ?? []
        }
    }

    private static func details(of row: AuditRow, _ match: RuleMatch) -> [String] {
        var details = [match.knownCase?.id ?? "", row.reason ?? ""]
        details += row.evidence.first.map { ["\($0.location)"] } ?? []
        details += row.narrowings.sorted().map { "\($0.location) \($0.from) \($0.to)" }
        // Nothing says that two rows without a place have the same cause, except an equal reason.
        if row.location.line == 0, row.reason == nil { details += [row.handler, row.subOperation ?? ""] }
        return details
    }
}
