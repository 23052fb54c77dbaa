import ProgramFuzzing

/// Arguments for a program: those that the generator knows of, and the program's own constants with their neighbours,
/// because that is where its branches turn.
struct ProgramInputs {
    let program: GeneratedProgram

    func make(count: Int) -> [[UInt64]] {
        var random = RandomSource(seed: program.seed &+ 0x5EED)
        let constants = self.constants
        var lists = Inputs.make(for: program, count: count, seed: program.seed &+ 1)
        // Half of the lists get some arguments replaced; the command stays, since it selects the sub-operation.
        for index in lists.indices where index % 2 == 1 {
            for position in program.parameters.indices.dropFirst() where random.chance(60) {
                let value = random.pick(constants) &+ UInt64(random.below(3)) &- 1
                lists[index][position] = program.parameters[position].normalize(value, program.model)
            }
        }
        return lists
    }

    /// The arguments as a guest with registers of 32 bits passes them: those wider than a register come zero-extended.
    func zeroExtended(_ arguments: [UInt64]) -> [UInt64] {
        zip(arguments, program.parameters).map { value, type in
            type.width(program.model) > 32 ? value & 0xFFFF_FFFF : value
        }
    }

    private var constants: [UInt64] {
        var found: Set<UInt64> = [0]
        for word in program.source().split(whereSeparator: { !($0.isASCII && ($0.isNumber || $0.isLetter || $0 == "_")) }) {
            guard word.first?.isNumber == true else { continue }
            let digits = word.prefix { $0.isHexDigit || $0 == "x" }
            let value = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
            if let value { found.formUnion([value, 0 &- value]) }
        }
        return found.sorted()
    }
}
