import ValueAnalysis

/// When a rule fires: a small language over one row of the map.
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
    case text(TextField, [WildcardPattern])

    /// The texts of a row that patterns are matched against.
    public enum TextField: String, Hashable, Sendable, CaseIterable {
        case guest, architecture, hypercall, handler, subOperation, returnType
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

/// What a condition is asked about.
public struct ConditionSubject: Sendable {
    public var row: AuditRow
    public var architecture: String
    /// nil for a guest class that the pack does not know.
    public var guest: GuestClass?

    public init(row: AuditRow, architecture: String, guest: GuestClass?) {
        self.row = row
        self.architecture = architecture
        self.guest = guest
    }
}

extension Condition {
    /// Whether the condition holds for `subject`.
    public func holds(for subject: ConditionSubject) -> Bool {
        let row = subject.row
        switch self {
        case .all(let parts): return parts.allSatisfy { $0.holds(for: subject) }
        case .any(let parts): return parts.contains { $0.holds(for: subject) }
        case .not(let part): return !part.holds(for: subject)
        case .verdict(let verdicts): return verdicts.contains(row.verdict)
        case .hasNarrowings(let expected): return row.narrowings.isEmpty != expected
        case .hasSubOperation(let expected): return (row.subOperation != nil) == expected
        case .range(let test): return row.range.flatMap(NumericRange.init).map(test.holds) ?? false
        case .resultWidth(let width): return subject.guest?.resultWidth == width
        case .text(let field, let patterns):
            guard let text = field.value(in: subject) else { return false }
            return patterns.contains { $0.matches(text) }
        }
    }
}

extension Condition.TextField {
    func value(in subject: ConditionSubject) -> String? {
        switch self {
        case .guest: subject.row.guest
        case .architecture: subject.architecture
        case .hypercall: subject.row.hypercall
        case .handler: subject.row.handler
        case .subOperation: subject.row.subOperation
        case .returnType: subject.row.returnType
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
