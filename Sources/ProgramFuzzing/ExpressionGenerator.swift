/// What an expression may do.
enum Effects {
    case any, none
    /// No effects, and nothing that is evaluated at the same time can change its value.
    case stable
}

extension Generation {
    mutating func literal(_ type: ScalarType) -> CExpression {
        let bits = random.chance(50) ? Inputs.edge(&random) : UInt64(random.below(64))
        return CExpression(type, type.literal(bits, model), isLiteral: true)
    }

    mutating func expression(_ depth: Int, _ effects: Effects) -> CExpression {
        guard depth > 0 else { return leaf(effects) }
        switch random.below(100) {
        case 0..<12: return leaf(effects)
        case 12..<34: return arithmetic(depth, effects)
        case 34..<44: return comparison(depth, effects)
        case 44..<50: return shift(depth, effects)
        case 50..<55: return division(depth, effects)
        case 55..<62: return unary(depth, effects)
        case 62..<70: return cast(depth, effects)
        case 70..<76: return conditional(depth, effects)
        case 76..<80: return logical(depth, effects)
        case 80..<89: return idiom(depth, effects)
        case 89..<93 where effects != .stable: return statementExpression(depth, effects)
        default: return effects == .any ? effectful(depth) : leaf(effects)
        }
    }

    // MARK: Leaves

    private mutating func leaf(_ effects: Effects) -> CExpression {
        if random.chance(25) { return literal(scalarType()) }
        if effects == .stable { return scope.stable.isEmpty ? literal(scalarType()) : read(random.pick(scope.stable), .stable) }
        let pools = [scope.places, scope.places, scope.places, scope.stable, scope.readable, scope.counters].filter { !$0.isEmpty }
        guard !pools.isEmpty else { return literal(scalarType()) }
        if random.chance(15), !scope.records.isEmpty {
            let record = random.pick(scope.records)
            return read(random.pick(places(in: record.text, record.type)), effects)
        }
        if random.chance(10), !scope.recordPointers.isEmpty {
            let pointer = random.pick(scope.recordPointers)
            return read(random.pick(places(in: "(*\(pointer.name))", pointer.type)), effects)
        }
        return read(random.pick(random.pick(pools)), effects)
    }

    mutating func read(_ place: CPlace, _ effects: Effects) -> CExpression {
        var text = place.text
        var operands: [CExpression] = []
        for (gap, count) in place.counts.enumerated() {
            operands.append(expression(1, effects == .stable ? .stable : .none))
            text = text.replacing("$\(gap)", with: "($\(gap)) & \(count - 1)")
        }
        return CExpression(place.type, text, operands)
    }

    // MARK: Operators

    /// Two operands without a sequence point between them.
    private mutating func pair(_ depth: Int, _ effects: Effects) -> (CExpression, CExpression) {
        switch effects {
        case .any where random.chance(40):
            let effectful = expression(depth - 1, .any)
            let other = expression(depth - 1, .stable)
            return random.chance(50) ? (effectful, other) : (other, effectful)
        case .stable: return (expression(depth - 1, .stable), expression(depth - 1, .stable))
        default: return (expression(depth - 1, .none), expression(depth - 1, .none))
        }
    }

    private func common(_ a: CExpression, _ b: CExpression) -> ScalarType { ScalarType.common(a.type, b.type, model) }

    private mutating func arithmetic(_ depth: Int, _ effects: Effects) -> CExpression {
        let (a, b) = pair(depth, effects)
        let op = random.pick(["+", "+", "-", "-", "*", "&", "&", "|", "^"])
        return CExpression(common(a, b), "($0 \(op) $1)", [a, b])
    }

    private mutating func comparison(_ depth: Int, _ effects: Effects) -> CExpression {
        let (a, b) = pair(depth, effects)
        return CExpression(.int, "($0 \(random.pick(["<", "<=", ">", ">=", "==", "!="])) $1)", [a, b])
    }

    private mutating func shift(_ depth: Int, _ effects: Effects) -> CExpression {
        let (a, b) = pair(depth, effects)
        let type = a.type.promoted
        let width = min(type.width(model), type.width(.ilp32))
        return CExpression(type, "($0 \(random.pick(["<<", ">>"])) ($1 & \(width - 1)))", [a, b])
    }

