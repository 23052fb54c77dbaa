/// Scenarios of pointers, aliases, overlays and aggregates.
extension Generation {
    /// A pointer to one of several places, stored through and the places read back.
    mutating func weakStore(_ scenario: inout Scenario) {
        let type = random.pick([ScalarType.int, .unsignedInt, .long, .unsignedLong, .unsignedChar, .short])
        let u = variable(type, pivot(type), &scenario)
        let v = variable(type, random.chance(50) ? source() : pivot(type), &scenario)
        let array = name("a")
        scenario.declare("\(type.rawValue) \(array)[4] = { $0, $1, $2, $3 };", (0..<4).map { _ in pivot(type) })
        let spots = [
            u.text, v.text, u.text, v.text, "\(array)[\(random.below(4))]", "\(array)[(a1) & 3]",
            "@g\(unknownIndex(of: type))",
        ].filter { !$0.hasPrefix("@g-") }
        let pointer = name("p")
        let (first, second) = (random.pick(spots), random.pick(spots))
        switch random.below(4) {
        case 0: scenario.declare("\(type.rawValue) *\(pointer) = $0 ? &\(first) : &\(second);", [condition([u, v])])
        case 1:
            scenario.declare("\(type.rawValue) *\(pointer) = &\(first);")
            scenario.add("if ($0) \(pointer) = &\(second);", [condition([u, v])])
        case 2:
            scenario.declare("\(type.rawValue) *\(pointer) = (void *)0;")
            scenario.add("if ($0) \(pointer) = &\(first);", [condition([u, v])])
            scenario.add("if (!\(pointer)) \(random.chance(50) ? "return -14;" : "\(pointer) = &\(second);")")
        default:
            let other = name("p")
            scenario.declare("\(type.rawValue) *\(other) = &\(first), *\(pointer) = &\(second);")
            let both = name("pp")
            scenario.declare("\(type.rawValue) **\(both) = $0 ? &\(other) : &\(pointer);", [condition([u, v])])
            scenario.add(random.chance(50) ? "**\(both) = $0;" : "*\(both) = &\(u.text);\n    **\(both) = $0;", [source()])
        }
        let op = random.pick(["=", "=", "=", "+=", "-=", "&="])
        scenario.add("*\(pointer) \(op) $0;", [random.chance(50) ? pivot(type) : source()])
        if random.chance(30) { scenario.add("\(random.pick([u, v]).text) \(op) *\(pointer);") }
        if random.chance(20) { scenario.add("__builtin_memset(\(pointer), \(random.pick([0, 1, 255])), sizeof(*\(pointer)));") }
        if random.chance(25) {
            let op = random.pick(["==", "!="])
            scenario.add("if (\(pointer) \(op) &\(u.text)) return \(random.pick([u, v]).text);")
        }
        let read = CPlace(type: type, text: random.pick([u.text, v.text, u.text, v.text, "*\(pointer)", first, second]))
        scenario.value = outcome(read, random.pick([u, v]))
    }

    private func unknownIndex(of type: ScalarType) -> String {
        world.unknowns.first { $0.type == type }?.variables.first.map { String($0.dropFirst(2)) } ?? "-"
    }

    /// Variables that other names reach: a pointer of which nothing is known, a member through two structs, bytes.
    mutating func aliasedStore(_ scenario: inout Scenario) {
        if !world.unknownRecords.isEmpty, random.chance(35) { return aliasedMember(&scenario) }
        let (type, variables, pointer) = random.pick(world.unknowns)
        let u = lasting(type, pivot(type), &scenario)
        let global = CPlace(type: type, text: variables[0])
        let through = CPlace(type: type, text: "*\(pointer)")
        let isLocal = outermost != nil && random.chance(35)
        if isLocal { scenario.add("\(random.chance(50) ? "" : "if (a1 & 1) ")\(pointer) = &\(u.text);") }
        let known = isLocal ? u : global
        scenario.add("\(known.text) = $0;", [random.chance(60) ? pivot(type) : source()])
        if random.chance(30) { scenario.add("if (\(through.text) \(random.pick(["<", ">", "=="])) $0) return -22;", [pivot(type)]) }
        switch random.below(6) {
        case 0, 1: scenario.add("\(through.text) = $0;", [source()])
        case 2: scenario.add("\(through.text) \(random.pick(["+=", "-=", "|=", "*="])) $0;", [source()])
        case 3:
            let offset = random.below(max(1, type.width(model) / 8))
            scenario.add("((unsigned char *)\(pointer))[\(offset)] = $0;", [source()])
        case 4: scenario.add("__builtin_memset(\(pointer), \(random.pick([0, 1, 255])), sizeof(*\(pointer)));")
        default: scenario.add("(\(through.text))++;")
        }
        if random.chance(25) { scenario.add("\(known.text) \(random.pick(["+=", "="])) $0;", [pivot(type)]) }
        let read = random.pick([known, known, through, CPlace(type: type, text: variables[1])])
        scenario.value = CExpression(type, "$0", [expression(read)])
        guard isLocal else { return }
        let result = variable(type, pivot(type), &scenario)
        scenario.add("\(result.text) = $0;", [expression(read)])
        scenario.add("\(pointer) = &\(variables[1]);")
        scenario.value = expression(result)
    }

