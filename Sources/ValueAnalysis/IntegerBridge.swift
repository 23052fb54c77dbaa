import IntegerDomain
import ProgramModel

extension IntType {
    /// The domain's format for values of this C type.
    var format: IntFormat { IntFormat(width: width, isSigned: isSigned) }
}

extension CType {
    /// Format of a scalar's numeric view (a pointer's is the unsigned integer of its width); nil for aggregates and void.
    var format: IntFormat? { scalarType?.format }

    /// C spelling of an integer type, for messages; widths decide the name because typedefs are already resolved.
    func spelling(longWidth: Int) -> String {
        switch self {
        case .integer(let type):
            if type.isBool { return "_Bool" }
            let name =
                switch type.width {
                case 8: "char"
                case 16: "short"
                case 32: "int"
                case longWidth: "long"
                default: "long long"
                }
            if type.width == 8 { return type.isSigned ? "signed char" : "unsigned char" }
            return type.isSigned ? name : "unsigned \(name)"
        case .pointer(let to, _): return "\(to.spelling(longWidth: longWidth)) *"
        case .record(let name): return "struct \(name)"
        case .void: return "void"
        case .array(let element, _): return "\(element.spelling(longWidth: longWidth))[]"
        case .function: return "function"
        case .opaque(let name, _): return name
        }
    }
}

extension BinaryOperator {
    var domainOperator: IntegerDomain.BinaryOp {
        switch self {
        case .add: .add
        case .subtract: .sub
        case .multiply: .mul
        case .divide: .div
        case .remainder: .rem
        case .and: .and
        case .or: .or
        case .xor: .xor
        case .shiftLeft: .shl
        case .shiftRight: .shr
        }
    }
}

extension UnaryOperator {
    var domainOperator: IntegerDomain.UnaryOp { self == .negate ? .neg : .not }
}

extension ComparisonOperator {
    var domainOperator: IntegerDomain.CompareOp {
        switch self {
        case .equal: .eq
        case .notEqual: .ne
        case .less: .lt
        case .lessOrEqual: .le
        case .greater: .gt
        case .greaterOrEqual: .ge
        }
    }
}

/// The mathematical value of a bit pattern in a format (`ExpressionKind.constant`).
func constantValue(bits: UInt64, format: IntFormat) -> Int128 {
    format.isSigned ? Int128(Int64(bitPattern: bits)) : Int128(bits)
}
