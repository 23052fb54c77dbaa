import ProgramModel

/// Exact arithmetic of C on constants. What C leaves undefined (signed overflow, division by zero, shifts too far) is not
/// folded, so that the analysis sees it.
enum ConstantFolding {
    /// The pattern of `bits` in `type`, extended to 64 bits by the type's sign.
    static func normalize(_ bits: UInt64, to type: IntType) -> UInt64 {
        guard type.width < 64 else { return bits }
        let mask = (UInt64(1) << UInt64(type.width)) - 1
        let low = bits & mask
        guard type.isSigned, low >> UInt64(type.width - 1) != 0 else { return low }
        return low | ~mask
    }

    /// The number that a pattern stands for.
    static func value(_ bits: UInt64, _ type: IntType) -> Int128 {
        type.isSigned ? Int128(Int64(bitPattern: bits)) : Int128(bits)
    }

    /// The pattern of a number, nil if it does not fit `type`.
    static func pattern(_ value: Int128, _ type: IntType) -> UInt64? {
        let bits = normalize(UInt64(truncatingIfNeeded: value), to: type)
        return Self.value(bits, type) == value ? bits : nil
    }

    /// Wraps for unsigned types, nil on signed overflow.
    private static func result(_ value: Int128, _ type: IntType) -> UInt64? {
        type.isSigned ? pattern(value, type) : normalize(UInt64(truncatingIfNeeded: value), to: type)
    }

    static func unary(_ op: UnaryOperator, _ bits: UInt64, _ type: IntType) -> UInt64? {
        switch op {
        case .negate: result(-value(bits, type), type)
        case .complement: normalize(~bits, to: type)
        }
    }

    static func binary(_ op: BinaryOperator, _ a: UInt64, _ b: UInt64, _ type: IntType, shiftType: IntType) -> UInt64? {
        let x = value(a, type)
        let y = value(b, op == .shiftLeft || op == .shiftRight ? shiftType : type)
        switch op {
        case .add: return result(x + y, type)
        case .subtract: return result(x - y, type)
        case .multiply:
            let (product, overflow) = x.multipliedReportingOverflow(by: y)
            if overflow { return type.isSigned ? nil : normalize(a &* b, to: type) }
            return result(product, type)
        case .divide: return y == 0 ? nil : result(x / y, type)
        case .remainder: return y == 0 || (y == -1 && type.isSigned) ? nil : result(x % y, type)
        case .and: return normalize(a & b, to: type)
        case .or: return normalize(a | b, to: type)
        case .xor: return normalize(a ^ b, to: type)
        case .shiftLeft:
            guard y >= 0, y < Int128(type.width) else { return nil }
            // gcc and clang define the shift of a negative number as that of its pattern, as long as no bit is lost.
            return type.isSigned ? pattern(x << y, type) : normalize(a << UInt64(y), to: type)
        case .shiftRight:
            guard y >= 0, y < Int128(type.width) else { return nil }
            return result(x >> y, type)
        }
    }

    static func compare(_ op: ComparisonOperator, _ a: UInt64, _ b: UInt64, _ type: IntType) -> Bool {
        let (x, y) = (value(a, type), value(b, type))
        return switch op {
        case .equal: x == y
        case .notEqual: x != y
        case .less: x < y
        case .lessOrEqual: x <= y
        case .greater: x > y
        case .greaterOrEqual: x >= y
        }
    }
}
