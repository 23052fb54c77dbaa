import Testing
@testable import IntegerDomain

/// Results that clients rely on being exact.
@Suite struct PrecisionTests {
    private func u32(_ value: Int128) -> IntValue { .constant(value, .u32) }
    private func s32(_ value: Int128) -> IntValue { .constant(value, .s32) }

    @Test func descriptions() {
        #expect(IntValue.top(.u32).description == "[0, 4294967295]")
        #expect(IntValue.constant(-22, .s32).join(.range(0, 5, .s32)).description == "{-22} ∪ [0, 5]")
        #expect(IntValue.bottom(.u8).description == "∅")
        #expect(IntValue.apply(.and, .top(.u32), u32(0xfffc)).description == "[0, 65532] (0 mod 4)")
        #expect(IntValue.apply(.and, .top(.u32), u32(0x5555)).description.hasPrefix("[0, 21845] (bits "))
    }

    @Test func masksAndShifts() {
        #expect(IntValue.apply(.and, .top(.u32), u32(0x3f)) == .range(0, 63, .u32))
        #expect(IntValue.apply(.and, .range(60, 70, .u32), u32(0x3f)).description == "[0, 6] ∪ [60, 63]")
        #expect(IntValue.apply(.shr, u32(0xffff_ffff), .range(0, 31, .s32)).min == 1)
        #expect(IntValue.apply(.shr, .top(.u64), .constant(32, .s32)) == .range(0, 0xffff_ffff, .u64))
        #expect(IntValue.apply(.shr, .top(.s32), s32(31)) == .range(-1, 0, .s32))
        #expect(IntValue.apply(.shl, s32(1), .range(0, 3, .s32)) == IntValue(
            intervals: [1, 2, 4, 8].map { Interval(low: $0, high: $0) }, format: .s32))
        #expect(IntValue.apply(.shl, .range(0, 15, .u8), .constant(4, .s32)).knownBits == KnownBits(value: 0, mask: 0xf0))
        #expect(IntValue.apply(.shl, u32(1), .range(0, 32, .s32)).isTop)
        #expect(IntValue.apply(.or, .range(0, 0xff, .u32), u32(0x100)) == .range(0x100, 0x1ff, .u32))
        #expect(IntValue.apply(.and, .top(.s32), s32(-4096)).knownBits.value == 0)
    }

    @Test func wrapping() {
        #expect(IntValue.apply(.add, .range(0xffff_fff0, 0xffff_ffff, .u32), u32(0x14)).description == "[4, 19]")
        #expect(IntValue.apply(.sub, .range(0, 10, .u32), u32(5)).description == "[0, 5] ∪ [4294967291, 4294967295]")
        #expect(IntValue.apply(.mul, .range(0, 3, .u32), u32(0xffff_ffff)).description == "{0} ∪ [4294967293, 4294967295]")
        #expect(IntValue.apply(.mul, .top(.u64), .top(.u64)).isTop)
        #expect(IntValue.apply(.mul, .range(0, 4096, .u64), .constant(4096, .u64)).max == Int128(1 << 24))
        #expect(IntValue.apply(.div, .top(.s32), s32(-1)).isTop)
        #expect(IntValue.apply(.div, s32(5), s32(0)).isBottom && IntValue.apply(.rem, s32(5), s32(0)).isBottom)
        #expect(IntValue.apply(.rem, .top(.s32), s32(10)) == .range(-9, 9, .s32))
        #expect(IntValue.apply(.neg, .range(0, 1, .u32)).description == "{0} ∪ {4294967295}")
    }

    @Test func refinements() {
        let shifted = IntValue.refine(.shr, .top(.u32), s32(6), result: u32(0))
        #expect(shifted.0 == .range(0, 63, .u32))
        let masked = IntValue.refine(.and, .top(.u32), u32(0x3f), result: u32(2)).0
        #expect(masked.knownBits == KnownBits(value: 2, mask: 0xffff_ffc0) && masked.min == 2)
        #expect(IntValue.refine(.and, .top(.u32), u32(0xffff_ffc0), result: u32(0)).0 == .range(0, 63, .u32))
        #expect(IntValue.refine(.and, .range(0, 300, .u32), u32(0xff), result: .range(3, 10, .u32)).0.description
            == "[3, 10] ∪ [259, 266]")
        #expect(IntValue.refine(.add, .top(.u32), u32(1), result: .range(0, 5, .u32)).0.description == "[0, 4] ∪ {4294967295}")
        #expect(IntValue.refine(.shl, .top(.u64), .constant(12, .s32), result: .constant(0, .u64)).0.knownBits
            == KnownBits(value: 0, mask: 0xfff << 52))
        #expect(IntValue.refine(.mul, .range(0, 1000, .u32), u32(8), result: .range(0, 80, .u32)).0 == .range(0, 10, .u32))
        #expect(IntValue.refine(.mul, .top(.u32), u32(3), result: u32(9)).0 == u32(3))
        #expect(IntValue.refine(.div, .top(.u32), u32(8), result: u32(2)).0 == .range(16, 23, .u32))
        #expect(IntValue.refine(.rem, .range(0, 29, .u32), u32(10), result: u32(7)).0
            == IntValue(intervals: [7, 17, 27].map { Interval(low: $0, high: $0) }, format: .u32))
        #expect(IntValue.refine(.rem, .top(.u64), .constant(4096, .u64), result: .constant(0, .u64)).0.knownBits.mask & 0xfff == 0)
        #expect(IntValue.refine(.or, .top(.u32), .top(.u32), result: u32(0)).0 == u32(0))
        #expect(IntValue.refine(.ne, .top(.u32), u32(0), holds: true).0 == .range(1, 0xffff_ffff, .u32))
    }

    @Test func formatsAreCodable() {
        #expect(MemoryLayout<IntValue>.size <= 64)
        #expect(IntFormat.s8.min == -128 && IntFormat.u64.max == Int128(UInt64.max) && IntFormat.bool.max == 1)
        #expect(CompareOp.allCases.allSatisfy { $0.negated.negated == $0 })
    }
}
