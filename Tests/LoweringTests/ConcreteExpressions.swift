import ProgramModel

extension ConcreteInterpreter {
    // MARK: Patterns

    /// `bits` cut to the type and extended to 64 bits by its sign.
    static func normalize(_ bits: UInt64, _ type: IntType) -> UInt64 {
        let shift = UInt64(64 - type.width)
        let top = bits << shift
        return type.isSigned ? UInt64(bitPattern: Int64(bitPattern: top) >> Int64(shift)) : top >> shift
    }

    static func number(_ bits: UInt64, _ type: IntType) -> Int128 {
        type.isSigned ? Int128(Int64(bitPattern: bits)) : Int128(bits)
    }

    private static func scalar(_ type: CType) throws -> IntType {
        guard let scalar = type.scalarType else { throw ConcreteFault("\(type) is no scalar") }
        return scalar
    }

    // MARK: Places

    /// Where a place is: its bytes, and the first bit in them.
    func address(of place: Place, _ frame: Frame) throws -> (address: UInt64, bit: Int, width: Int?) {
        var address: UInt64
        switch place.base {
        case .local(let local): address = frame.addresses[local.index]
        case .global(let global): address = try self.address(of: global)
        case .dereference(let pointer): address = try evaluate(pointer, frame)
        case .string: address = memory.allocate(1, defined: false)
        }
        var bit = 0
        var width: Int?
        for projection in place.path {
            guard width == nil else { throw ConcreteFault("a path through a bit-field") }
            switch projection {
            case .field(_, _, let offset, let bits):
                bit += offset
                width = bits
            case .element(let index, let size, let count):
                let type = try Self.scalar(frame.function[index].type)
                let number = Self.number(try evaluate(index, frame), type)
                if let count, !(0...Int128(count)).contains(number) { throw ConcreteFault("index \(number) of \(count)") }
                address = address &+ UInt64(truncatingIfNeeded: number * Int128(size))
            }
        }
        if width == nil { return (address &+ UInt64(bit / 8), bit % 8, nil) }
        return (address &+ UInt64(bit / 8), bit % 8, width)
    }

    func load(_ place: Place, _ frame: Frame) throws -> UInt64 {
        let (address, bit, width) = try address(of: place, frame)
        let type = try Self.scalar(place.type)
        if type.isBool, width == nil { return try memory.load(address, bit: bit, width: 8) & 1 }
        let bits = try memory.load(address, bit: bit, width: width ?? type.width)
        return Self.normalize(bits, IntType(width: width ?? type.width, isSigned: type.isSigned))
    }

    func store(_ bits: UInt64, to place: Place, _ frame: Frame) throws {
        let (address, bit, width) = try address(of: place, frame)
        let type = try Self.scalar(place.type)
        try memory.store(bits, to: address, bit: bit, width: width ?? type.byteSize * 8)
    }

    func store(_ bits: UInt64, _ type: CType, at address: UInt64) throws {
        try memory.store(bits, to: address, bit: 0, width: Self.scalar(type).byteSize * 8)
    }

    // MARK: Expressions

    func evaluate(_ id: ExpressionID, _ frame: Frame) throws -> UInt64 {
        let expression = frame.function[id]
        switch expression.kind {
        case .constant(let bits): return bits
        case .load(let place), .volatileLoad(let place): return try load(place, frame)
        case .addressOf(let place): return try address(of: place, frame).address
        case .functionAddress(let function): return address(of: function)
        case .unary(let op, let operand):
            let bits = try evaluate(operand, frame)
            return Self.normalize(op == .negate ? 0 &- bits : ~bits, try Self.scalar(expression.type))
        case .binary(let op, let a, let b): return try binary(op, a, b, expression.type, frame)
        case .compare(let op, let a, let b): return try compare(op, a, b, frame) ? 1 : 0
        case .pointerAdd(let pointer, let index, let size, let isSubtraction):
            let type = try Self.scalar(frame.function[index].type)
            let distance = Self.number(try evaluate(index, frame), type) * Int128(size)
            let moved = Int128(try evaluate(pointer, frame)) + (isSubtraction ? -distance : distance)
            return Self.normalize(UInt64(truncatingIfNeeded: moved), try Self.scalar(expression.type))
        case .pointerDifference(let a, let b, let size):
            let distance = Int64(bitPattern: try evaluate(a, frame) &- (try evaluate(b, frame)))
            return UInt64(bitPattern: distance / Int64(max(1, size)))
        case .logicalNot(let operand): return try evaluate(operand, frame) == 0 ? 1 : 0
        case .logicalAnd(let a, let b): return try evaluate(a, frame) != 0 && evaluate(b, frame) != 0 ? 1 : 0
        case .logicalOr(let a, let b): return try evaluate(a, frame) != 0 || evaluate(b, frame) != 0 ? 1 : 0
        case .convert(let operand, _): return try convert(operand, to: expression.type, frame)
        case .anyValue(let reason):
            if expression.type == .void { return 0 }
            throw ConcreteFault("any value: \(reason)")
        case .unsupported(let kind): throw ConcreteFault("unsupported expression \(kind)")
        }
    }

    private func convert(_ operand: ExpressionID, to type: CType, _ frame: Frame) throws -> UInt64 {
        let bits = try evaluate(operand, frame)
        let target = try Self.scalar(type)
        if target.isBool { return bits == 0 ? 0 : 1 }
        return Self.normalize(bits, target)
    }

    private func binary(
        _ op: BinaryOperator, _ a: ExpressionID, _ b: ExpressionID, _ type: CType, _ frame: Frame
    ) throws -> UInt64 {
        let result = try Self.scalar(type)
        let (left, right) = (try Self.scalar(frame.function[a].type), try Self.scalar(frame.function[b].type))
        let isShift = op == .shiftLeft || op == .shiftRight
        guard left == result, isShift || right == result else { throw ConcreteFault("operands of \(op) differ") }
        let (x, y) = (Self.number(try evaluate(a, frame), left), Self.number(try evaluate(b, frame), right))
        let value: Int128
        switch op {
        case .add: value = x &+ y
        case .subtract: value = x &- y
        case .multiply: value = x &* y
        case .divide, .remainder:
            guard y != 0 else { throw ConcreteFault("division by zero") }
            value = op == .divide ? x / y : x % y
        case .and: value = x & y
        case .or: value = x | y
        case .xor: value = x ^ y
        case .shiftLeft, .shiftRight:
            guard (0..<Int128(result.width)).contains(y) else { throw ConcreteFault("shift by \(y)") }
            value = op == .shiftLeft ? x << y : x >> y
        }
        return Self.normalize(UInt64(truncatingIfNeeded: value), result)
    }

    private func compare(_ op: ComparisonOperator, _ a: ExpressionID, _ b: ExpressionID, _ frame: Frame) throws -> Bool {
        let (left, right) = (try Self.scalar(frame.function[a].type), try Self.scalar(frame.function[b].type))
        guard left == right else { throw ConcreteFault("operands of \(op) differ") }
        let (x, y) = (Self.number(try evaluate(a, frame), left), Self.number(try evaluate(b, frame), right))
        switch op {
        case .equal: return x == y
        case .notEqual: return x != y
        case .less: return x < y
        case .lessOrEqual: return x <= y
        case .greater: return x > y
        case .greaterOrEqual: return x >= y
        }
    }
}