    private mutating func aliasedMember(_ scenario: inout Scenario) {
        let (number, object, pointer) = random.pick(world.unknownRecords)
        let members = places(in: "", number).filter { $0.counts.isEmpty && !$0.isBitField }
        let member = random.pick(members)
        let local = name("s")
        let start = random.pick([object, "(struct @s\(number)){ 0 }", "(struct @s\(number)){ 0 }"])
        let isLasting = outermost != nil
        if isLasting {
            outermost?.append(CStatement("struct @s\(number) \(local);"))
            scenario.add("\(local) = \(start);")
            if random.chance(50) { scenario.add("__builtin_memset(&\(local), 0, sizeof(\(local)));") }
        } else {
            scenario.declare("struct @s\(number) \(local) = \(start);")
        }
        let own = CPlace(type: member.type, text: (random.chance(70) ? object : local) + member.text)
        let written = random.chance(75) ? member : random.pick(members)
        let other = CPlace(type: written.type, text: "(*\(pointer))\(written.text)")
        if random.chance(60) { scenario.add("\(own.text) = $0;", [pivot(member.type)]) }
        if isLasting, own.text.hasPrefix(local), random.chance(60) { scenario.add("if (a1 & 1) \(pointer) = &\(local);") }
        switch random.below(4) {
        case 0, 1: scenario.add("\(other.text) = $0;", [source()])
        case 2: scenario.add("*\(pointer) = \(random.chance(50) ? object : "(struct @s\(number)){ 0 }");")
        default: scenario.add("\(other.text) += $0;", [source()])
        }
        let result = variable(member.type, pivot(member.type), &scenario)
        scenario.add("\(result.text) = $0;", [expression(random.pick([own, own, other]))])
        scenario.add("\(pointer) = &\(object);")
        scenario.value = expression(result)
    }

    /// Parts of a wider cell, through a union or a pointer to bytes.
    mutating func overlay(_ scenario: inout Scenario) {
        let object = name("u")
        scenario.declare("union @overlay \(object) = { .w = $0 };", [random.chance(50) ? argument() : pivot(.unsignedLongLong)])
        let x = variable(.unsignedLongLong, argument(), &scenario)
        let index = random.chance(75) ? "\(random.below(2))" : "(a1) & 1"
        let wide = random.chance(75) ? "\(random.below(8))" : "(a1) & 7"
        let parts: [CPlace] = [
            CPlace(type: .unsignedInt, text: "\(object).h[\(index)]"), CPlace(type: .unsignedShort, text: "\(object).s[\(index)]"),
            CPlace(type: .unsignedChar, text: "\(object).b[\(wide)]"), CPlace(type: .int, text: "\(object).i"),
            CPlace(type: .signedChar, text: "\(object).p.y"), CPlace(type: .unsignedShort, text: "\(object).p.z"),
            CPlace(type: .unsignedLongLong, text: "\(object).w"),
            CPlace(type: .unsignedChar, text: "((unsigned char *)&\(x.text))[\(wide)]"),
            CPlace(type: .unsignedShort, text: "((unsigned short *)&\(x.text))[\(index)]"),
            CPlace(type: .int, text: "((int *)&\(x.text))[\(index)]"),
        ]
        if random.chance(40) { scenario.add("\(object).w &= $0;", [pivot(.unsignedLongLong)]) }
        for _ in 0..<random.below(3) {
            let part = random.pick(parts)
            scenario.add("\(part.text) \(random.pick(["=", "=", "+=", "^="])) $0;", [random.chance(50) ? pivot(part.type) : source()])
        }
        scenario.value = expression(random.pick(random.chance(60) ? parts : [x] + parts.suffix(3)))
    }

