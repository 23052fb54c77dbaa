import IntegerDomain
import ProgramModel

/// Conversions, and what they cut.
extension Engine {
    func convert(
        _ a: Value, from: CType, to expression: Expression, _ isExplicit: Bool, in state: State
    ) -> Value {
        guard let target = expression.type.format else { return Value(.top(.u8)) }
        guard from.format != nil else {
            // A floating-point number, or a struct that is none.
            return Value(.top(target), origin: a.origin)
        }
        return convert(
            a, to: target, at: expression.location, from: spelling(from), to: spelling(expression.type),
            isPointer: expression.type.isPointer, isExplicit: isExplicit, in: state)
    }

    func convert(
        _ a: Value, to target: IntFormat, at location: SourceLocation, from: String, to: String, isPointer: Bool,
        isExplicit: Bool, in state: State
    ) -> Value {
        let range = currentRange(of: a, in: state)
        var value = a
        if target == .bool, range.format != .bool {
            value.range = range.toBool()
            value.term = a.sources.contains(.continuation) ? nil : a.term.flatMap { terms.make(.toBool($0), target) }
            if a.sources.contains(.continuation) { value.range = .range(0, 1, target) }
            value.sources.subtract([.continuation, .passedOver])
            value.narrowings = []
            value.uncut = nil
            value.drifts = []
            value.pointees = .none
            return value
        }
        value.range = range.converted(to: target)
        value.narrowings = a.narrowings.map { $0.mapped { $0.format == range.format ? $0.converted(to: target) : .top(target) } }
        if target.width != range.format.width { value.drifts = [] }
        value.term = a.term.flatMap { terms.converting($0, to: target, in: state) }
        if target.width < range.format.width { value.pointees = .none }
        if isPointer, value.pointees == .none, range.constantValue == nil { value.pointees = .unknown }
        // What was cut before goes on with another sign.
        if value.uncut != nil, Bounds(value.range) != Bounds(range), !Self.loses(range, target) {
            value.uncut = .joined(value.uncut, Bounds(value.range))
        }
        guard Self.loses(range, target), !(isExplicit && Self.keepsBits(range, target)) else { return value }
        value.uncut = a.shown(range)
        let site = NarrowingEntry.Site(
            location: location, from: from, to: to, function: function.reference.name, target: target)
        value.narrowings = Value.mergedNarrowings(
            value.narrowings,
            [NarrowingEntry(site: site, range: range, term: a.term, kept: Self.lost(range, target).converted(to: target))])
        value.origin = Origin.extend(a.origin, .converted(from: from, to: to), at: location, range: range)
        return value
    }

    /// Whether a conversion cannot be undone: bits are lost.
    static func loses(_ range: IntValue, _ target: IntFormat) -> Bool { !lost(range, target).isBottom }

    /// A cast that is written out reads the same bits with another sign: `(typeof(*p))x` of what was read as unsigned.
    private static func keepsBits(_ range: IntValue, _ target: IntFormat) -> Bool {
        guard let low = range.min, let high = range.max else { return true }
        return low >= 0 && high < Int128(1) << Int128(target.width)
    }

    /// The values whose bits a conversion loses. A conversion to the other signedness keeps all bits; and so does one of a
    /// small negative number, also where it stands at the end of an unsigned type: `n ?: rc` makes an `unsigned long` of an
    /// errno (C11 6.5.15p5), and the conversion to `int` gives it back.
    static func lost(_ range: IntValue, _ target: IntFormat) -> IntValue {
        guard target.width < range.format.width else { return .bottom(range.format) }
        let half = Int128(1) << Int128(target.width - 1)
        guard range.format.isSigned else {
            return range.clamped(low: target.max + 1, high: range.format.max - half)
        }
        let below = range.clamped(low: nil, high: -half - 1)
        return range.clamped(low: target.max + 1, high: nil).join(below)
    }
}
