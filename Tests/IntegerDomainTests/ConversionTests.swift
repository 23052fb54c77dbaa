import Testing
@testable import IntegerDomain

@Suite struct ConversionTests {
    private static let formats = (1...5).flatMap { width in [false, true].map { IntFormat(width: width, isSigned: $0) } }

    @Test(arguments: formats, formats) func exactBetweenSmallFormats(from source: IntFormat, to target: IntFormat) {
        var random = SplitMix64(state: 21)
        for _ in 0..<40 {
            let operand = IntValue(set: random.set(source), source)
            let members = source.smallValues.filter(operand.contains)
            let converted = operand.converted(to: target)
            let truth = members.reduce(SmallSet(0)) { $0 | target.bit(wrap($1, target)) }
            let best = IntValue(set: truth, target).set
            #expect(truth & ~converted.set == 0)
            if source.width < 5 { #expect(converted.set == best) }
            let result = IntValue(set: random.set(target), target)
            let kept = members.filter { result.contains(wrap($0, target)) }.reduce(SmallSet(0)) { $0 | source.bit($1) }
            let refined = operand.refiningConversion(result: result)
            #expect(kept & ~refined.set == 0 && refined.isSubset(of: operand))
            if source.width < 5 { #expect(refined.set == kept) }
        }
    }

    @Test func booleans() {
        #expect(IntValue.range(0, 9, .s32).toBool() == .top(.bool))
        #expect(IntValue.range(1, 9, .s32).toBool() == .constant(1, .bool))
        #expect(IntValue.constant(0, .s32).toBool() == .constant(0, .bool))
        #expect(IntValue.bottom(.s32).toBool().isBottom)
        #expect(IntValue.top(.u8).refiningToBool(result: .constant(1, .bool)) == .range(1, 255, .u8))
        #expect(IntValue.top(.u8).refiningToBool(result: .constant(0, .bool)) == .constant(0, .u8))
        #expect(IntValue.top(.u8).refiningToBool(result: .bottom(.bool)).isBottom)
    }

    @Test func truncationSplitsWhereItWraps() {
        let wrapped = IntValue.range(0xffff_fffe, 0x1_0000_0003, .u64).converted(to: .u32)
        #expect(wrapped.description == "[0, 3] ∪ [4294967294, 4294967295]")
        let extended = IntValue.range(-2, 3, .s32).converted(to: .u64)
        #expect(extended.description == "[0, 3] ∪ [18446744073709551614, 18446744073709551615]")
        #expect(IntValue.constant(-1, .s8).converted(to: .u32) == .constant(0xffff_ffff, .u32))
    }

    @Test func truncationRefinesItsOperand() {
        let two = IntValue.constant(2, .u32)
        #expect(IntValue.range(0, 10, .u64).refiningConversion(result: two) == .constant(2, .u64))
        let low = IntValue.top(.u64).refiningConversion(result: two)
        #expect(low.contains(2) && low.contains(0x7_0000_0002) && !low.contains(3) && !low.contains(0x7_0000_0003))
        let near = IntValue.range(0, 0x1_0000_0005, .u64).refiningConversion(result: .range(1, 3, .u32))
        #expect(near.description == "[1, 3] ∪ [4294967297, 4294967299]")
        let negative = IntValue.top(.u32).refiningConversion(result: .range(-5, -1, .s32))
        #expect(negative == .range(0xffff_fffb, 0xffff_ffff, .u32))
    }
}
