/// A block about one construct: declarations, statements, and the value that comes of it.
struct Scenario {
    var declarations: [CStatement] = []
    var statements: [CStatement] = []
    var value: CExpression?

    mutating func add(_ text: String, _ operands: [CExpression] = [], blocks: [CBlock] = []) {
        statements.append(CStatement(text, operands, blocks: blocks))
    }

    mutating func declare(_ text: String, _ operands: [CExpression] = []) {
        declarations.append(CStatement(text, operands))
    }
}

/// What scenarios share across a program: variables, types and functions that are there for them.
struct ScenarioWorld {
    /// Variables of one type, and a pointer to one of them whose target nothing but the variable itself tells.
    var unknowns: [(type: ScalarType, variables: [String], pointer: String)] = []
    /// The same for structs.
    var unknownRecords: [(type: Int, variable: String, pointer: String)] = []
    var effects: [EffectFunction] = []
    var limiters: [(name: String, type: ScalarType)] = []
    /// Members of a struct of bit-fields `@bits`.
    var bits: [(name: String, type: ScalarType)] = []
    var box: ScalarType = .int
    /// Arrays at file scope, of four elements.
    var arrays: [(name: String, type: ScalarType)] = []
    var scenes: [SceneFunction] = []
    var summarized: [SummarizedFunction] = []
}

extension Generation {
    /// A block that gives `rc` a value by way of one construct, now and then with another one or with anything inside.
    mutating func scenarioBlock() -> CBlock {
        let outer = scope
        defer { scope = outer }
        scope.depth += 2
        var scenario = Scenario()
        fill(&scenario)
        if random.chance(20) { insert(statement(), into: &scenario) }
        if random.chance(15), scope.depth < 6 { insert(nestedScenario(), into: &scenario) }
        if let value = scenario.value { scenario.add("rc = $0;", [value]) }
        return CBlock(scenario.declarations + scenario.statements)
    }

    /// Another scenario inside, with the variables of this one in sight.
    private mutating func nestedScenario() -> CStatement {
        let inner = scenarioBlock()
        switch random.below(4) {
        case 0: return CStatement("#0", blocks: [inner])
        case 1:
            let test = scope.places.isEmpty ? argument() : condition(scope.places.suffix(3))
            return CStatement("if ($0) #0", [test], blocks: [inner])
        case 2:
            let counter = name("k")
            let turns = random.number(in: 1...3)
            return CStatement("for (int \(counter) = 0; \(counter) < \(turns); \(counter)++) #0", blocks: [inner])
        default: return CStatement("do #0 while (0);", blocks: [inner])
        }
    }

    private mutating func insert(_ statement: CStatement, into scenario: inout Scenario) {
        scenario.statements.insert(statement, at: random.below(scenario.statements.count + 1))
    }

    private mutating func fill(_ scenario: inout Scenario) {
        if options.relays, outermost != nil, random.chance(75) { return relay(&scenario) }
        switch random.below(world.scenes.isEmpty ? 28 : 32) {
        case 28...: calledScene(&scenario)
        case 24...: summarizedCall(&scenario)
        case 0, 1, 2: guarded(&scenario)
        case 3, 4: related(&scenario)
        case 5, 6: weakStore(&scenario)
        case 7, 8: aliasedStore(&scenario)
        case 9: overlay(&scenario)
        case 10: bitFields(&scenario)
        case 11: arrays(&scenario)
        case 12: pointersInStructs(&scenario)
        case 13, 14: counter(&scenario)
        case 15: selection(&scenario)
        case 16: roundTrips(&scenario)
        case 17: shortCircuit(&scenario)
        case 18: table(&scenario)
        case 19, 20, 21: calledForEffects(&scenario)
        case 22: calledTwice(&scenario)
        default: errorPointer(&scenario)
        }
    }

    // MARK: Parts

    /// A variable of the scenario with a value.
    mutating func variable(_ type: ScalarType, _ value: CExpression, _ scenario: inout Scenario) -> CPlace {
        let place = CPlace(type: type, text: name("v"))
        scenario.declare("\(type.rawValue) \(place.text) = $0;", [value])
        scope.places.append(place)
        return place
    }

    /// A variable that lives as long as the entry runs, where there is one.
    mutating func lasting(_ type: ScalarType, _ value: CExpression, _ scenario: inout Scenario) -> CPlace {
        guard outermost != nil else { return variable(type, value, &scenario) }
        let place = CPlace(type: type, text: name("v"))
        outermost?.append(CStatement("\(type.rawValue) \(place.text) = 0;"))
        scenario.add("\(place.text) = $0;", [value])
        scope.places.append(place)
        return place
    }

    func expression(_ place: CPlace) -> CExpression { CExpression(place.type, place.text) }

