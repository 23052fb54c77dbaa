import ValueAnalysis

/// What a condition is asked about. A test of something that is not there is false.
public struct ConditionSubject: Sendable {
    /// nil where the question is not about a row of the map.
    public var row: AuditRow?
    /// All rows of the handler.
    public var handlerRows: [AuditRow]
    public var architecture: String
    /// nil for a guest class that the pack does not know.
    public var guest: GuestClass?
    /// Those of the pack, by name.
    public var guests: [String: GuestClass] = [:]
    public var handler: HandlerFacts?
    public var dispatcher: DispatchSite?
    public var suppression: SuppressionProblem?
    public var facts: TreeFacts

    public init(
        row: AuditRow?, handlerRows: [AuditRow] = [], architecture: String, guest: GuestClass?,
        handler: HandlerFacts? = nil, dispatcher: DispatchSite? = nil, suppression: SuppressionProblem? = nil,
        facts: TreeFacts = TreeFacts()
    ) {
        self.row = row
        self.handlerRows = handlerRows
        self.architecture = architecture
        self.guest = guest
        self.handler = handler
        self.dispatcher = dispatcher
        self.suppression = suppression
        self.facts = facts
    }

    /// The same question about another row of the handler.
    func asking(_ row: AuditRow, guest: GuestClass?) -> ConditionSubject {
        var copy = self
        copy.row = row
        copy.guest = guest
        return copy
    }

    /// Bits of a result that the guest sees by one way; nil where that is not known.
    func visibleWidth(_ kind: DispatchSite.Kind) -> Int? {
        guard let guest else { return nil }
        let stored = facts.storedWidth(kind, guest: guest.name)
        switch kind {
        case .register: return min(stored ?? guest.resultWidth, guest.resultWidth)
        case .multicall: return stored
        }
    }

    /// Whether bits of the row's values are cut by one way; nil where that is not known.
    func isCut(by kind: DispatchSite.Kind) -> Bool? {
        guard let range = row?.range.flatMap(NumericRange.init), let width = visibleWidth(kind) else { return nil }
        let lowest = -(Int128(1) << (Int128(width) - 1))
        let highest = (Int128(1) << Int128(width)) - 1
        return range.min < lowest || range.max > highest
    }
}

/// What is wrong with a suppression.
public enum SuppressionProblem: String, Hashable, Sendable, CaseIterable {
    /// No finding is there for it.
    case unused
    /// Its last day has passed.
    case expired
    /// Without a reason, or not to be understood.
    case malformed
    /// Of a rule that does not exist.
    case unknownRule = "unknown-rule"
}
