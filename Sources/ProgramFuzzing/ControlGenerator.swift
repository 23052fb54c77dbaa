extension Generation {
    // MARK: Declarations

    mutating func declarations() -> [CStatement] {
        var result: [CStatement] = []
        for _ in 0..<random.number(in: 1...3) { result.append(scalarDeclaration()) }
        if random.chance(60) {
            let type = scalarType()
            let counter = name("e")
            result.append(CStatement("\(type.rawValue) \(counter) = $0;", [expression(1, .none)]))
            scope.counters.append(CPlace(type: type, text: counter))
        }
        if random.chance(25) { result.append(counterRecord()) }
        if random.chance(40) { result.append(recordDeclaration()) }
        if random.chance(50) { result.append(arrayDeclaration()) }
        if random.chance(40), let pointer = pointerDeclaration() { result.append(pointer) }
        if random.chance(40), let pointer = recordPointerDeclaration() { result.append(pointer) }
        if random.chance(70), let cursor = cursorDeclaration() { result.append(cursor) }
        return result
    }

    private mutating func scalarDeclaration() -> CStatement {
        let type = scalarType()
        let variable = name("v")
        let value = expression(options.expressionDepth - 1, .any)
        let text = random.chance(15)
            ? "\(type.rawValue) \(variable); \(variable) = $0;"
            : "\(type.rawValue) \(variable) = $0;"
        scope.places.append(CPlace(type: type, text: variable))
        return CStatement(text, [value])
    }

    private mutating func recordDeclaration() -> CStatement {
        let number = random.below(records.count)
        let variable = name("s")
        defer { scope.records.append((variable, number)) }
        switch random.below(4) {
        case 0: return CStatement("struct @s\(number) \(variable) = \(record(number));")
        case 1:
            let text = "struct @s\(number) \(variable); __builtin_memset(&\(variable), 0, sizeof(\(variable)));"
            return CStatement(text)
        default:
            let items = recordInitializer(number, constant: false)
            return CStatement("struct @s\(number) \(variable) = { \(items.text) };", items.operands)
        }
    }

    /// A struct whose members expressions change in passing, through a pointer.
    private mutating func counterRecord() -> CStatement {
        let number = random.below(records.count)
        let (variable, pointer) = (name("k"), name("kp"))
        let items = recordInitializer(number, constant: false)
        scope.counters += places(in: "(*\(pointer))", number).filter { $0.counts.isEmpty }
        return CStatement(
            "struct @s\(number) \(variable) = { \(items.text) }, *\(pointer) = &\(variable);", items.operands)
    }

    private mutating func arrayDeclaration() -> CStatement {
        let type = scalarType()
        let count = random.pick(RecordType.counts)
        let variable = name("a")
        let items = (0..<random.number(in: 1...count)).map { _ in expression(1, .stable) }
        let list = items.indices.map { "$\($0)" }.joined(separator: ", ")
        scope.places.append(CPlace(type: type, text: "\(variable)[$0]", counts: [count]))
        scope.arrays.append((variable, type, count))
        return CStatement("\(type.rawValue) \(variable)[\(count)] = { \(list) };", items)
    }

    private mutating func pointerDeclaration() -> CStatement? {
        let simple = scope.places.filter { !$0.isBitField && $0.counts.isEmpty && !$0.text.hasPrefix("*") }
        guard !simple.isEmpty else { return nil }
        let type = random.pick(simple).type
        var targets = simple.filter { $0.type == type }.map { "&\($0.text)" }
        for record in scope.records {
            targets += places(in: record.text, record.type)
                .filter { $0.type == type && !$0.isBitField && $0.counts.isEmpty }.map { "&\($0.text)" }
        }
        if random.chance(25) { targets.append(Generation.null) }
        let variable = name("p")
        // One that may be null is never read without a test, so no plain `*p` is made of it.
        scope.pointers.append((variable, type, targets))
        return CStatement("\(type.rawValue) *\(variable) = \(random.pick(targets));")
    }

    private mutating func recordPointerDeclaration() -> CStatement? {
        guard !scope.records.isEmpty else { return nil }
        let type = random.pick(scope.records).type
        let targets = scope.records.filter { $0.type == type }.map { "&\($0.text)" }
        let variable = name("q")
        scope.recordPointers.append((variable, type, targets))
        guard random.chance(25), let first = records[type].fields.first(where: { field in
            if case .scalar(_, .some) = field.shape { false } else { true }
        }) else { return CStatement("struct @s\(type) *\(variable) = \(random.pick(targets));") }
        // From a member back to the whole.
        let inner = "&(\(random.pick(targets)))->\(first.name)"
        return CStatement("struct @s\(type) *\(variable) = @container(\(inner), struct @s\(type), \(first.name));")
    }

    private mutating func cursorDeclaration() -> CStatement? {
        guard !scope.arrays.isEmpty else { return nil }
        let array = random.pick(scope.arrays)
        let variable = name("c")
        scope.cursors.append((variable, array.text, array.type, array.count))
        return CStatement("\(array.type.rawValue) *\(variable) = \(array.text);")
    }

    // MARK: Branches

    mutating func conditional() -> CStatement {
        let condition = expression(options.expressionDepth, .any)
        if random.chance(45) { return CStatement("if ($0) #0", [condition], blocks: [block()]) }
        if random.chance(30) {
            let second = expression(2, .any)
            return CStatement(
                "if ($0) #0 else if ($1) #1 else #2", [condition, second], blocks: [block(), block(), block()])
        }
        return CStatement("if ($0) #0 else #1", [condition], blocks: [block(), block()])
    }

    mutating func jump() -> CStatement {
        guard scope.allowsJumps else { return simpleStatement() }
        let condition = expression(2, .none)
        switch random.below(4) {
        case 0 where scope.isInLoop: return CStatement("if ($0) continue;", [condition])
        case 1 where scope.canBreak: return CStatement("if ($0) break;", [condition])
        case 2 where !scope.labels.isEmpty: return CStatement("if ($0) goto \(random.pick(scope.labels));", [condition])
        default:
            guard random.chance(40) else { return simpleStatement() }
            let value = returnStatement(gap: 1)
            return CStatement("if ($0) \(value.text)", [condition] + value.operands)
        }
    }

    mutating func returnStatement(gap: Int) -> CStatement {
        switch result {
        case .scalar:
            if random.chance(30) { return CStatement("return -\(random.pick(["@ERROR", "1", "14", "38"]));") }
            return CStatement("return $\(gap);", [expression(options.expressionDepth, .any)])
        case .record(let number): return CStatement("return \(record(number));")
        }
    }

    // MARK: Loops

    /// Runs `body` with what is different inside a loop of at most eight turns.
    private mutating func inLoop(_ body: (inout Generation) -> CStatement) -> CStatement {
        let outer = scope
        scope.repetitions *= 8
        scope.isInLoop = true
        scope.canBreak = true
        let statement = body(&self)
        scope = outer
        return statement
    }

    mutating func loop() -> CStatement {
        guard scope.allowsJumps else { return simpleStatement() }
        let counter = name("i")
        let counterType = random.pick([ScalarType.int, .unsignedInt, .long, .unsignedLong, .unsignedShort])
        let type = counterType.rawValue
        let bound = expression(2, .none)
        let readable = CPlace(type: counterType, text: counter)
        return inLoop { generation in
            generation.scope.readable.append(readable)
            let extra = generation.expression(2, .any)
            switch generation.random.below(7) {
            case 0, 1:
                return CStatement("for (\(type) \(counter) = 0; \(counter) < ($0 & 7); \(counter)++) #0", [bound], blocks: [generation.block()])
            case 2:
                return CStatement(
                    "{ \(type) \(counter) = 0; while (\(counter)++ < ($0 & 7)) #0 }", [bound], blocks: [generation.block()])
            case 3:
                return CStatement(
                    "{ \(type) \(counter) = 0; for ( ; ; ) { if (\(counter)++ >= ($0 & 7)) break; #0 } }", [bound],
                    blocks: [generation.block()])
            case 4:
                return CStatement(
                    "{ int \(counter) = 0; do #0 while (++\(counter) < 6 && $0); }", [extra], blocks: [generation.block()])
            case 5:
                return CStatement(
                    "{ \(type) \(counter); for (\(counter) = ($0 & 7); \(counter) && $1; \(counter)--) #0 }", [bound, extra],
                    blocks: [generation.block()])
            default:
                return CStatement(
                    "{ int \(counter) = 7; for ( ; --\(counter) > 0 && $0; ) #0 }", [extra], blocks: [generation.block()])
            }
        }
    }

    /// A jump back, as often as its fuel lasts.
    mutating func retry() -> CStatement {
        let (label, fuel) = (name("again"), name("fuel"))
        return inLoop { generation in
            generation.scope.isInLoop = false
            generation.scope.canBreak = false
            generation.scope.readable.append(CPlace(type: .int, text: fuel))
            let body = generation.block()
            return CStatement(
                "{ int \(fuel) = 5; \(label): #0 if ($0 && --\(fuel) > 0) goto \(label); }",
                [generation.expression(2, .none)], blocks: [body])
        }
    }

    // MARK: switch

    mutating func nestedSwitch() -> CStatement {
        guard scope.allowsJumps else { return simpleStatement() }
        let outer = scope
        scope.canBreak = true
        let operand = expression(2, .any)
        var text = "switch (($0) & \(random.pick([7, 15]))) {"
        var blocks: [CBlock] = []
        var value = 0
        let defaultPosition = random.below(6)
        for index in 0..<random.number(in: 2...4) {
            if index == defaultPosition { text += "\n        default:" }
            let last = value + random.number(in: 0...2)
            if last == value {
                let hasSecond = random.chance(30)
                text += "\n        case \(value):" + (hasSecond ? " case \(value + 1):" : "")
                value += hasSecond ? 2 : 1
            } else {
                text += "\n        case \(value) ... \(last):"
                value = last + 1
            }
            text += " #\(blocks.count)"
            blocks.append(block())
            if random.chance(65) { text += " break;" }
        }
        scope = outer
        return CStatement(text + "\n    }", [operand], blocks: blocks)
    }
}