    /// A number that ranges are likely to end at.
    mutating func pivot(_ type: ScalarType) -> CExpression {
        let bits: UInt64 = switch random.below(6) {
        case 0: Inputs.edge(&random)
        case 1: 0 &- UInt64(random.below(50))
        default: UInt64(random.below(70))
        }
        return CExpression(type, type.literal(bits, model), isLiteral: true)
    }

    /// An argument as it comes.
    mutating func argument() -> CExpression { expression(random.pick(arguments)) }

    /// A value that depends on an argument, mostly of a narrow range.
    mutating func source() -> CExpression {
        let value = random.chance(20) && !scope.places.isEmpty
            ? expression(random.pick(scope.places.filter { $0.counts.isEmpty } + arguments)) : argument()
        switch random.below(12) {
        case 0, 1: return value
        case 2: return pivot(scalarType())
        case 3, 4, 5, 6:
            let mask = literal(of: UInt64(random.pick([1, 3, 7, 15, 63, 100, 127, 255, 0xF0, 0xFFF, 0x7FFF_FFFF])), .int)
            return CExpression(ScalarType.common(value.type, .int, model), "($0 & $1)", [value, mask])
        case 7:
            let divisor = literal(of: UInt64(random.pick([3, 10, 37, 1000])), .int)
            return CExpression(ScalarType.common(value.type, .int, model), "($0 % $1)", [value, divisor])
        case 8, 9:
            let type = random.pick([ScalarType.unsignedChar, .signedChar, .short, .unsignedShort, .int, .unsignedInt])
            return CExpression(type, "((\(type.rawValue))$0)", [value])
        case 10: return expression(1, .none)
        default:
            let mask = literal(of: UInt64(random.pick([7, 31, 255])), .int)
            let type = ScalarType.common(value.type, .int, model)
            return CExpression(type, "(($0 & $1) \(random.pick(["+", "-"])) $2)", [value, mask, pivot(.int)])
        }
    }

    /// A condition that speaks of these values.
    mutating func condition(_ values: [CPlace], _ depth: Int = 2) -> CExpression {
        guard depth > 0, random.chance(60) else { return atom(values) }
        let (a, b) = (condition(values, depth - 1), condition(values, depth - 1))
        switch random.below(8) {
        case 0, 1, 2: return CExpression(.int, "($0 || $1)", [a, b])
        case 3, 4: return CExpression(.int, "($0 && $1)", [a, b])
        case 5: return CExpression(.int, "(!($0 || $1))", [a, b])
        case 6: return CExpression(.int, "(!($0 && $1))", [a, b])
        default: return CExpression(.int, "($0 ? $1 : $2)", [a, b, atom(values)])
        }
    }

    private mutating func atom(_ values: [CPlace]) -> CExpression {
        let (x, y) = (expression(random.pick(values)), expression(random.pick(values)))
        let op = random.pick(["<", "<=", ">", ">=", "==", "!="])
        switch random.below(14) {
        case 0, 1, 2, 3: return CExpression(.int, "($0 \(op) $1)", [x, pivot(x.type)])
        case 4, 5, 6: return CExpression(.int, "($0 \(op) $1)", [x, y])
        case 7: return CExpression(.int, "($0 \(op) $1)", [CExpression(x.type.promoted, "($0 + $1)", [x, pivot(.int)]), y])
        case 8: return CExpression(.int, "(($0 - $1) \(op) $2)", [x, y, pivot(.int)])
        case 9: return CExpression(.int, "(($0 & $1) \(op) $2)", [x, pivot(.int), pivot(.int)])
        case 10: return CExpression(.int, "(!$0)", [x])
        case 11:
            let type = random.pick([ScalarType.int, .unsignedInt, .unsignedChar, .short, .long, .unsignedLong])
            return CExpression(.int, "((\(type.rawValue))$0 \(op) $1)", [x, pivot(type)])
        case 12: return CExpression(.int, "(($0 \(random.pick([">> 2", "* 3", "/ 4", "% 16"]))) \(op) $1)", [x, pivot(.int)])
        default: return CExpression(.int, "(@unlikely($0 \(op) $1))", [x, pivot(x.type)])
        }
    }

    /// What a program may return of one or two values.
    mutating func outcome(_ x: CPlace, _ y: CPlace) -> CExpression {
        let (a, b) = (expression(x), expression(y))
        let type = ScalarType.common(a.type, b.type, model)
        switch random.below(8) {
        case 0, 1, 2: return a
        case 3: return b
        case 4: return CExpression(type, "($0 - $1)", [a, b])
        case 5: return CExpression(type, "($0 + $1)", [a, b])
        case 6: return CExpression(.long, "((long)$0 - (long)$1)", [a, b])
        default: return CExpression(a.type.promoted, "($0 + $1)", [a, pivot(.int)])
        }
    }
}
