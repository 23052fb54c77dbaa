import ProgramFuzzing

/// Arguments for a program: those that the generator knows of, and the program's own constants with their neighbours,
/// because that is where its branches turn.
struct ProgramInputs {
    let program: GeneratedProgram
    private let constants: [UInt64]

    init(program: GeneratedProgram) {
        self.program = program
        constants = Self.constants(of: program)
    }

    func make(count: Int) -> [[UInt64]] {
        var random = RandomSource(seed: program.seed &+ 0x5EED)
        var lists = Inputs.make(for: program, count: count, seed: program.seed &+ 1)
        // Most lists get some arguments replaced; the command stays, since it selects the sub-operation.
        for index in lists.indices where index % 4 != 0 {
            for position in program.parameters.indices.dropFirst() where random.chance(75) {
                lists[index][position] = program.parameters[position].normalize(value(&random), program.model)
            }
        }
        return program.knownArguments + lists
    }

    /// A constant of the program or one beside it; two arguments may well be meant to be equal.
    private func value(_ random: inout RandomSource) -> UInt64 {
        let constant = random.pick(constants)
        switch random.below(8) {
        case 0: return constant &+ 1
        case 1: return constant &- 1
        case 2: return UInt64(random.below(10))
        // The same in the low half, with something above it.
        case 3: return (constant & 0xFFFF_FFFF) | random.next() << 32
        default: return constant
        }
    }

    /// The arguments as a guest with registers of 32 bits passes them: those wider than a register come zero-extended.
    func zeroExtended(_ arguments: [UInt64]) -> [UInt64] {
        zip(arguments, program.parameters).map { value, type in
            type.width(program.model) > 32 ? value & 0xFFFF_FFFF : value
        }
    }

    private static func constants(of program: GeneratedProgram) -> [UInt64] {
        var found: Set<UInt64> = [0]
        let text = program.ownText.utf8
        for word in text.split(whereSeparator: { !isWord($0) }) {
            guard let first = word.first, isDigit(first) else { continue }
            let digits = String(decoding: word, as: UTF8.self).prefix { $0.isHexDigit || $0 == "x" }
            let value = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
            if let value { found.formUnion([value, 0 &- value]) }
        }
        return found.sorted()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9") }

    private static func isWord(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return isDigit(byte) || byte == UInt8(ascii: "_") || UInt8(ascii: "a") <= letter && letter <= UInt8(ascii: "z")
    }
}
