/// Expressions in the shapes that real code has: saturations, round-trip checks, masks, macros, pointers as numbers.
extension Generation {
    mutating func idiom(_ depth: Int, _ effects: Effects) -> CExpression {
        switch random.below(12) {
        case 0, 1: return minimum(depth, effects)
        case 2: return saturation(depth, effects)
        case 3: return roundTrip(depth, effects)
        case 4: return field(depth, effects)
        case 5: return likely(depth, effects)
        case 6: return hidden(depth, effects)
        case 7: return constant(depth)
        case 8: return selection(depth, effects)
        case 9, 10: return pointer(depth, effects)
        default: return literalObject(depth, effects)
        }
    }

    /// A side effect in a macro's argument would happen twice where the macro uses it twice.
    private func once(_ effects: Effects) -> Effects { effects == .stable ? .stable : .none }

    /// `typeof` of a bit-field is an error, so arguments of such macros are cast.
    private mutating func typed(_ depth: Int, _ effects: Effects) -> CExpression {
        let type = scalarType()
        return CExpression(type, "((\(type.rawValue))$0)", [expression(depth - 1, effects)])
    }

    private mutating func minimum(_ depth: Int, _ effects: Effects) -> CExpression {
        switch random.below(3) {
        case 0:
            let (a, b) = (typed(depth, effects), typed(depth, effects))
            return CExpression(
                ScalarType.common(a.type, b.type, model), "@\(random.pick(["min", "max"]))($0, $1)", [a, b])
        case 1:
            let type = scalarType()
            let (a, b) = (expression(depth - 1, effects), expression(depth - 1, effects))
            return CExpression(type, "@\(random.pick(["min_t", "max_t"]))(\(type.rawValue), $0, $1)", [a, b])
        default:
            let type = scalarType()
            let (a, b, c) = (expression(depth - 1, effects), literal(type), literal(type))
            return CExpression(type, "@clamp_t(\(type.rawValue), $0, $1, $2)", [a, b, c])
        }
    }

    private mutating func saturation(_ depth: Int, _ effects: Effects) -> CExpression {
        let value = expression(depth - 1, once(effects))
        let limit = random.pick(["2147483647", "4294967295UL", "2147483647L", "(~0U >> 1)", "4095L", "255", "(1UL << 31)"])
        let type: ScalarType = limit.hasSuffix("UL") || limit.contains("UL ") ? .unsignedLong
            : limit.hasSuffix("L") ? .long : limit.contains("U") ? .unsignedInt : .int
        let op = random.pick([">", ">="])
        return CExpression(
            ScalarType.common(value.type, type, model), "($0 \(op) \(limit) ? \(limit) : $0)", [value])
    }

    private mutating func roundTrip(_ depth: Int, _ effects: Effects) -> CExpression {
        let value = expression(depth - 1, once(effects))
        let type = random.pick([ScalarType.int, .unsignedInt, .unsignedShort, .short, .unsignedChar, .long])
        return random.chance(50)
            ? CExpression(.int, "@fits(\(type.rawValue), $0)", [value])
            : CExpression(.int, "($0 != (\(type.rawValue))$0)", [value])
    }

    private mutating func field(_ depth: Int, _ effects: Effects) -> CExpression {
        let value = expression(depth - 1, effects)
        let type = random.pick([ScalarType.unsignedInt, .unsignedLong, .int])
        let mask = UInt64(random.pick([0x3F, 0xFF00, 0x7FFF_FFC0, 0x10, 0x7FF0]))
        let literal = literal(of: mask, type)
        return CExpression(ScalarType.common(value.type, type, model), "@field_of($0, $1)", [value, literal])
    }

    private mutating func likely(_ depth: Int, _ effects: Effects) -> CExpression {
        CExpression(.long, "@\(random.pick(["likely", "unlikely"]))($0)", [expression(depth - 1, effects)])
    }

    private mutating func hidden(_ depth: Int, _ effects: Effects) -> CExpression {
        let value = expression(depth - 1, effects)
        switch random.below(4) {
        case 0: return CExpression(.unsignedLong, "@hide($0)", [value])
        case 1: return CExpression(.unsignedLong, "@launder($0)", [value])
        case 2: return CExpression(.int, "@is_err(@err_ptr($0))", [value])
        default: return CExpression(.long, "@ptr_err(@err_ptr($0))", [value])
        }
    }

