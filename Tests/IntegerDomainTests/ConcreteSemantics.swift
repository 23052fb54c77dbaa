@testable import IntegerDomain

/// What one concrete evaluation yields; written independently of the module's own evaluation.
enum Outcome: Equatable {
    case value(Int128)
    /// Undefined: no execution continues with a result.
    case none
    /// The hardware decides.
    case any
}

func wrap(_ value: Int128, _ format: IntFormat) -> Int128 {
    let modulus = Int128(1) << Int128(format.width)
    let residue = ((value % modulus) + modulus) % modulus
    return residue > format.max ? residue - modulus : residue
}

func pattern(_ value: Int128, _ format: IntFormat) -> UInt64 {
    UInt64(truncatingIfNeeded: value) & (UInt64.max >> UInt64(64 - format.width))
}

func evaluate(_ op: BinaryOp, _ x: Int128, _ y: Int128, _ format: IntFormat) -> Outcome {
    switch op {
    case .add: return .value(wrap(x + y, format))
    case .sub: return .value(wrap(x - y, format))
    case .mul:
        let low = UInt64(truncatingIfNeeded: x) &* UInt64(truncatingIfNeeded: y)
        return .value(wrap(Int128(low), format))
    case .div: return y == 0 ? .none : .value(wrap(x / y, format))
    case .rem: return y == 0 ? .none : .value(wrap(x - (x / y) * y, format))
    case .and: return .value(wrap(Int128(pattern(x, format) & pattern(y, format)), format))
    case .or: return .value(wrap(Int128(pattern(x, format) | pattern(y, format)), format))
    case .xor: return .value(wrap(Int128(pattern(x, format) ^ pattern(y, format)), format))
    case .shl:
        guard y >= 0, y < Int128(format.width) else { return .any }
        return .value(wrap(Int128(pattern(x, format) << UInt64(y)), format))
    case .shr:
        guard y >= 0, y < Int128(format.width) else { return .any }
        var result = x
        // Floor division by two, once per bit: no shift involved.
        for _ in 0..<Int(y) { result = (result - (((result % 2) + 2) % 2)) / 2 }
        return .value(result)
    }
}

func evaluate(_ op: UnaryOp, _ x: Int128, _ format: IntFormat) -> Int128 {
    wrap(op == .neg ? -x : -1 - x, format)
}

func evaluate(_ op: CompareOp, _ x: Int128, _ y: Int128) -> Bool {
    switch op {
    case .eq: x == y
    case .ne: x != y
    case .lt: x < y
    case .le: x <= y
    case .gt: x > y
    case .ge: x >= y
    }
}

/// A concrete set of values of a format with at most 6 bits: bit i stands for `format.min + i`.
typealias SmallSet = UInt64

extension IntFormat {
    var smallValues: [Int128] { (0..<(1 << width)).map { min + Int128($0) } }
    var sign: String { isSigned ? "signed" : "unsigned" }
    var fullSet: SmallSet { UInt64.max >> UInt64(64 - (1 << width)) }

    func bit(_ value: Int128) -> SmallSet { 1 << UInt64(value - min) }
}

extension IntValue {
    init(set: SmallSet, _ format: IntFormat) {
        let members = format.smallValues.filter { set & format.bit($0) != 0 }
        self.init(intervals: members.map { Interval(low: $0, high: $0) }, format: format)
    }

    /// The represented set, computed from the public properties.
    var set: SmallSet {
        var result: SmallSet = 0
        for interval in intervals {
            var value = interval.low
            while value <= interval.high {
                if knownBits.contains(pattern(value, format)) { result |= format.bit(value) }
                value += 1
            }
        }
        return result
    }
}

/// Reproducible pseudo-random numbers (Steele, Lea, Flood: SplitMix64).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension SplitMix64 {
    /// A random set of a small format: arbitrary, or one or two intervals.
    mutating func set(_ format: IntFormat) -> SmallSet {
        let size = 1 << format.width
        switch Int.random(in: 0..<3, using: &self) {
        case 0:
            return next() & format.fullSet
        case let count:
            var result: SmallSet = 0
            for _ in 0..<count {
                let low = Int.random(in: 0..<size, using: &self)
                let high = Int.random(in: low..<size, using: &self)
                for index in low...high { result |= 1 << UInt64(index) }
            }
            return result
        }
    }
}

/// Counts how often an operator's result is the best possible one.
struct PrecisionTable {
    private var rows: [(name: String, best: Int, total: Int, excess: Double)] = []
    let title: String

    init(_ title: String) { self.title = title }

    mutating func add(_ name: String, best: Int, total: Int, excess: Double) {
        rows.append((name, best, total, excess))
    }

    func print() {
        var text = "PRECISION \(title): operator, share best possible, mean superfluous members\n"
        for row in rows {
            let percent = Double(row.best * 10000 / Swift.max(row.total, 1)) / 100
            let excess = Double(Int(row.excess * 1000 / Double(Swift.max(row.total, 1)))) / 1000
            text += "  \(row.name)\t\(percent)%\t\(excess)\t(\(row.total) cases)\n"
        }
        Swift.print(text)
    }
}
