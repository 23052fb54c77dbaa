import IntegerDomain
import ProgramModel

/// Where a pointer may point.
enum Pointees: Hashable, Sendable {
    struct Target: Hashable, Sendable, Comparable {
        var object: ObjectID
        /// Bit offset into the object; nil: anywhere in it.
        var offset: Int?

        static func < (a: Target, b: Target) -> Bool {
            (a.object, a.offset ?? Int.min) < (b.object, b.offset ?? Int.min)
        }
    }

    /// Not an address of anything that the analysis follows (an integer, a null pointer, an error code).
    case none
    /// Sorted, without duplicates.
    case targets([Target])
    /// Anywhere outside the locals whose address was never given away.
    case unknown

    static let maximumTargets = 8

    func join(_ other: Pointees) -> Pointees {
        switch (self, other) {
        case (.none, let x), (let x, .none): return x
        case (.unknown, _), (_, .unknown): return .unknown
        case (.targets(let a), .targets(let b)):
            if a == b { return self }
            let all = Array(Set(a + b)).sorted()
            return all.count <= Self.maximumTargets ? .targets(all) : .unknown
        }
    }

    func offset(byBits bits: Int?) -> Pointees {
        guard case .targets(let targets) = self else { return self }
        let moved = targets.map { target -> Target in
            guard let bits, let offset = target.offset else { return Target(object: target.object, offset: nil) }
            return Target(object: target.object, offset: offset.addingReportingOverflow(bits).overflow ? nil : offset + bits)
        }
        return .targets(Array(Set(moved)).sorted())
    }
}

/// What a value may be made of.
struct ValueSources: OptionSet, Hashable, Sendable {
    let rawValue: UInt64
    init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The program's ordinary values.
    static let plain = ValueSources(rawValue: 1)
    /// The result of a continuation, which the guest never sees.
    static let continuation = ValueSources(rawValue: 2)
    /// Derived from what the guest passed: a handler's argument, or memory copied from the guest.
    static let guest = ValueSources(rawValue: 4)
    /// The result of a call that was passed over, in a type that hides what may have been cut inside: nothing wanted needed
    /// it then. Where it is returned after all, nothing is claimed of it.
    static let passedOver = ValueSources(rawValue: 8)
    /// Derived from the parameter of the function that is summarised; parameters from the twentieth on share a bit.
    static func parameter(_ index: Int) -> ValueSources { ValueSources(rawValue: 1 << UInt64(8 + min(index, 20))) }

    /// Read from memory that the parameter leads to, or from the struct that it is.
    static func behind(_ index: Int) -> ValueSources { ValueSources(rawValue: 1 << UInt64(32 + min(index, 20))) }

    /// Whether a parameter, or what one leads to, is among them.
    var containsParameter: Bool { rawValue & (Self.parameters | Self.parameters << 24) != 0 }

    private static let parameters: UInt64 = 0x1fff_ff00

    /// What is read where a value of these sources points.
    var behind: ValueSources {
        ValueSources(rawValue: (rawValue & Self.parameters) << 24 | rawValue & (Self.parameters << 24))
    }
}

/// How far a value is from a name, as a number: `value = base + d` in modular arithmetic with `d` in the bounds. Unlike a
/// range or a relation it holds whether or not the sum wraps, so it survives widening (`TripCountBounds`).
struct Drift: Hashable, Sendable {
    var base: SymbolID
    var low: Int128
    var high: Int128

    /// Names that a value is counted from: those of the loops around it.
    static let maximumCount = 3
    /// Sums of larger steps are of no use.
    static let maximumStep = Int128(1) << 62

    func moved(_ range: IntValue, isSubtraction: Bool = false) -> Drift? {
        guard var low = range.min, var high = range.max else { return nil }
        let half = Int128(1) << Int128(range.format.width - 1)
        // The upper half of an unsigned type is a subtraction.
        if !range.format.isSigned {
            if low >= half { (low, high) = (low - 2 * half, high - 2 * half) } else if high >= half { return nil }
        }
        if isSubtraction { (low, high) = (-high, -low) }
        let sum = Drift(base: base, low: self.low + low, high: self.high + high)
        return sum.low >= -Self.maximumStep && sum.high <= Self.maximumStep ? sum : nil
    }
}

/// A range of numbers of any type.
struct Bounds: Hashable, Sendable {
    var low: Int128
    var high: Int128

    init?(_ range: IntValue) {
        guard let low = range.min, let high = range.max else { return nil }
        self.low = low
        self.high = high
    }

    static func joined(_ a: Bounds?, _ b: Bounds?) -> Bounds? {
        guard var a else { return b }
        guard let b else { return a }
        a.low = min(a.low, b.low)
        a.high = max(a.high, b.high)
        return a
    }

    func contains(_ other: Bounds?) -> Bool { other.map { low <= $0.low && $0.high <= high } ?? true }

    /// What grows, grows to the end of the widest types.
    func widened(from old: Bounds) -> Bounds {
        var result = self
        if low < old.low { result.low = -(Int128(1) << 63) }
        if high > old.high { result.high = (Int128(1) << 64) - 1 }
        return result
    }
}

/// An abstract scalar.
struct Value: Sendable {
    var range: IntValue
    var term: TermID?
    var pointees: Pointees = .none
    var sources: ValueSources = .plain
    /// Sorted by site.
    var narrowings: [NarrowingEntry] = []
    /// Bounds of what it would be if nothing had cut it; nil: nothing did, or more was done with it since.
    var uncut: Bounds?
    /// What it is counted from, besides its own name. Sorted by base.
    var drifts: [Drift] = []
    /// How the value came about; not part of what the value is.
    var origin: Origin?

    init(_ range: IntValue, term: TermID? = nil, pointees: Pointees = .none, origin: Origin? = nil) {
        self.range = range
        self.term = term
        self.pointees = pointees
        self.origin = origin
    }

    /// Whether it was cut, or it is not known whether it was.
    var mayHideCuts: Bool { !narrowings.isEmpty || sources.contains(.passedOver) }

    /// Equal for the fixpoint: evidence does not count.
    func isSame(as other: Value) -> Bool {
        term == other.term && range == other.range && pointees == other.pointees && sources == other.sources
            && narrowings == other.narrowings && drifts == other.drifts && uncut == other.uncut
    }

    /// What it can be, or would be if nothing had cut it.
    /// - Parameter range: what is known of its range now.
    func shown(_ range: IntValue) -> Bounds? {
        if let uncut { return uncut }
        return narrowings.reduce(Bounds(range)) { Bounds.joined($0, Bounds($1.range)) }
    }
}
