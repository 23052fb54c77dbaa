import ValueAnalysis

/// When a rule fires: a small language over a row of the map, its handler and its dispatchers.
public indirect enum Condition: Hashable, Sendable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case verdict([Verdict])
    /// Whether bits are lost on the way.
    case hasNarrowings(Bool)
    case hasSubOperation(Bool)
    case range(RangeTest)
    /// Bits of the result that the guest class sees.
    case resultWidth(Int)
    /// Whether one way of calling loses bits of the row's values.
    case cutBy(DispatchSite.Kind)
    /// Whether one way of calling loses none.
    case carriedBy(DispatchSite.Kind)
    /// All, or any, of the handler's rows.
    case everyRow(Condition)
    case someRow(Condition)
    case returnTypesDisagree(Bool)
    case losesSign(Bool)
    case dispatcherKind(DispatchSite.Kind)
    /// Bits that the dispatcher stores, against those that the guest class sees.
    case dispatcherStores(Comparison)
    /// Bits that the guest sees by way of a multicall, against those of the result register.
    case multicallCarries(Comparison)
    case suppression([SuppressionProblem])
    case text(TextField, [WildcardPattern])

    /// The texts of a row that patterns are matched against.
    public enum TextField: String, Hashable, Sendable, CaseIterable {
        case guest, architecture, hypercall, handler, subOperation, returnType
        /// The handler's return type without typedefs.
        case declaredType

        /// Whether it is made of letters, digits, `_`, `-` and `.`.
        var isName: Bool {
            switch self {
            case .guest, .architecture, .hypercall, .handler: true
            case .subOperation, .returnType, .declaredType: false
            }
        }
    }

    /// How many bits against how many.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case fewer, equal, more

        func holds(_ a: Int, _ b: Int) -> Bool {
            switch self {
            case .fewer: a < b
            case .equal: a == b
            case .more: a > b
            }
        }
    }

    /// A test of the row's range; false where nothing returns.
    public enum RangeTest: Hashable, Sendable {
        case within(Int128, Int128)
        case minAbove(Int128)
        case minBelow(Int128)
        case maxAbove(Int128)
        case maxBelow(Int128)
    }
}

extension Condition {
    /// Whether the condition holds for `subject`.
    public func holds(for subject: ConditionSubject) -> Bool {
        switch self {
        case .all(let parts): return parts.allSatisfy { $0.holds(for: subject) }
        case .any(let parts): return parts.contains { $0.holds(for: subject) }
        case .not(let part): return !part.holds(for: subject)
        case .text(let field, let patterns):
            guard let text = field.value(in: subject) else { return false }
            return patterns.contains { $0.matches(text) }
        case .verdict, .hasNarrowings, .hasSubOperation, .range:
            return subject.row.map(holds(for:)) ?? false
        case .resultWidth(let width): return subject.guest?.resultWidth == width
        case .cutBy(let kind): return subject.isCut(by: kind) == true
        case .carriedBy(let kind): return subject.isCut(by: kind) == false
        case .everyRow(let part): return rows(of: subject).allSatisfy(part.holds)
        case .someRow(let part): return rows(of: subject).contains(where: part.holds)
        case .returnTypesDisagree(let expected): return subject.handler.map { $0.disagreements.isEmpty != expected } ?? false
        case .losesSign(let expected):
            return subject.handler.map { $0.signLosses(on: subject.row).isEmpty != expected } ?? false
        case .dispatcherKind(let kind): return subject.dispatcher?.kind == kind
        case .dispatcherStores(let comparison):
            guard let site = subject.dispatcher, let guest = subject.guest else { return false }
            return comparison.holds(site.width, guest.resultWidth)
        case .multicallCarries(let comparison):
            guard let multicall = subject.visibleWidth(.multicall), let register = subject.visibleWidth(.register) else {
                return false
            }
            return comparison.holds(multicall, register)
        case .suppression(let problems): return subject.suppression.map(problems.contains) ?? false
        }
    }

    /// The tests of a row by itself.
    private func holds(for row: AuditRow) -> Bool {
        switch self {
        case .verdict(let verdicts): verdicts.contains(row.verdict)
        case .hasNarrowings(let expected): row.narrowings.isEmpty != expected
        case .hasSubOperation(let expected): (row.subOperation != nil) == expected
        case .range(let test): row.range.flatMap(NumericRange.init).map(test.holds) ?? false
        default: false
        }
    }

    private func rows(of subject: ConditionSubject) -> [ConditionSubject] {
        subject.handlerRows.map { subject.asking($0, guest: subject.guests[$0.guest]) }
    }
}

extension Condition.TextField {
    func value(in subject: ConditionSubject) -> String? {
        switch self {
        case .guest: subject.row?.guest ?? subject.guest?.name
        case .architecture: subject.architecture
        case .hypercall: subject.row?.hypercall
        case .handler: subject.row?.handler
        case .subOperation: subject.row?.subOperation
        case .returnType: subject.row?.returnType
        case .declaredType: subject.handler?.returnType
        }
    }
}

extension Condition.RangeTest {
    func holds(_ range: NumericRange) -> Bool {
        switch self {
        case .within(let low, let high): low <= range.min && range.max <= high
        case .minAbove(let bound): range.min > bound
        case .minBelow(let bound): range.min < bound
        case .maxAbove(let bound): range.max > bound
        case .maxBelow(let bound): range.max < bound
        }
    }
}

/// A `ValueRange` as numbers.
struct NumericRange: Hashable, Sendable {
    var min: Int128
    var max: Int128

    init?(_ range: ValueRange) {
        guard let min = Int128(range.min), let max = Int128(range.max) else { return nil }
        self.min = min
        self.max = max
    }
}

/// A text with `*` for any run of characters and `?` for any one.
public struct WildcardPattern: Hashable, Sendable {
    /// For messages about what is none.
    static let meaning = "* stands for any run of characters, ? for any one; regular expressions are not supported"

    public var text: String

    public init(_ text: String) { self.text = text }

    /// Whether the text names exactly one thing.
    public var isLiteral: Bool { !text.contains { $0 == "*" || $0 == "?" } }

    /// Linear in practice and never exponential: only the last `*` is ever reconsidered.
    public func matches(_ candidate: String) -> Bool {
        let pattern = Array(text.utf8)
        let subject = Array(candidate.utf8)
        var (p, s) = (0, 0)
        var star: (pattern: Int, subject: Int)?
        while s < subject.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, s)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == subject[s] {
                p += 1
                s += 1
            } else if let (starPattern, starSubject) = star {
                star = (starPattern, starSubject + 1)
                p = starPattern + 1
                s = starSubject + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
