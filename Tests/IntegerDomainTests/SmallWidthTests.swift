import Testing
@testable import IntegerDomain

private let smallFormats = [3, 4].flatMap { width in [false, true].map { IntFormat(width: width, isSigned: $0) } }

/// Compares every operator with the concrete truth. With at most 16 values every set is representable, so the best
/// possible result is the exact one. Operands are not enumerated unless stated: that would test nothing else.
@Suite struct SmallWidthTests {
    /// Results of each left value with each right set.
    private static func rows(_ op: BinaryOp, _ format: IntFormat, _ rightSets: [SmallSet]) -> [[SmallSet]] {
        format.smallValues.map { x in
            let single = format.smallValues.map { y -> SmallSet in
                switch evaluate(op, x, y, format) {
                case .value(let value): format.bit(value)
                case .none: 0
                case .any: format.fullSet
                }
            }
            return rightSets.map { set in
                single.indices.reduce(0) { set >> UInt64($1) & 1 == 1 ? $0 | single[$1] : $0 }
            }
        }
    }

    private static func check(
        _ op: BinaryOp, _ format: IntFormat, _ left: [SmallSet], _ right: [SmallSet], limit: Int,
        _ table: inout PrecisionTable
    ) {
        let rows = rows(op, format, right)
        let leftValues = left.map { IntValue(set: $0, format) }
        let rightValues = right.map { IntValue(set: $0, format) }
        var (best, total, excess, unsound) = (0, 0, 0, 0)
        for (i, leftSet) in left.enumerated() {
            for j in right.indices {
                var truth: SmallSet = 0
                for x in 0..<(1 << format.width) where leftSet >> UInt64(x) & 1 == 1 { truth |= rows[x][j] }
                let result = IntValue.apply(op, leftValues[i], rightValues[j], enumerationLimit: limit).set
                if truth & ~result != 0 { unsound += 1 }
                total += 1
                if truth == result { best += 1 }
                excess += (result & ~truth).nonzeroBitCount
            }
        }
        #expect(unsound == 0, "\(op) at \(format) is unsound")
        table.add("\(op)", best: best, total: total, excess: Double(excess))
    }

    @Test(arguments: [false, true]) func forwardOnAllSubsetsOfThreeBits(isSigned: Bool) {
        let format = IntFormat(width: 3, isSigned: isSigned)
        var table = PrecisionTable("forward 3 bits \(format.sign), all left sets, every third right set")
        let all = Array(1...format.fullSet)
        let third = all.filter { $0 % 3 == 0 }
        for op in BinaryOp.allCases { Self.check(op, format, all, third, limit: 0, &table) }
        table.print()
    }

    @Test(arguments: [false, true], [0, defaultEnumerationLimit])
    func forwardOnRandomSetsOfFourBits(isSigned: Bool, limit: Int) {
        let format = IntFormat(width: 4, isSigned: isSigned)
        var table = PrecisionTable("forward 4 bits \(format.sign), enumerating \(limit)")
        for op in BinaryOp.allCases {
            var random = SplitMix64(state: 4)
            let left = (0..<70).map { _ in random.set(format) }.filter { $0 != 0 }
            let right = (0..<60).map { _ in random.set(format) }.filter { $0 != 0 } + format.smallValues.map(format.bit)
            Self.check(op, format, left, right, limit: limit, &table)
        }
        table.print()
    }

    @Test(arguments: smallFormats) func unary(format: IntFormat) {
        let step: SmallSet = format.width == 3 ? 1 : 61
        let sets = Array(stride(from: 0, through: format.fullSet, by: Int(step)))
        for op in UnaryOp.allCases {
            for set in sets {
                let operand = IntValue(set: set, format)
                let members = format.smallValues.filter { set & format.bit($0) != 0 }
                let truth = members.reduce(0) { $0 | format.bit(evaluate(op, $1, format)) }
                #expect(IntValue.apply(op, operand).set == truth)
                let target = IntValue(set: (set &* 0x9e37_79b9) & format.fullSet, format)
                let kept = members.filter { target.contains(evaluate(op, $0, format)) }.reduce(0) { $0 | format.bit($1) }
                #expect(IntValue.refine(op, operand, result: target).set == kept)
            }
        }
    }

