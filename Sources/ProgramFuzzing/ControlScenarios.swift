/// Scenarios of conditions, joins and loops.
extension Generation {
    /// Comparisons at both boundary values, and the compared variable used after them.
    mutating func guarded(_ scenario: inout Scenario) {
        let x = variable(scalarType(), source(), &scenario)
        let y = variable(scalarType(), source(), &scenario)
        let test = condition([x, y])
        switch random.below(6) {
        case 0: scenario.add("if ($0) return -22;", [test])
        case 1: scenario.add("if ($0) return \(x.text);", [test])
        case 2: scenario.add("if ($0) \(x.text) = $1; else \(y.text) = $2;", [test, pivot(x.type), expression(x)])
        case 3:
            let flag = variable(random.pick([.bool, .int, .unsignedLong]), test, &scenario)
            scenario.add("if (\(random.chance(50) ? "!" : "")\(flag.text)) return \(random.pick([x, y]).text);")
        case 4:
            scenario.value = CExpression(
                ScalarType.common(x.type, y.type, model), "($0 ? $1 : $2)", [test, expression(x), expression(y)])
            return
        default: scenario.add("if ($0) #0", [test], blocks: [CBlock([CStatement("return $0;", [outcome(x, y)])])])
        }
        scenario.value = outcome(x, y)
    }

    /// Branches that know different things of the same variables, and what is left where they meet.
    mutating func related(_ scenario: inout Scenario) {
        let type = random.pick([ScalarType.unsignedInt, .unsignedLong, .int, .long, .unsignedShort])
        let isWide = random.chance(30)
        let x = variable(type, isWide ? argument() : source(), &scenario)
        let y = variable(type, isWide ? argument() : source(), &scenario)
        let z = variable(type, pivot(type), &scenario)
        let outer = condition([x, y, z], 0)
        let op = random.pick(["<", "<=", ">", ">=", "==", "!="])
        let inner = CExpression(.int, "($0 \(op) $1)", [expression(x), expression(y)])
        let leave = CStatement(random.pick(["return -34;", "return 0;", "return \(z.text);"]))
        let changes = CStatement("\(z.text) = $0;", [source()])
        switch random.below(5) {
        case 0:
            scenario.add(
                "if ($0) #0 else #1", [outer],
                blocks: [CBlock([CStatement("if ($0) #0", [inner], blocks: [CBlock([leave])]), changes]), CBlock([changes])])
        case 1:
            let both = CStatement("if ($0) #0", [inner], blocks: [CBlock([leave])])
            scenario.add("if ($0) #0", [outer], blocks: [CBlock([both])])
        case 2: scenario.add("if ($0) { if ($1) #0 } else \(y.text) = $2;", [outer, inner, source()], blocks: [CBlock([leave])])
        case 3:
            scenario.add("if ($0) #0", [inner], blocks: [CBlock([leave])])
            scenario.add("if ($0) \(random.pick([x, y]).text) \(random.pick(["+=", "-=", "="])) $1;", [outer, pivot(type)])
        default:
            scenario.add("if ($0) \(z.text) = \(x.text) - \(y.text); else \(z.text) = \(y.text) - \(x.text);", [inner])
            scenario.value = outcome(z, x)
            return
        }
        scenario.value = random.pick([
            CExpression(type.promoted, "($0 - $1)", [expression(x), expression(y)]),
            CExpression(type.promoted, "($0 - $1)", [expression(y), expression(x)]),
            CExpression(.long, "((long)$0 - (long)$1)", [expression(x), expression(y)]),
            outcome(x, y),
        ])
    }

    /// Steps that may be large enough to wrap, in every kind of loop; fuel ends each.
    mutating func counter(_ scenario: inout Scenario) {
        let type = scalarType()
        let start = random.chance(60) ? pivot(type) : source()
        let x = variable(type == .bool ? .unsignedChar : type, start, &scenario)
        let sum = variable(scalarType(), pivot(.int), &scenario)
        let fuel = name("fuel")
        scenario.declare("int \(fuel) = \(random.number(in: 1...12));")
        let step = literal(of: UInt64(random.pick([1, 1, 2, 3, 7, 50, 100, 1000, 0x4000_0000])), .int)
        let move = random.pick(["$x += $0;", "$x -= $0;", "$x = $x + $0;", "$x = $x * 3 + $0;"]).replacing("$x", with: x.text)
        var body = [CStatement(move, [step])]
        if random.chance(50) { body.append(CStatement("\(sum.text) \(random.pick(["+=", "-=", "^=", "="])) \(x.text);")) }
        if random.chance(35) { body.append(CStatement("if ($0) break;", [condition([x, sum], 0)])) }
        if random.chance(25) { body.append(CStatement("if ($0) continue;", [condition([x, sum], 0)])) }
        if random.chance(25) { body.append(CStatement("(\(sum.text))++;")) }
        let test = condition([x, sum], 1)
        scope.readable.append(CPlace(type: .int, text: fuel))
        switch random.below(5) {
        case 0: scenario.add("for (; $0 && \(fuel)-- > 0; ) #0", [test], blocks: [CBlock(body)])
        case 1: scenario.add("while (\(fuel)-- > 0 && $0) #0", [test], blocks: [CBlock(body)])
        case 2: scenario.add("do #0 while ($0 && --\(fuel) > 0);", [test], blocks: [CBlock(body)])
        case 3: scenario.add("for (; --\(fuel) > 0; ) #0", blocks: [CBlock(body)])
        default:
            let label = name("again")
            let inner = body.filter { !$0.text.contains("break") && !$0.text.contains("continue") }
            scenario.add("\(label): #0 if ($0 && --\(fuel) > 0) goto \(label);", [test], blocks: [CBlock(inner)])
        }
        scenario.value = outcome(random.pick([x, sum]), random.pick([x, sum, CPlace(type: .int, text: fuel)]))
    }

