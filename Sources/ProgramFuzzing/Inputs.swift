/// Arguments to try a program with: commands that select each sub-operation, and values at the edges of types.
public enum Inputs {
    static let edges: [UInt64] = [
        0, 1, 2, 7, 8, 31, 32, 63, 64, 127, 128, 255, 256, 4094, 4095, 4096, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFE,
        0x7FFF_FFFF, 0x8000_0000, 0xFFFF_EFFF, 0xFFFF_F000, 0xFFFF_F001, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
    ]

    public static func edge(_ random: inout RandomSource) -> UInt64 {
        let value = random.pick(edges)
        return random.chance(35) ? 0 &- value : value
    }

    /// `count` lists of arguments for `program`.
    public static func make(for program: GeneratedProgram, count: Int, seed: UInt64) -> [[UInt64]] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { number in
            program.parameters.enumerated().map { position, type in
                let bits: UInt64
                if position == 0, !program.labels.isEmpty, random.chance(85) {
                    let label = program.labels[number % program.labels.count]
                    let inside = label.low + UInt64(random.below(Int(label.high - label.low) + 1))
                    let others = random.chance(50) ? 0 : random.next()
                    let mask = program.commandMask << UInt64(program.commandShift)
                    bits = (inside << UInt64(program.commandShift)) | (others & ~mask)
                } else if random.chance(60) {
                    bits = edge(&random)
                } else {
                    bits = random.next() >> UInt64(random.below(64))
                }
                return type.normalize(bits, program.model)
            }
        }
    }
}