    @Test(arguments: smallFormats, [0, defaultEnumerationLimit]) func backward(format: IntFormat, limit: Int) {
        var table = PrecisionTable("backward \(format.width) bits \(format.sign), enumerating \(limit)")
        for op in BinaryOp.allCases {
            let outcomes = format.smallValues.map { x in format.smallValues.map { evaluate(op, x, $0, format) } }
            var random = SplitMix64(state: 7)
            var (best, total, excess, unsound) = (0, 0, 0, 0)
            for round in 0..<(limit == 0 ? 2500 : 500) {
                let (a, b, r) = Self.triple(round, format, &random)
                var (left, right): (SmallSet, SmallSet) = (0, 0)
                for x in outcomes.indices where a >> UInt64(x) & 1 == 1 {
                    for y in outcomes.indices where b >> UInt64(y) & 1 == 1 {
                        let isPossible = switch outcomes[x][y] {
                        case .value(let value): r & format.bit(value) != 0
                        case .none: false
                        case .any: r != 0
                        }
                        if isPossible {
                            left |= 1 << UInt64(x)
                            right |= 1 << UInt64(y)
                        }
                    }
                }
                let refined = IntValue.refine(
                    op, IntValue(set: a, format), IntValue(set: b, format), result: IntValue(set: r, format),
                    enumerationLimit: limit)
                let (leftResult, rightResult) = (refined.0.set, refined.1.set)
                if left & ~leftResult != 0 || right & ~rightResult != 0 || leftResult & ~a != 0 || rightResult & ~b != 0 {
                    unsound += 1
                }
                total += 1
                if left == leftResult && right == rightResult { best += 1 }
                excess += (leftResult & ~left).nonzeroBitCount + (rightResult & ~right).nonzeroBitCount
            }
            #expect(unsound == 0, "backward \(op) at \(format) is unsound")
            table.add("\(op)", best: best, total: total, excess: Double(excess))
        }
        table.print()
    }

    /// Operands and result for a backward test: every other right operand is a constant, as most are in programs.
    private static func triple(
        _ round: Int, _ format: IntFormat, _ random: inout SplitMix64
    ) -> (SmallSet, SmallSet, SmallSet) {
        let a = random.set(format)
        let constant = SmallSet(1) << UInt64.random(in: 0..<(1 << UInt64(format.width)), using: &random)
        let b = round % 2 == 0 ? constant : random.set(format)
        return (a, b, random.set(format))
    }

    @Test(arguments: smallFormats) func comparisons(format: IntFormat) {
        var random = SplitMix64(state: 11)
        var (best, total) = (0, 0)
        for _ in 0..<800 {
            let (a, b) = (random.set(format), random.set(format))
            let (left, right) = (IntValue(set: a, format), IntValue(set: b, format))
            let pairs = format.smallValues.filter { a & format.bit($0) != 0 }.flatMap { x in
                format.smallValues.filter { b & format.bit($0) != 0 }.map { (x, $0) }
            }
            for op in CompareOp.allCases {
                let outcomes = Set(pairs.map { evaluate(op, $0.0, $0.1) ? Int128(1) : 0 })
                let result = IntValue.compare(op, left, right)
                #expect(Set([Int128(0), 1].filter(result.contains)) == outcomes)
                #expect(result.format == .s32)
                for holds in [false, true] {
                    let kept = pairs.filter { evaluate(op, $0.0, $0.1) == holds }
                    let x = kept.reduce(SmallSet(0)) { $0 | format.bit($1.0) }
                    let y = kept.reduce(SmallSet(0)) { $0 | format.bit($1.1) }
                    let refined = IntValue.refine(op, left, right, holds: holds)
                    #expect(x & ~refined.0.set == 0 && y & ~refined.1.set == 0)
                    total += 1
                    if x == refined.0.set && y == refined.1.set { best += 1 }
                }
            }
        }
        #expect(best == total, "comparisons lose precision")
    }
}
