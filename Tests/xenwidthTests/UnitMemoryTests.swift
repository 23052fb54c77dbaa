import Testing

@testable import Application

@Suite struct UnitMemoryTests {
    @Test(arguments: [
        (UInt64(1) << 30, [], 48),
        (16 << 30, [], 227),
        (16 << 30, ["max\n"], 227),
        (16 << 30, ["8589934592\n"], 113),
        (16 << 30, ["9223372036854771712\n"], 227),
        (16 << 30, ["", "4294967296", "a lot"], 56),
        (1 << 40, [], 512),
        (0, ["0"], 48),
    ] as [(UInt64, [String], Int)])
    func unitsFollowTheMemory(physical: UInt64, limits: [String], units: Int) {
        #expect(UnitMemory(physical: physical, limits: limits).units == units)
    }
}