    /// `switch` with ranges, falling through, and the operand used inside.
    mutating func selection(_ scenario: inout Scenario) {
        let type = random.pick([ScalarType.int, .unsignedInt, .long, .unsignedLong, .unsignedChar, .signedChar])
        let x = variable(type, source(), &scenario)
        let y = variable(scalarType(), source(), &scenario)
        var text = "switch (\(x.text)) {"
        var blocks: [CBlock] = []
        var next = type.isSigned && random.chance(30) ? -5 : 0
        for _ in 0..<random.number(in: 2...4) {
            let low = next + random.below(6)
            let high = low + random.pick([0, 0, 1, 9, 40])
            text += low == high ? "\n        case \(low):" : "\n        case \(low) ... \(high):"
            next = high + 1
            let change = random.pick(["\(y.text) = \(x.text);", "\(y.text) += \(x.text);", "\(y.text) = $0;", "(\(x.text))++;"])
            text += " #\(blocks.count)" + (random.chance(65) ? " break;" : "")
            blocks.append(CBlock([CStatement(change, change.contains("$") ? [pivot(y.type)] : [])]))
        }
        if random.chance(70) {
            text += "\n        default: #\(blocks.count)"
            blocks.append(CBlock([CStatement(random.pick(["return -38;", "\(y.text) = -1;", "\(y.text) = \(x.text);", ";"]))]))
        }
        scenario.add(text + "\n    }", blocks: blocks)
        scenario.value = outcome(y, x)
    }

    /// Narrowing and back, and arithmetic on narrow variables.
    mutating func roundTrips(_ scenario: inout Scenario) {
        let x = variable(random.pick([.long, .unsignedLong, .int, .unsignedInt]), source(), &scenario)
        let type = random.pick([ScalarType.signedChar, .unsignedChar, .short, .unsignedShort, .int, .unsignedInt, .bool])
        let n = variable(type, CExpression(type, "((\(type.rawValue))\(x.text))"), &scenario)
        for _ in 0..<random.below(3) {
            let op = random.pick(["+", "-", "*", "&", "|", "^"])
            switch random.below(5) {
            case 0: scenario.add("\(n.text)\(random.pick(["++", "--"]));")
            case 1: scenario.add("\(n.text) \(op)= $0;", [pivot(.int)])
            case 2: scenario.add("\(n.text) \(op)= $0;", [source()])
            case 3: scenario.add("\(n.text) \(random.pick(["<<=", ">>="])) $0;", [literal(of: UInt64(random.below(8)), .int)])
            default: scenario.add("\(x.text) = \(random.pick(["-", "~", "+", "!"]))\(n.text);")
            }
        }
        if random.chance(60) { scenario.add("if (\(n.text) \(random.pick(["!=", "==", "<", ">"])) \(x.text)) return -34;") }
        scenario.value = outcome(random.pick([n, x]), random.pick([n, x]))
    }

    /// Side effects that happen on one way only.
    mutating func shortCircuit(_ scenario: inout Scenario) {
        let (u, v) = (variable(scalarType(), pivot(.int), &scenario), variable(scalarType(), source(), &scenario))
        let (a, b) = (condition([u, v], 0), condition([u, v], 0))
        switch random.below(5) {
        case 0: scenario.add("(void)($0 && (\(u.text) = $1, $2));", [a, source(), b])
        case 1: scenario.add("if ($0 || (\(u.text) = $1) > 3) \(v.text) = \(u.text);", [a, source()])
        case 2: scenario.add("if (!($0 && ++\(u.text))) \(v.text)--;", [a])
        case 3: scenario.add("\(v.text) = $0 ? (\(u.text) = $1) : (\(u.text)--);", [a, source()])
        default:
            let text = "\(v.text) = $0 ? ({ if ($1) \(u.text) = $2; \(u.text); }) : @min(\(u.text), \(v.text));"
            scenario.add(text, [a, b, source()])
        }
        scenario.value = outcome(random.pick([u, v]), random.pick([u, v]))
    }
}
