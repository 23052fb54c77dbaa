import Testing
@testable import IntegerDomain

extension SplitMix64 {
    /// A value near a boundary, a power of two, or anywhere.
    mutating func member(_ format: IntFormat) -> Int128 {
        let near = Int128(Int.random(in: -3...3, using: &self))
        let power = Int128(1) << Int128(Int.random(in: 0..<format.width, using: &self))
        let choices = [
            format.min + near, format.max + near, near, power + near, -power + near, Int128(next()), Int128(next() & 0xff),
        ]
        return wrap(choices[Int.random(in: 0..<choices.count, using: &self)], format)
    }

    /// An abstract value of one to three intervals, sometimes masked to an alignment.
    mutating func value(_ format: IntFormat) -> IntValue {
        var result = IntValue.bottom(format)
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let (x, y) = (member(format), member(format))
            let isConstant = Int.random(in: 0..<3, using: &self) == 0
            result = result.join(.range(Swift.min(x, y), isConstant ? Swift.min(x, y) : Swift.max(x, y), format))
        }
        switch Int.random(in: 0..<5, using: &self) {
        case 0:
            let masked = IntValue.apply(.and, result, .constant(Int128(next() & next()), format))
            return masked
        case 1: return .constant(member(format), format)
        default: return result
        }
    }

    /// Some members: the bounds of the intervals and values near them or in between.
    mutating func members(of value: IntValue) -> [Int128] {
        var result: [Int128] = []
        for interval in value.intervals.prefix(4) {
            let offset = Int128(next() & 7)
            let middle = interval.low + (interval.high - interval.low) / 2
            result += [interval.low, interval.high, interval.low + offset, interval.high - offset, middle]
        }
        return Array(Set(result.filter(value.contains)).sorted().prefix(7))
    }
}

private let formats = [8, 32, 64].flatMap { width in [false, true].map { IntFormat(width: width, isSigned: $0) } }

@Suite struct RandomizedTests {
    @Test(arguments: formats) func binaryOperatorsAreSound(format: IntFormat) {
        var random = SplitMix64(state: 51)
        for round in 0..<1200 {
            let op = BinaryOp.allCases[round % BinaryOp.allCases.count]
            let a = random.value(format)
            let isSmallCount = (op == .shl || op == .shr) && round % 3 != 0
            let b = isSmallCount ? IntValue.apply(.and, random.value(format), .constant(7, format)) : random.value(format)
            let r = random.value(format)
            let limit = round % 4 == 0 ? defaultEnumerationLimit : 0
            let result = IntValue.apply(op, a, b, enumerationLimit: limit)
            let refined = IntValue.refine(op, a, b, result: r, enumerationLimit: limit)
            #expect(refined.0.isSubset(of: a) && refined.1.isSubset(of: b))
            for x in random.members(of: a) {
                for y in random.members(of: b) {
                    switch evaluate(op, x, y, format) {
                    case .value(let value):
                        #expect(result.contains(value), "\(x) \(op) \(y) = \(value) not in \(result); \(a), \(b)")
                        if r.contains(value) {
                            #expect(refined.0.contains(x) && refined.1.contains(y), "\(x) \(op) \(y) in \(r): \(a), \(b)")
                        }
                        // A result with exactly this value must keep both operands, too.
                        let exact = IntValue.refine(op, a, b, result: .constant(value, format), enumerationLimit: limit)
                        #expect(exact.0.contains(x) && exact.1.contains(y), "\(x) \(op) \(y) = \(value): \(a), \(b)")
                    case .none: break
                    case .any: #expect(result.isTop && refined.0.contains(x) && refined.1.contains(y))
                    }
                }
            }
        }
    }

    @Test(arguments: formats) func comparisonsAndConversionsAreSound(format: IntFormat) {
        var random = SplitMix64(state: 61)
        for round in 0..<500 {
            let (a, b) = (random.value(format), random.value(format))
            let op = CompareOp.allCases[round % CompareOp.allCases.count]
            let holding = IntValue.refine(op, a, b, holds: true)
            let failing = IntValue.refine(op, a, b, holds: false)
            let target = formats[round % formats.count]
            let converted = a.converted(to: target)
            let r = random.value(target)
            let source = a.refiningConversion(result: r)
            let (negated, complemented) = (IntValue.apply(.neg, a), IntValue.apply(.not, a))
            #expect(source.isSubset(of: a))
            for x in random.members(of: a) {
                #expect(converted.contains(wrap(x, target)))
                #expect(negated.contains(wrap(-x, format)) && complemented.contains(wrap(-1 - x, format)))
                if r.contains(wrap(x, target)) { #expect(source.contains(x), "\(a) to \(r): \(x)") }
                for y in random.members(of: b) {
                    let refined = evaluate(op, x, y) ? holding : failing
                    #expect(refined.0.contains(x) && refined.1.contains(y), "\(x) \(op) \(y): \(a), \(b)")
                    #expect(IntValue.compare(op, a, b).contains(evaluate(op, x, y) ? 1 : 0))
                }
            }
        }
    }
}