    /// Members of a few bits.
    mutating func bitFields(_ scenario: inout Scenario) {
        let object = name("b")
        scenario.declare("struct @bits \(object) = { $0, $1 };", [source(), pivot(.int)])
        let members = world.bits.map { CPlace(type: $0.type, text: "\(object).\($0.name)", isBitField: true) }
        for _ in 0..<random.number(in: 1...3) {
            let member = random.pick(members)
            switch random.below(5) {
            case 0: scenario.add("\(member.text)\(random.pick(["++", "--"]));")
            case 1: scenario.add("\(member.text) \(random.pick(["+=", "-=", "*=", "|=", "^="])) $0;", [pivot(.int)])
            case 2:
                let op = random.pick(["<", ">=", "=="])
                scenario.add("if (\(member.text) \(op) $0) \(random.pick(members).text) = $1;", [pivot(.int), source()])
            case 3: scenario.add("if ((\(member.text) = $0) != $1) return \(random.pick(members).text);", [source(), pivot(.int)])
            default: scenario.add("\(member.text) = $0;", [source()])
            }
        }
        let (a, b) = (random.pick(members), random.pick(members))
        scenario.value = outcome(a, random.chance(70) ? a : b)
    }

    /// Elements by number, in loops and as a whole.
    mutating func arrays(_ scenario: inout Scenario) {
        let type = scalarType() == .bool ? .int : scalarType()
        let (a, b) = (name("a"), name("a"))
        let isPartial = random.chance(30)
        if random.chance(30) { return globalArray(&scenario) }
        scenario.declare(
            "\(type.rawValue) \(a)[4] = { $0, $1\(isPartial ? "" : ", $2, $3") }, \(b)[4] = { [1] = $2, [3] = $1 };",
            (0..<4).map { _ in random.chance(50) ? pivot(type) : source() })
        let i = variable(random.pick([.int, .unsignedInt, .unsignedChar]), source(), &scenario)
        let index = random.pick(["(\(i.text)) & 3", "\(random.below(4))", "(\(i.text)) & 1", "2 + ((\(i.text)) & 1)"])
        switch random.below(8) {
        case 0: scenario.add("\(a)[\(index)] = $0;", [source()])
        case 1: scenario.add("for (int k = 0; k < 4; k++) \(a)[k] \(random.pick(["=", "+="])) $0;", [source()])
        case 2: scenario.add("__builtin_memset(\(a), \(random.pick([0, 1, 255])), \(random.number(in: 1...3)) * sizeof(*\(a)));")
        case 3: scenario.add("__builtin_memcpy(\(a), \(b) + 1, 2 * sizeof(*\(a)));")
        case 4: scenario.add("for (\(type.rawValue) *k = \(a); k < \(a) + 3; k++) *k = k[1];")
        case 5: scenario.add("*(\(a) + (\(index))) += $0;", [source()])
        case 6: scenario.add("if (\(i.text) < 4 && \(i.text) >= 0) \(a)[\(i.text)] = $0;", [source()])
        default: scenario.add("{ \(type.rawValue) *k = &\(a)[\(index)]; *k = $0; }", [pivot(type)])
        }
        let read = CPlace(type: type, text: "\(random.chance(80) ? a : b)[\(random.pick([index, "\(random.below(4))"]))]")
        scenario.value = outcome(read, i)
    }

    private mutating func globalArray(_ scenario: inout Scenario) {
        let (array, type) = random.pick(world.arrays)
        let i = variable(random.pick([.int, .unsignedInt, .unsignedChar]), source(), &scenario)
        let j = variable(.unsignedInt, source(), &scenario)
        for index in 0..<2 { scenario.add("\(array)[\(index * 2)] = $0;", [pivot(type)]) }
        let index = random.pick(["(\(i.text)) & 3", "(\(j.text)) & 3", "\(random.below(4))", "2 + ((\(i.text)) & 1)"])
        switch random.below(4) {
        case 0: scenario.add("\(array)[\(index)] = $0;", [source()])
        case 1: scenario.add("\(array)[\(index)] += \(array)[(\(j.text)) & 3];")
        case 2: scenario.add("{ \(type.rawValue) *k = \(array) + (\(index)); *k = $0; }", [source()])
        default: scenario.add("if (\(i.text) == \(j.text)) \(array)[(\(j.text)) & 3] = $0; else \(array)[\(index)]--;", [source()])
        }
        let read = random.pick([index, "(\(j.text)) & 3", "\(random.below(2) * 2)"])
        scenario.value = outcome(CPlace(type: type, text: "\(array)[\(read)]"), i)
    }

