import ProgramModel
import ValueAnalysis

/// Draws findings from the map.
public struct RuleEngine: Sendable {
    private let rules: [Rule]
    private let guests: [String: GuestClass]

    /// - Parameter pack: rules that are not enabled are skipped.
    public init(pack: RulePack) {
        rules = pack.rules.filter(\.isEnabled)
        guests = Dictionary(pack.guests.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The findings of all rules, one for each cause, ordered by place and rule.
    public func findings(for audit: Audit) -> [Finding] {
        let matches = self.matches(in: audit)
        let reported = narrowingsReported(by: matches)
        var groups: [Cause: [Match]] = [:]
        for match in matches {
            if let narrowing = match.narrowing, reported[match.rule.id]?.contains(NarrowingPlace(narrowing)) == true {
                continue
            }
            groups[cause(of: match), default: []].append(match)
        }
        let ordered = groups.sorted { a, b in
            (a.key.location, a.key.ruleID, a.value[0].order) < (b.key.location, b.key.ruleID, b.value[0].order)
        }
        var occurrences: [String: Int] = [:]
        return ordered.map { _, group in
            var finding = self.finding(for: group)
            let base = finding.fingerprint
            occurrences[base, default: 0] += 1
            // The first keeps the plain fingerprint, so that a second one does not rename it.
            if let ordinal = occurrences[base], ordinal > 1 {
                finding.fingerprint = Fingerprint.hash([base, String(ordinal)])
            }
            return finding
        }
    }

    // MARK: - Matching

    private struct Match {
        var rule: Rule
        var row: AuditRow
        var narrowing: Narrowing?
        var knownCase: Rule.NamedCase?
        /// Position in the map.
        var order: Int
    }

    private func matches(in audit: Audit) -> [Match] {
        var matches: [Match] = []
        for (order, row) in audit.rows.enumerated() {
            let subject = ConditionSubject(
                row: row, architecture: audit.tree.architecture, guest: guests[row.guest])
            for rule in rules where rule.condition.holds(for: subject) {
                let match = Match(
                    rule: rule, row: row, knownCase: rule.cases.first { $0.condition.holds(for: subject) }, order: order)
                switch rule.subject {
                case .row:
                    matches.append(match)
                case .narrowing:
                    for narrowing in row.narrowings.sorted() {
                        var copy = match
                        copy.narrowing = narrowing
                        matches.append(copy)
                    }
                }
            }
        }
        return matches
    }

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
    private func narrowingsReported(by matches: [Match]) -> [String: Set<NarrowingPlace>] {
        var reported: [String: Set<NarrowingPlace>] = [:]
        for match in matches where match.narrowing == nil {
            for id in match.rule.supersedes {
                reported[id, default: []].formUnion(match.row.narrowings.map(NarrowingPlace.init))
            }
        }
        return reported
    }

    // MARK: - Grouping

    /// What makes two matches one finding.
    private struct Cause: Hashable {
        var ruleID: String
        var location: SourceLocation
        var details: [String]
    }

    private func cause(of match: Match) -> Cause {
        if let narrowing = match.narrowing {
            return Cause(
                ruleID: match.rule.id, location: narrowing.location,
                details: [narrowing.from, narrowing.to, narrowing.function])
        }
        let row = match.row
        var details = [match.knownCase?.id ?? "", row.reason ?? ""]
        details += row.evidence.first.map { ["\($0.location)"] } ?? []
        details += row.narrowings.sorted().map { "\($0.location) \($0.from) \($0.to)" }
        // Nothing says that two rows without a place have the same cause, except an equal reason.
        if row.location.line == 0, row.reason == nil { details += [row.handler, row.subOperation ?? ""] }
        return Cause(ruleID: match.rule.id, location: row.location, details: details)
    }

    private func finding(for group: [Match]) -> Finding {
        let first = group[0]
        let narrowings = group.flatMap { match in match.narrowing.map { [$0] } ?? match.row.narrowings }
        return Finding(
            ruleID: first.rule.id, severity: first.rule.severity, subject: first.rule.subject,
            message: message(for: group),
            location: first.narrowing?.location ?? first.row.location,
            evidence: first.row.evidence, narrowings: Set(narrowings).sorted(),
            rows: group.map { Finding.Row($0.row) }.uniqued(),
            knownCase: first.knownCase, fingerprint: fingerprint(of: group), help: first.rule.help)
    }

    /// Of the cause alone where that is told apart by names, else of the first operation by name.
    private func fingerprint(of group: [Match]) -> String {
        let first = group[0]
        if let narrowing = first.narrowing {
            return Fingerprint.hash([first.rule.id, narrowing.function, narrowing.from, narrowing.to])
        }
        let operation = group.map { [$0.row.handler, $0.row.subOperation ?? ""] }.min { $0.lexicographicallyPrecedes($1) }
        let source = first.row.evidence.first.map { Fingerprint.normalised($0.message) } ?? ""
        return Fingerprint.hash(
            [first.rule.id] + (operation ?? []) + [source, Fingerprint.normalised(first.row.reason ?? "")])
    }

    // MARK: - Message

    /// More than these are counted, not listed.
    private static let mostListed = 4

    private func message(for group: [Match]) -> String {
        group[0].rule.message.filled { placeholder in
            switch placeholder {
            case .operation: Self.list(group.map { Self.operation($0.row) })
            case .handler: Self.list(group.map(\.row.handler))
            case .subOperation: Self.list(group.map { $0.row.subOperation ?? "no sub-operation" })
            case .hypercall: Self.list(group.map(\.row.hypercall))
            case .guest: Self.list(group.map(\.row.guest))
            case .slot: Self.list(group.map { guests[$0.row.guest]?.resultSlot ?? "the result" })
            case .returnType: Self.list(group.map(\.row.returnType))
            case .range: Self.range(group.map(\.row.range))?.shown ?? "an unknown value"
            case .rangeMin: Self.range(group.map(\.row.range)).map { ValueRange.shown($0.min) } ?? "unknown"
            case .rangeMax: Self.range(group.map(\.row.range)).map { ValueRange.shown($0.max) } ?? "unknown"
            case .reason: Self.list(group.map { $0.row.reason ?? "no reason given" })
            case .narrowingFrom: group[0].narrowing?.from ?? ""
            case .narrowingTo: group[0].narrowing?.to ?? ""
            case .narrowingRange: Self.range(group.map { $0.narrowing?.range })?.shown ?? ""
            case .narrowingFunction: group[0].narrowing?.function ?? ""
            }
        }
    }

    private static func operation(_ row: AuditRow) -> String {
        row.subOperation.map { "\(row.handler)(\($0))" } ?? row.handler
    }

    private static func list(_ items: [String]) -> String {
        let distinct = items.uniqued()
        let listed = distinct.prefix(mostListed).joined(separator: ", ")
        return distinct.count > mostListed ? "\(listed) and \(distinct.count - mostListed) more" : listed
    }

    private static func range(_ ranges: [ValueRange?]) -> ValueRange? {
        let known = ranges.compactMap { $0 }
        return known.dropFirst().reduce(known.first) { $0?.union($1) }
    }
}
