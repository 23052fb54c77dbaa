extension Generation {
    /// A block with declarations of its own. `before` stands first, `after` last.
    mutating func block(declares: Bool = true) -> CBlock {
        let outer = scope
        var statements: [CStatement] = []
        scope.depth += 1
        if declares, random.chance(scope.depth == 1 ? 100 : 35) { statements += declarations() }
        let label = scope.allowsJumps && random.chance(12) ? name("out") : nil
        if let label { scope.labels.append(label) }
        for _ in 0..<random.number(in: options.statements) { statements.append(statement()) }
        if let label {
            // A label without a `goto` is a warning only; the null statement keeps it legal at the end.
            statements.append(CStatement("\(label): ;", isRemovable: true))
        }
        if options.traces, random.chance(30) { statements.append(trace()) }
        scope = outer
        return CBlock(statements)
    }

    mutating func trace() -> CStatement {
        CStatement("@trace = (@trace ^ (unsigned long)($0)) * 31UL + 7;", [expression(1, .none)])
    }

    mutating func statement() -> CStatement {
        cost += scope.repetitions
        let isDeep = scope.depth > 3
        switch random.below(100) {
        case 0..<38: return simpleStatement()
        case 38..<52 where !isDeep: return conditional()
        case 52..<66 where !isDeep && scope.repetitions < 64: return loop()
        case 66..<74 where !isDeep: return nestedSwitch()
        case 74..<82: return jump()
        case 82..<88: return copyStatement()
        case 88..<90 where !isDeep && scope.allowsJumps: return CStatement("#0", blocks: [block()])
        case 90..<92 where !isDeep && scope.repetitions == 1 && scope.allowsJumps: return retry()
        default: return simpleStatement()
        }
    }

    // MARK: Without control flow

    mutating func simpleStatement() -> CStatement {
        switch random.below(10) {
        case 0: return CStatement("(void)$0;", [expression(2, .any)])
        case 1:
            if let call = callExpression(2) { return CStatement("\(random.chance(50) ? "(void)" : "")$0;", [call]) }
            return assignment()
        case 2 where scope.allowsJumps: return pointerAssignment() ?? assignment()
        case 3 where options.traces: return trace()
        default: return assignment()
        }
    }

    private mutating func target() -> CPlace? {
        if random.chance(25), !scope.records.isEmpty {
            let record = random.pick(scope.records)
            return random.pick(places(in: record.text, record.type))
        }
        if random.chance(20), !scope.recordPointers.isEmpty {
            let pointer = random.pick(scope.recordPointers)
            // `p->f` and `(*p).f` are the same.
            var place = random.pick(places(in: "\(pointer.name)->", pointer.type))
            place.text = place.text.replacing("->.", with: "->")
            return place
        }
        if random.chance(15), !scope.pointers.isEmpty {
            let pointer = random.pick(scope.pointers)
            if !pointer.targets.contains(Self.null) { return CPlace(type: pointer.type, text: "*\(pointer.name)") }
        }
        return scope.places.isEmpty ? nil : random.pick(scope.places)
    }

    private mutating func assignment() -> CStatement {
        guard let target = target() else { return CStatement(";") }
        let place = read(target, .stable)
        // The value's gap comes after those of the place.
        let gap = "$\(place.operands.count)"
        switch random.below(10) {
        case 0: return CStatement("\(random.pick(["++", "--"]))\(unary(place.text));", place.operands)
        case 1: return CStatement("\(unary(place.text))\(random.pick(["++", "--"]));", place.operands)
        case 2, 3, 4:
            let op = random.pick(["+", "-", "*", "&", "|", "^"])
            return CStatement("\(place.text) \(op)= \(gap);", place.operands + [expression(options.expressionDepth, .none)])
        case 5:
            let op = random.pick(["<<", ">>"])
            let width = min(target.type.promoted.width(model), 32)
            return CStatement("\(place.text) \(op)= (\(gap) & \(width - 1));", place.operands + [expression(2, .none)])
        case 6:
            let op = random.pick(["/", "%"])
            return CStatement("\(place.text) \(op)= ((\(gap) & 127) + 1);", place.operands + [expression(2, .none)])
        default:
            return CStatement("\(place.text) = \(gap);", place.operands + [expression(options.expressionDepth, .any)])
        }
    }

    private func unary(_ text: String) -> String { text.hasPrefix("*") ? "(\(text))" : text }

    private mutating func pointerAssignment() -> CStatement? {
        switch random.below(3) {
        case 0 where !scope.pointers.isEmpty:
            let pointer = random.pick(scope.pointers)
            return CStatement(
                "\(pointer.name) = $0 ? \(random.pick(pointer.targets)) : \(random.pick(pointer.targets));",
                [expression(2, .none)])
        case 1 where !scope.recordPointers.isEmpty:
            let pointer = random.pick(scope.recordPointers)
            return CStatement("if ($0) \(pointer.name) = \(random.pick(pointer.targets));", [expression(2, .none)])
        case 2 where !scope.cursors.isEmpty:
            let cursor = random.pick(scope.cursors)
            switch random.below(4) {
            case 0: return CStatement("if (\(cursor.name) < &\(cursor.array)[\(cursor.count - 1)]) \(cursor.name)++;")
            case 1: return CStatement("if (\(cursor.name) > \(cursor.array)) \(cursor.name) -= 1;")
            case 2: return CStatement("\(cursor.name) = \(cursor.array) + (($0) & \(cursor.count - 1));", [expression(1, .none)])
            default: return CStatement("\(cursor.name) = &\(cursor.array)[($0) & \(cursor.count - 1)];", [expression(1, .none)])
            }
        default: return nil
        }
    }

    /// A `_Bool` has no other bytes than 0 and 1.
    private func holdsBool(_ number: Int) -> Bool {
        records[number].fields.contains { field in
            switch field.shape {
            case .scalar(let type, _), .array(let type, _): type == .bool
            case .record(let inner): holdsBool(inner)
            }
        }
    }

    /// Structs as a whole.
    private mutating func copyStatement() -> CStatement {
        guard !scope.records.isEmpty else { return simpleStatement() }
        let object = random.pick(scope.records)
        let size = "sizeof(struct @s\(object.type))"
        switch random.below(6) {
        case 0:
            let byte = holdsBool(object.type) ? 0 : random.pick([0, 255, 90])
            return CStatement("__builtin_memset(&\(object.text), \(byte), \(size));")
        case 1:
            let items = recordInitializer(object.type, constant: false)
            return CStatement("\(object.text) = (struct @s\(object.type)){ \(items.text) };", items.operands)
        case 2:
            let source = address(ofRecord: object.type)
            return CStatement("__builtin_memmove(&\(object.text), \(source), \(size));")
        case 3:
            let returning = functions.filter {
                $0.result == .record(object.type) && $0.cost * scope.repetitions + cost < Self.costLimit
            }
            guard !returning.isEmpty else { return CStatement("\(object.text) = \(record(object.type));") }
            let function = random.pick(returning)
            cost += function.cost * scope.repetitions
            let call = call(of: function, 2)
            return CStatement("\(object.text) = \(call.text);", call.operands)
        case 4:
            let (a, b) = (record(object.type), record(object.type))
            return CStatement("\(object.text) = $0 ? \(a) : \(b);", [expression(2, .none)])
        default: return CStatement("\(object.text) = \(record(object.type));")
        }
    }
}