    /// Pointers that are members, copied along with their struct.
    mutating func pointersInStructs(_ scenario: inout Scenario) {
        let type = world.box
        let u = lasting(type, pivot(type), &scenario)
        let v = lasting(type, pivot(type), &scenario)
        let (a, b, q) = (name("box"), name("box"), name("q"))
        let second = random.pick([a, "{ &\(v.text), 7 }"])
        scenario.declare("struct @box \(a) = { .n = $0, .p = &\(u.text) }, \(b) = \(second);", [source()])
        scenario.declare("struct @box *\(q) = &\(a);")
        scenario.add("if ($0) \(q) = &\(b);", [condition([u, v], 1)])
        for _ in 0..<random.number(in: 1...3) {
            switch random.below(10) {
            case 8: scenario.add("*@global_box.p = $0;", [source()])
            case 9 where outermost != nil: scenario.add("\(random.pick(["@global_box = \(a)", "\(b) = @global_box", "@global_box.p = &\(u.text)"]));")
            case 0: scenario.add("*\(q)->p = $0;", [source()])
            case 1: scenario.add("\(q)->p = &\(v.text);")
            case 2: scenario.add("*\(random.pick([a, b])).p = $0;", [source()])
            case 3: scenario.add("\(b) = *\(q);")
            case 4: scenario.add("\(q)->n = $0;", [source()])
            case 5: scenario.add("@box_set(\(random.pick([a, b, "*\(q)"])), $0);", [source()])
            case 6: scenario.add("if (a1 & 1) \(a).p = &\(v.text);")
            default: scenario.add("\(a) = @box_make(&\(random.pick([u, v]).text), $0);", [source()])
            }
        }
        let n = CPlace(type: .long, text: "\(random.pick(["\(a).", "\(b).", "\(q)->"]))n")
        let result = variable(.long, pivot(.long), &scenario)
        let read = random.pick([u, v, CPlace(type: type, text: "*\(q)->p"), n])
        scenario.add("\(result.text) = $0;", [outcome(read, random.pick([u, v]))])
        scenario.add("@global_box.p = &@boxed;")
        scenario.value = expression(result)
    }

    /// An error or an address in one variable.
    mutating func errorPointer(_ scenario: inout Scenario) {
        let type = scalarType()
        let u = variable(type, source(), &scenario)
        let (pointer, error) = (name("p"), variable(.int, pivot(.int), &scenario))
        scenario.declare("\(type.rawValue) *\(pointer) = &\(u.text);")
        scenario.add("if ($0) \(pointer) = @err_ptr(\(random.pick(["-12", "-22L", "-4095"])));", [condition([u, error])])
        if random.chance(30) { scenario.add("if (a1 & 2) \(pointer) = (void *)0;") }
        scenario.add("if (@is_err(\(pointer))) return @ptr_err(\(pointer));")
        scenario.add("if (!\(pointer)) return \(error.text);")
        if random.chance(50) { scenario.add("*\(pointer) \(random.pick(["=", "+="])) $0;", [source()]) }
        scenario.value = random.chance(50) ? expression(u) : CExpression(type, "(*\(pointer))")
    }

    /// Constant tables by a guarded index, and a variable that keeps its value between calls.
    mutating func table(_ scenario: inout Scenario) {
        let index = CPlace(type: random.pick([.int, .unsignedInt, .long, .unsignedChar]), text: name("v"))
        scenario.declare("\(index.type.rawValue) \(index.text) = $0;", [source()])
        // Nothing else may write it between the guard and the use.
        scope.readable.append(index)
        let constants = globals.stable.filter { !$0.counts.isEmpty }
        let constant = constants[random.below(constants.count)]
        let count = constant.counts[0]
        let text = constant.text.replacing("$0", with: index.text)
        if random.chance(35) {
            let kept = name("kept")
            scenario.declare("static \(constant.type.rawValue) \(kept) = $0;", [pivot(constant.type)])
            scenario.add("\(kept) \(random.pick(["+=", "=", "-="])) $0;", [source()])
            scenario.add("if (\(kept) > $0) \(kept) = $1;", [pivot(constant.type), pivot(constant.type)])
            scenario.value = CExpression(constant.type, kept)
            return
        }
        switch random.below(4) {
        case 0: scenario.add("if (\(index.text) < 0 || \(index.text) >= \(count)) return -22;")
        case 1: scenario.add("if (!(\(index.text) >= 0 && \(index.text) < \(count))) \(index.text) = 0;")
        case 2: scenario.add("\(index.text) &= \(count - 1);")
        default: scenario.add("\(index.text) = @clamp_t(int, \(index.text), 0, \(count - 1));")
        }
        scenario.value = outcome(CPlace(type: constant.type, text: text), index)
    }
}
