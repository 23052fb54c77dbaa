/// A function made for what it does besides returning.
struct EffectFunction {
    var name: String
    var type: ScalarType
    /// A variable at file scope that it may write.
    var global: CPlace
    /// Text of the arguments after the value and the pointer.
    var rest = ""
}

/// A function whose body is a scenario itself: `(a1, a2, out)`.
struct SceneFunction {
    var name: String
    var parameters: [ScalarType]
    var result: ScalarType
    /// What the third parameter points to, if there is one.
    var out: ScalarType?
}

/// Scenarios of calls: effects of callees that are opened and of those that are not, one function in several contexts.
extension Generation {
    mutating func calledForEffects(_ scenario: inout Scenario) {
        let function = random.pick(world.effects)
        let u = variable(function.type, pivot(function.type), &scenario)
        let x = variable(scalarType(), source(), &scenario)
        if random.chance(60) { scenario.add("\(function.global.text) = $0;", [pivot(function.global.type)]) }
        let call = "(\(x.text), &\(u.text)\(function.rest))"
        switch random.below(7) {
        case 0, 1: scenario.add("\(random.chance(50) ? "(void)" : "")\(function.name)\(call);")
        case 2: scenario.add("if (\(function.name)\(call)) return \(random.pick(["-22", u.text, function.global.text]));")
        case 3: scenario.add("\(x.text) = \(function.name)\(call);")
        case 4:
            let twins = world.effects.filter { $0.type == function.type && $0.rest == function.rest }
            let pointer = name("call")
            let other = random.pick(twins).name
            scenario.declare(
                "\(function.type.rawValue) (*\(pointer))(long, \(function.type.rawValue) *\(function.rest.isEmpty ? "" : ", int"))"
                    + " = $0 ? \(function.name) : \(other);", [condition([x, u])])
            scenario.add("\(random.chance(50) ? "" : "\(x.text) = ")\(pointer)\(call);")
        case 5:
            let twins = world.effects.filter { $0.rest.isEmpty && $0.type == world.box }
            guard !twins.isEmpty, function.type == world.box else {
                scenario.add("\(x.text) += \(function.name)\(call);")
                break
            }
            scenario.add("\(random.pick(["@operations.first", "@changing.first", "@changing.second"]))(\(x.text), &\(u.text));")
        default: scenario.add("for (int k = 0; k < 2; k++) \(function.name)\(call);")
        }
        let places = [u, u, function.global, x]
        scenario.value = outcome(random.pick(places), random.pick(places))
    }

    /// The same function with arguments of different ranges, beside and inside each other.
    mutating func calledTwice(_ scenario: inout Scenario) {
        let limiter = random.pick(world.limiters)
        let x = variable(limiter.type, source(), &scenario)
        let y = variable(limiter.type, source(), &scenario)
        let (a, b) = (pivot(limiter.type), pivot(limiter.type))
        let name = limiter.name
        switch random.below(4) {
        case 0: scenario.value = CExpression(limiter.type.promoted, "(\(name)(\(x.text), $0) + \(name)(\(y.text), $1))", [a, b])
        case 1: scenario.value = CExpression(limiter.type, "\(name)(\(name)(\(x.text), $0), $1)", [a, b])
        case 2:
            scenario.add("if (\(name)(\(x.text), $0) != \(x.text)) return \(name)(\(y.text), $1);", [a, b])
            scenario.value = outcome(x, y)
        default:
            scenario.add("\(x.text) = \(name)(\(x.text), $0);", [a])
            scenario.add("\(y.text) = \(name)(\(x.text), \(y.text));")
            scenario.value = outcome(x, y)
        }
    }

    /// A scenario in a function of its own, called for its result, what it writes, or both.
    mutating func calledScene(_ scenario: inout Scenario) {
        let scene = random.pick(world.scenes)
        let x = variable(scalarType(), source(), &scenario)
        let u = variable(scene.out ?? .long, pivot(.int), &scenario)
        let out = scene.out == nil ? "" : ", &\(u.text)"
        let first = random.chance(50) ? source() : expression(x)
        let call = CExpression(scene.result, "\(scene.name)($0, $1\(out))", [first, random.chance(60) ? source() : pivot(.int)])
        switch random.below(5) {
        case 0: scenario.add("(void)$0;", [call])
        case 1: scenario.add("\(x.text) = $0;", [call])
        case 2: scenario.add("if ($0 \(random.pick(["< 0", "!= 0", "> 3"]))) return \(random.pick(["-22", u.text]));", [call])
        case 3:
            let rc = variable(random.pick([.int, .long, scene.result]), pivot(.int), &scenario)
            scenario.add("\(rc.text) = $0;", [call])
            scenario.add("if (\(rc.text)) return \(rc.text);")
        default:
            scenario.value = call
            return
        }
        scenario.value = outcome(random.pick([x, u]), random.pick([u, u, x]))
    }

    mutating func makeScene(_ number: Int) {
        let outer = arguments
        defer { arguments = outer }
        scope = globals
        cost = 1
        let name = "@scene\(number)"
        let types = (0..<2).map { _ in random.pick([ScalarType.long, .unsignedLong, .int, .unsignedInt, .unsignedChar]) }
        let type = random.pick([ScalarType.long, .int, .unsignedLong, .unsignedInt])
        let out = random.chance(60) ? random.pick([ScalarType.long, .int, .unsignedInt]) : nil
        arguments = types.enumerated().map { CPlace(type: $1, text: "a\($0 + 1)") }
        scope.stable += arguments
        result = .scalar(type)
        var body = CBlock([CStatement("\(type.rawValue) rc = $0;", [pivot(type)], isRemovable: false)])
        scope.places.append(CPlace(type: type, text: "rc"))
        if let out { scope.places.append(CPlace(type: out, text: "*out")) }
        body.statements.append(CStatement("#0", blocks: [scenarioBlock()]))
        if random.chance(30) {
            body.statements.append(CStatement("if ($0) #0", [condition(arguments)], blocks: [scenarioBlock()]))
        }
        if out != nil, random.chance(60) {
            body.statements.append(CStatement("\(random.chance(50) ? "if (rc > 3) " : "")*out = $0;", [source()]))
        }
        body.statements.append(CStatement("return rc;", isRemovable: false))
        let list = arguments.map { "\($0.type.rawValue) \($0.text)" } + (out.map { ["\($0.rawValue) *out"] } ?? [])
        program.functions.append(CFunction(
            name: name, header: "static \(type.rawValue) \(name)(\(list.joined(separator: ", ")))", body: body))
        world.scenes.append(SceneFunction(name: name, parameters: types, result: type, out: out))
        functions.append(CallableFunction(
            name: name, parameters: types.map { .scalar($0) } + (out.map { [.out($0)] } ?? []), result: .scalar(type),
            cost: cost + 40))
    }
}