    private mutating func division(_ depth: Int, _ effects: Effects) -> CExpression {
        let (a, b) = pair(depth, effects)
        let op = random.pick(["/", "%"])
        switch random.below(3) {
        case 0: return CExpression(ScalarType.common(a.type, b.type, model), "($0 \(op) (($1 & 127) + 1))", [a, b])
        case 1:
            let type = random.pick([ScalarType.int, .unsignedInt, .long, .unsignedLong])
            let divisor = type.literal(random.pick([3, 7, 10, 16, 4096]), model)
            return CExpression(ScalarType.common(a.type, type, model), "($0 \(op) \(divisor))", [a])
        default:
            // Never 0 and never -1, in any type.
            return CExpression(ScalarType.common(a.type, b.type, model), "($0 \(op) (($1 | 1) & 0x7fff))", [a, b])
        }
    }

    func literal(of value: UInt64, _ type: ScalarType) -> CExpression {
        CExpression(type, type.literal(value, model), isLiteral: true)
    }

    private mutating func unary(_ depth: Int, _ effects: Effects) -> CExpression {
        let a = expression(depth - 1, effects)
        switch random.below(7) {
        case 0, 1: return CExpression(a.type.promoted, "(-$0)", [a])
        case 2, 3: return CExpression(a.type.promoted, "(~$0)", [a])
        case 4: return CExpression(a.type.promoted, "(+$0)", [a])
        case 5: return CExpression(.int, "(!!$0)", [a])
        default: return CExpression(.int, "(!$0)", [a])
        }
    }

    private mutating func cast(_ depth: Int, _ effects: Effects) -> CExpression {
        let type = scalarType()
        return CExpression(type, "((\(type.rawValue))$0)", [expression(depth - 1, effects)])
    }

    private mutating func conditional(_ depth: Int, _ effects: Effects) -> CExpression {
        let a = expression(depth - 1, effects)
        let b = expression(depth - 1, effects)
        if random.chance(25) { return CExpression(common(a, b), "($0 ?: $1)", [a, b]) }
        let c = expression(depth - 1, effects)
        return CExpression(common(b, c), "($0 ? $1 : $2)", [a, b, c])
    }

    private mutating func logical(_ depth: Int, _ effects: Effects) -> CExpression {
        let a = expression(depth - 1, effects)
        let b = expression(depth - 1, effects)
        return CExpression(.int, "($0 \(random.pick(["&&", "||"])) $1)", [a, b])
    }

    // MARK: Side effects

    private mutating func effectful(_ depth: Int) -> CExpression {
        if random.chance(40), let call = callExpression(depth) { return call }
        guard !scope.counters.isEmpty else { return leaf(.any) }
        let counter = random.pick(scope.counters)
        switch random.below(7) {
        case 0: return CExpression(counter.type, "(\(counter.text)++)")
        case 1: return CExpression(counter.type, "(\(counter.text)--)")
        case 2: return CExpression(counter.type, "(++\(counter.text))")
        case 3: return CExpression(counter.type, "(--\(counter.text))")
        case 4: return CExpression(counter.type, "(\(counter.text) = $0)", [expression(depth - 1, .stable)])
        case 5:
            let op = random.pick(["+", "-", "*", "&", "|", "^"])
            return CExpression(counter.type, "(\(counter.text) \(op)= $0)", [expression(depth - 1, .stable)])
        default:
            let value = expression(depth - 1, .any)
            return CExpression(value.type, "(\(counter.text) = $0, $1)", [expression(depth - 1, .stable), value])
        }
    }

    private mutating func statementExpression(_ depth: Int, _ effects: Effects) -> CExpression {
        let type = scalarType()
        let variable = name("x")
        let initial = expression(depth - 1, effects)
        if effects == .any, random.chance(50) {
            let outer = scope
            scope.places.append(CPlace(type: type, text: variable))
            scope.allowsJumps = false
            scope.isInLoop = false
            scope.canBreak = false
            scope.depth += 2
            let block = CBlock([simpleStatement()])
            let value = expression(depth - 1, .none)
            scope = outer
            let text = "({ \(type.rawValue) \(variable) = $0; #0 $1; })"
            return CExpression(value.type, text, [initial, value], blocks: [block])
        }
        let outer = scope
        scope.stable.append(CPlace(type: type, text: variable))
        let value = expression(depth - 1, effects == .any ? .none : effects)
        scope = outer
        return CExpression(value.type, "({ \(type.rawValue) \(variable) = $0; $1; })", [initial, value])
    }
}
