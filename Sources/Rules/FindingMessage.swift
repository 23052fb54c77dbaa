import ValueAnalysis

/// The message of a finding: its rule's template filled from what matched.
struct FindingMessage {
    let group: [RuleMatch]
    let guests: [String: GuestClass]
    let facts: TreeFacts
    let convention: ErrorConvention

    /// More than these are counted, not listed.
    private static let mostListed = 4

    private var rows: [AuditRow] { group.flatMap(\.rows) }

    var text: String { group.first?.rule.message.filled(value) ?? "" }

    private func value(of placeholder: MessageTemplate.Placeholder) -> String {
        switch placeholder {
        case .operation: Self.list(rows.map(Self.operation))
        case .handler: Self.list(rows.map(\.handler))
        case .subOperation: Self.list(rows.map { $0.subOperation ?? "no sub-operation" })
        case .hypercall: Self.list(rows.map(\.hypercall))
        case .guest: Self.list(guestNames)
        case .slot: Self.list(guestNames.map { guests[$0]?.resultSlot ?? "the result" })
        case .returnType: Self.list(rows.map(\.returnType))
        case .range: range(rows.map(\.range))?.shown ?? "an unknown value"
        case .rangeMin: range(rows.map(\.range)).map { ValueRange.shown($0.min) } ?? "unknown"
        case .rangeMax: range(rows.map(\.range)).map { ValueRange.shown($0.max) } ?? "unknown"
        case .reason: Self.list(rows.map { $0.reason ?? "no reason given" })
        case .errors: "0x\(String(convention.firstError, radix: 16)) and above"
        default: special(placeholder)
        }
    }

    private var guestNames: [String] {
        let named = rows.map(\.guest)
        return named.isEmpty ? group.map(\.guest) : named
    }

    private func special(_ placeholder: MessageTemplate.Placeholder) -> String {
        let first = group.first
        switch placeholder {
        case .narrowingFrom: return first?.narrowing?.from ?? ""
        case .narrowingTo: return first?.narrowing?.to ?? ""
        case .narrowingRange: return range(group.map { $0.narrowing?.range })?.shown ?? ""
        case .narrowingFunction: return first?.narrowing?.function ?? ""
        case .registerWidth: return width(.register)
        case .multicallWidth: return width(.multicall)
        case .disagreements: return Self.list(group.flatMap { $0.handler?.disagreements ?? [] })
        case .wideCallees:
            let callees = group.flatMap { $0.handler?.wideCallees ?? [] }
            // All of them: they are the work to be done.
            return callees.isEmpty ? "no callee" : callees.uniqued().joined(separator: ", ")
        case .signLoss:
            let losses = group.flatMap { match in
                match.rows.flatMap { row in match.handler?.signLosses(on: row) ?? [] }
            }
            return Self.list(losses.map { "\($0.function)() at \($0.location.file):\($0.location.line)" })
        case .dispatcherFunction: return Self.list(group.compactMap { $0.dispatcher?.function })
        case .dispatcherTarget: return Self.list(group.compactMap { $0.dispatcher?.target })
        case .dispatcherWidth: return Self.list(group.compactMap { $0.dispatcher.map { "\($0.width)" } })
        case .suppressionRule:
            let rules = group.flatMap { $0.suppression?.comment.rules ?? [] }
            return rules.isEmpty ? "no rule" : Self.list(rules)
        case .suppressionProblem: return first?.suppression.map { $0.comment.problemText($0.problem) } ?? ""
        default: return ""
        }
    }

    private func width(_ kind: DispatchSite.Kind) -> String {
        let widths = group.compactMap { match in
            var subject = ConditionSubject(row: nil, architecture: "", guest: guests[match.guest])
            subject.facts = facts
            return subject.visibleWidth(kind).map { "\($0)" }
        }
        return widths.isEmpty ? "unknown" : Self.list(widths)
    }

    private static func operation(_ row: AuditRow) -> String {
        row.subOperation.map { "\(row.handler)(\($0))" } ?? row.handler
    }

    private static func list(_ items: [String]) -> String {
        let distinct = items.uniqued()
        let listed = distinct.prefix(mostListed).joined(separator: ", ")
        return distinct.count > mostListed ? "\(listed) and \(distinct.count - mostListed) more" : listed
    }

    private func range(_ ranges: [ValueRange?]) -> ValueRange? {
        let known = ranges.compactMap { $0 }
        return known.dropFirst().reduce(known.first) { $0?.union($1) }
    }
}