    private mutating func constant(_ depth: Int) -> CExpression {
        let size: ScalarType = model == .lp64 ? .unsignedLong : .unsignedInt
        let record = random.below(records.count)
        let whole = records[record].fields.first { field in
            if case .scalar(_, .some) = field.shape { false } else { true }
        }
        switch random.below(5) {
        case 0: return CExpression(size, "sizeof(struct @s\(record))")
        case 1:
            guard let whole else { return CExpression(.int, "@MIDDLE") }
            return CExpression(size, "__builtin_offsetof(struct @s\(record), \(whole.name))")
        case 2: return CExpression(.int, random.pick(["@LOW", "@MIDDLE", "@HIGH", "(-@ERROR)"]))
        case 3: return CExpression(.int, "@kind($0)", [typed(depth, .stable)])
        default: return CExpression(size, "sizeof($0)", [typed(depth, .stable)])
        }
    }

    private mutating func selection(_ depth: Int, _ effects: Effects) -> CExpression {
        let (a, b) = (expression(depth - 1, effects), expression(depth - 1, .stable))
        switch random.below(3) {
        case 0: return CExpression(a.type, "__builtin_choose_expr(1, $0, $1)", [a, b])
        case 1: return CExpression(a.type, "__builtin_choose_expr(sizeof(int) == 8, $1, $0)", [a, b])
        default: return CExpression(a.type, "(__extension__ $0)", [a])
        }
    }

    private mutating func pointer(_ depth: Int, _ effects: Effects) -> CExpression {
        if effects == .stable { return literal(scalarType()) }
        if random.chance(50), !scope.cursors.isEmpty {
            let cursor = random.pick(scope.cursors)
            let index = expression(1, once(effects))
            switch random.below(5) {
            case 0: return CExpression(cursor.type, "(*\(cursor.name))")
            case 1: return CExpression(.long, "((long)(\(cursor.name) - \(cursor.array)))")
            case 2:
                return CExpression(
                    .int, "(\(cursor.name) \(random.pick(["<", ">=", "==", "!="])) &\(cursor.array)[($0) & \(cursor.count - 1)])",
                    [index])
            case 3: return CExpression(cursor.type, "(($0) & \(cursor.count - 1))[\(cursor.array)]", [index])
            default: return CExpression(cursor.type, "(*(\(cursor.name) - (\(cursor.name) - \(cursor.array))))")
            }
        }
        guard !scope.pointers.isEmpty else { return literal(scalarType()) }
        let pointer = random.pick(scope.pointers)
        switch random.below(pointer.targets.contains(Self.null) ? 3 : 4) {
        case 0: return CExpression(.int, "(\(pointer.name) == \(random.pick(pointer.targets)))")
        case 1: return CExpression(.int, "(!\(pointer.name))")
        case 2: return CExpression(pointer.type, "(\(pointer.name) ? *\(pointer.name) : $0)", [literal(pointer.type)])
        default: return CExpression(pointer.type, "(*\(pointer.name))")
        }
    }

    private mutating func literalObject(_ depth: Int, _ effects: Effects) -> CExpression {
        switch random.below(3) {
        case 0:
            let number = random.below(records.count)
            let items = recordInitializer(number, constant: false)
            // An overlay's other bytes are not specified by an initialiser that leaves its union out.
            let members = records[number].fields.indices.filter { index in
                !records[number].fields[index].isOverlay
            }
            guard let member = members.first, case .scalar(let type, nil) = records[number].fields[member].shape else {
                return literal(scalarType())
            }
            return CExpression(
                type, "(((struct @s\(number)){ \(items.text) }).\(records[number].fields[member].name))", items.operands)
        case 1:
            let type = scalarType()
            let items = (0..<4).map { _ in expression(1, .stable) }
            let index = expression(1, once(effects))
            return CExpression(type, "((\(type.rawValue)[]){ $0, $1, $2, $3 })[($4) & 3]", items + [index])
        default:
            let type = scalarType()
            return CExpression(type, "((\(type.rawValue)){ $0 })", [expression(1, once(effects))])
        }
    }
}
