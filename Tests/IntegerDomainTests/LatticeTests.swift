import Testing
@testable import IntegerDomain

@Suite struct LatticeTests {
    private static let formats = [3, 4, 5, 6].flatMap { width in
        [false, true].map { IntFormat(width: width, isSigned: $0) }
    }

    @Test(arguments: [1, 2, 3].flatMap { width in [false, true].map { IntFormat(width: width, isSigned: $0) } })
    func everySmallSetIsRepresentable(format: IntFormat) {
        var seen: Set<IntValue> = []
        for set in 0...format.fullSet {
            let value = IntValue(set: set, format)
            #expect(value.set == set)
            #expect(value.isBottom == (set == 0))
            #expect(value.isTop == (set == format.fullSet))
            seen.insert(value)
        }
        #expect(seen.count == Int(format.fullSet) + 1)
    }

    /// Formats of 5 and 6 bits have sets with more runs than are kept.
    @Test(arguments: formats) func setOperations(format: IntFormat) {
        var random = SplitMix64(state: 31)
        for _ in 0..<150 {
            let (a, b) = (IntValue(set: random.set(format), format), IntValue(set: random.set(format), format))
            let (x, y) = (a.set, b.set)
            #expect(IntValue(set: x, format) == a, "not canonical: \(a)")
            #expect(a.isSubset(of: b) == (x & ~y == 0))
            #expect(a.isDisjoint(from: b) == (x & y == 0))
            let (join, meet) = (a.join(b), a.meet(b))
            #expect((x | y) & ~join.set == 0)
            #expect((x & y) & ~meet.set == 0 && meet.isSubset(of: a))
            #expect(join == b.join(a) && a.join(a) == a && a.meet(a) == a)
            #expect(a.join(.bottom(format)) == a && a.meet(.top(format)) == a)
            #expect(a.join(.top(format)).isTop && a.meet(.bottom(format)).isBottom)
            if format.width < 5 {
                #expect(join.set == x | y && meet.set == x & y)
                #expect(a.join(a.meet(b)) == a && a.meet(a.join(b)) == a)
            }
            #expect(a.narrow(b) == meet)
            checkRestrictions(a, x, format, &random)
        }
    }

    private func checkRestrictions(_ a: IntValue, _ x: SmallSet, _ format: IntFormat, _ random: inout SplitMix64) {
        let values = format.smallValues
        let pick = values[Int.random(in: 0..<values.count, using: &random)]
        let other = values[Int.random(in: 0..<values.count, using: &random)]
        let without = a.excluding(pick).set
        #expect((x & ~format.bit(pick)) & ~without == 0 && without & ~x == 0)
        if format.width < 5 { #expect(without == x & ~format.bit(pick)) }
        let inside = values.filter { $0 >= pick && $0 <= other }.reduce(SmallSet(0)) { $0 | format.bit($1) }
        let clamped = a.clamped(low: pick, high: other)
        #expect((x & inside) & ~clamped.set == 0 && clamped.isSubset(of: a))
        if let min = clamped.min, let max = clamped.max { #expect(min >= pick && max <= other) }
        #expect(a.contains(pick) == (x & format.bit(pick) != 0))
        #expect(a.min == values.first { x & format.bit($0) != 0 })
        #expect(a.max == values.last { x & format.bit($0) != 0 })
        #expect(a.constantValue == (x.nonzeroBitCount == 1 ? a.min : nil))
        for target in Self.formats {
            let members = values.filter { x & format.bit($0) != 0 }
            #expect(a.fits(target) == members.allSatisfy { $0 >= target.min && $0 <= target.max })
        }
    }

    @Test(arguments: formats) func unconstrainedOperandsAtWidthsWithFusedRuns(format: IntFormat) {
        guard format.width > 4 else { return }
        var random = SplitMix64(state: 37)
        for round in 0..<250 {
            let op = BinaryOp.allCases[round % BinaryOp.allCases.count]
            let (a, b) = (IntValue(set: random.set(format), format), IntValue(set: random.set(format), format))
            let r = IntValue(set: random.set(format), format)
            let result = IntValue.apply(op, a, b).set
            let refined = IntValue.refine(op, a, b, result: r)
            for x in format.smallValues where a.contains(x) {
                for y in format.smallValues where b.contains(y) {
                    switch evaluate(op, x, y, format) {
                    case .value(let value):
                        #expect(result & format.bit(value) != 0, "\(x) \(op) \(y)")
                        if r.contains(value) { #expect(refined.0.contains(x) && refined.1.contains(y), "\(x) \(op) \(y)") }
                    case .none: break
                    case .any: #expect(result == format.fullSet)
                    }
                }
            }
        }
    }
}

@Suite struct WideningTests {
    @Test(arguments: [IntFormat.s32, .u8, .u64, .s64]) func countersReachAFixpoint(format: IntFormat) {
        for stride in [Int128(1), 4, 3, -1] {
            var value = IntValue.constant(0, format)
            var steps = 0
            while true {
                let next = IntValue.apply(.add, value, .constant(stride, format))
                let widened = value.widen(next, thresholds: [-1, 0, 16, 100])
                if widened == value { break }
                value = widened
                steps += 1
                #expect(steps < 20)
                if steps > 100 { return }
            }
            #expect(value.contains(wrap(stride * 7, format)))
            if stride == 4 { #expect(!value.contains(6)) }
        }
    }

    @Test(arguments: [IntFormat.s32, .u16, .u64]) func randomSequencesEnd(format: IntFormat) {
        var random = SplitMix64(state: 41)
        var longest = 0
        for _ in 0..<40 {
            var value = IntValue.bottom(format)
            var changes = 0
            for _ in 0..<120 {
                let next = random.value(format)
                let widened = value.widen(next, thresholds: [-4096, -1, 0, 1, 64, 4096, 65536])
                #expect(value.isSubset(of: widened) && next.isSubset(of: widened))
                if widened != value { changes += 1 }
                value = widened
            }
            longest = Swift.max(longest, changes)
        }
        print("WIDENING longest chain at \(format.width) bits: \(longest)")
        #expect(longest <= 30)
    }

    @Test func thresholdsStopWidening() {
        let widened = IntValue.constant(0, .s32).widen(.range(0, 1, .s32), thresholds: [-1, 0, 16, 100])
        #expect(widened == .range(0, 16, .s32))
        #expect(IntValue.range(0, 5, .s32).widen(.range(2, 3, .s32), thresholds: []) == .range(0, 5, .s32))
        #expect(IntValue.range(0, 5, .s32).widen(.range(0, 6, .s32), thresholds: []) == .range(0, Int128(Int32.max), .s32))
    }
}
