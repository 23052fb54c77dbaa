import ProgramModel
import ValueAnalysis

/// A rule and something that it holds for.
struct RuleMatch {
    /// What the rule holds for, besides the row.
    enum Focus {
        case row
        case narrowing(Narrowing)
        case handler(HandlerFacts)
        case dispatcher(DispatchSite)
        case suppression(Suppression, SuppressionProblem)
    }

    var rule: Rule
    var focus: Focus
    /// The rows of the map that are concerned.
    var rows: [AuditRow]
    var guest: String
    var handler: HandlerFacts?
    var knownCase: Rule.NamedCase?
    /// Position among what was looked at.
    var order: Int

    var narrowing: Narrowing? { if case .narrowing(let narrowing) = focus { narrowing } else { nil } }
    var dispatcher: DispatchSite? { if case .dispatcher(let site) = focus { site } else { nil } }
    var suppression: (comment: Suppression, problem: SuppressionProblem)? {
        if case .suppression(let comment, let problem) = focus { (comment, problem) } else { nil }
    }

    var location: SourceLocation {
        switch focus {
        case .row:
            // A row without a place of its own is at least about its handler.
            rows.first.map { $0.location.line > 0 ? $0.location : handler?.location ?? $0.location } ?? .unknown
        case .narrowing(let narrowing): narrowing.location
        case .handler(let facts): facts.location
        case .dispatcher(let site): site.location
        case .suppression(let comment, _): comment.location
        }
    }
}

/// Asks the rules about all that a map has.
struct RuleMatching {
    let rules: [Rule]
    let guests: [String: GuestClass]
    let audit: Audit
    let facts: TreeFacts

    var matches: [RuleMatch] { rows + handlers + dispatchers }

    private func subject(_ row: AuditRow?, guest: String?) -> ConditionSubject {
        var subject = ConditionSubject(
            row: row, architecture: audit.tree.architecture, guest: guest.flatMap { guests[$0] },
            handler: row.flatMap { facts.handlers[$0.handler] }, facts: facts)
        subject.guests = guests
        return subject
    }

    private var rows: [RuleMatch] {
        let rules = rules.filter { $0.subject == .row || $0.subject == .narrowing }
        var byHandler: [String: [AuditRow]] = [:]
        for row in audit.rows { byHandler[row.handler, default: []].append(row) }
        return audit.rows.flatMap(\.paths).enumerated().flatMap { order, path -> [RuleMatch] in
            var subject = subject(path, guest: path.guest)
            subject.handlerRows = byHandler[path.handler, default: []]
            return rules.filter { $0.condition.holds(for: subject) }.flatMap { matches($0, subject, path, order: order) }
        }
    }

    private func matches(_ rule: Rule, _ subject: ConditionSubject, _ path: AuditRow, order: Int) -> [RuleMatch] {
        let match = RuleMatch(
            rule: rule, focus: .row, rows: [path], guest: path.guest, handler: subject.handler,
            knownCase: rule.cases.first { $0.condition.holds(for: subject) }, order: order)
        guard rule.subject == .narrowing else { return [match] }
        return path.narrowings.sorted().map { narrowing in
            var copy = match
            copy.focus = .narrowing(narrowing)
            return copy
        }
    }

    private var handlers: [RuleMatch] {
        let rules = rules.filter { $0.subject == .handler }
        guard !rules.isEmpty else { return [] }
        return audit.rows.map(\.handler).uniqued().enumerated().flatMap { order, name -> [RuleMatch] in
            let rows = audit.rows.filter { $0.handler == name }
            guard let first = rows.first, let known = facts.handlers[name] else { return [] }
            var subject = subject(first, guest: first.guest)
            subject.handlerRows = rows
            return rules.filter { $0.condition.holds(for: subject) }.map { rule in
                RuleMatch(
                    rule: rule, focus: .handler(known), rows: rows, guest: first.guest, handler: known,
                    knownCase: rule.cases.first { $0.condition.holds(for: subject) }, order: order)
            }
        }
    }

    private var dispatchers: [RuleMatch] {
        let rules = rules.filter { $0.subject == .dispatcher }
        return facts.dispatchSites.enumerated().flatMap { order, site -> [RuleMatch] in
            var subject = subject(nil, guest: site.guest)
            subject.dispatcher = site
            return rules.filter { $0.condition.holds(for: subject) }.map { rule in
                RuleMatch(rule: rule, focus: .dispatcher(site), rows: [], guest: site.guest, order: order)
            }
        }
    }
}
