/// The declarations that scenarios speak of.
extension Generation {
    mutating func makeScenarioWorld() {
        makeUnknowns()
        makeTypes()
        for number in 0..<random.number(in: 2...3) { makeEffectFunction(number) }
        makeTables()
        for number in 0..<2 { makeLimiter(number) }
        makeSummarizedFunctions()
        if options.relays { makeRelays() }
        for number in 0..<random.below(3) { makeScene(number) }
    }

    mutating func declare(_ text: String) { program.declarations.append(CStatement(text)) }

    /// Pointers in variables, whose targets the analysis does not follow.
    private mutating func makeUnknowns() {
        for number in 0..<2 {
            let type = number == 0 ? ScalarType.long : random.pick([.int, .unsignedInt, .unsignedChar, .unsignedLong, .short])
            let variables = [name("@g"), name("@g")]
            let pointer = name("@up")
            let values = variables.map { _ in type.literal(UInt64(random.below(30)), model) }
            for (variable, value) in zip(variables, values) {
                declare("static \(type.rawValue) \(variable) = \(value);")
                program.resets.append("\(variable) = \(value);")
                globals.places.append(CPlace(type: type, text: variable))
            }
            declare("static \(type.rawValue) *\(pointer) = &\(variables[0]);")
            program.resets.append("\(pointer) = &\(variables[0]);")
            world.unknowns.append((type, variables, pointer))
        }
        guard let record = globals.records.first else { return }
        let pointer = name("@ur")
        // Members that share their bytes are outside of what aliasing by member promises.
        guard !records[record.type].hasOverlay(in: records) else { return }
        declare("static struct @s\(record.type) *\(pointer) = &\(record.text);")
        program.resets.append("\(pointer) = &\(record.text);")
        world.unknownRecords.append((record.type, record.text, pointer))
    }

    private mutating func makeTypes() {
        declare(
            """
            union @overlay {
                unsigned long long w; unsigned int h[2]; unsigned short s[4]; unsigned char b[8]; int i;
                struct { unsigned char x; signed char y; unsigned short z; } p;
            };
            """)
        var text = "struct @bits {"
        for index in 0..<random.number(in: 2...5) {
            let type = random.pick([ScalarType.unsignedInt, .int, .unsignedLongLong, .unsignedShort, .signedChar, .bool, .long])
            let bits = random.number(in: 1...min(type.width(model), 40))
            text += " \(type.rawValue) f\(index) : \(bits);"
            world.bits.append(("f\(index)", type))
        }
        declare(text + " };")
        world.box = random.pick([.int, .long, .unsignedInt, .unsignedLong])
        let type = world.box.rawValue
        declare("struct @box { \(type) *p; long n; };")
        declare("static \(type) @boxed;")
        declare("static struct @box @global_box = { &@boxed, 5 };")
        program.resets.append("@boxed = 0; @global_box = (struct @box){ &@boxed, 5 };")
        let element = scalarType()
        declare("static \(element.rawValue) @elements[4];")
        program.resets.append("for (int i = 0; i < 4; i++) @elements[i] = i;")
        world.arrays.append(("@elements", element))
        declare("static void @box_set(struct @box b, long v) { if (b.n > 3) *b.p = v; else b.n = v; }")
        declare("static struct @box @box_make(\(type) *p, long n) { struct @box b = { p, n & 0xff }; return b; }")
    }

    private mutating func makeLimiter(_ number: Int) {
        let type = scalarType()
        let name = "@limit\(number)"
        let text = random.pick([
            "return x > limit ? limit : x;", "if (x <= limit) return x; return limit;", "return x & limit;",
            "if (x == limit) return 0; return x;", "return limit < x ? x - limit : limit - x;",
            "while (x > limit && limit > 0 && x < 100) x -= limit; return x;",
        ])
        declare("static \(type.rawValue) \(name)(\(type.rawValue) x, \(type.rawValue) limit) { \(text) }")
        world.limiters.append((name, type))
    }

    // MARK: Functions with effects

    private mutating func makeEffectFunction(_ number: Int) {
        let type = random.chance(60) ? world.box : random.pick([.int, .long, .unsignedLong, .unsignedInt])
        let unknown = world.unknowns[number % 2]
        let global = CPlace(type: unknown.type, text: unknown.variables[random.below(2)])
        var function = EffectFunction(name: "@effect\(number)", type: type, global: global)
        let through = random.chance(25) ? "*\(unknown.pointer)" : global.text
        let (a, b) = (type.literal(UInt64(random.below(50)), model), type.literal(0 &- UInt64(random.below(50)), model))
        let writes = random.pick([
            "*out = x;", "\(through) = x;", "*out = \(a); \(through) = x;", "if (x > \(a)) return \(b); *out = x;",
            "\(global.text) = x;", "\(global.text) = x & 0x3f;", "(\(through))--;", "*out += \(a);",
            "\(through) += x; *out = \(through);", "if (out) { *out = x & 0xff; (\(through))--; }",
        ])
        let parameters = "long x, \(type.rawValue) *out"
        let result = random.pick(["0", "x", "*out", a, b])
        let body: String
        var list = parameters
        switch random.below(5) {
        case 0:
            function.rest = ", \(random.number(in: 0...3))"
            list += ", int depth"
            let inner = "\(function.name)(x \(random.pick(["+ 1", "- 1", "* 2", "& 7"])), out, depth - 1)"
            body = random.chance(50)
                ? "if (depth > 0) return \(inner); \(writes) return \(result);"
                : "\(writes) if (depth > 0) \(inner); return \(result);"
        case 1:
            // More blocks than are opened in place.
            let cases = (0..<14).map { "case \($0): *out = \($0 * 3); \($0 % 3 == 0 ? "break;" : "(\(through))++; break;")" }
            body = "switch (x & 15) { \(cases.joined(separator: " ")) default: \(writes) } return \(result);"
        case 2:
            let inner = "\(function.name)_inner"
            declare("static \(type.rawValue) \(inner)(\(parameters)) { \(writes) return \(result); }")
            body = "if (x == \(a)) return \(inner)(x + 1, out); return \(inner)(x, out);"
        default: body = "\(writes) return \(result);"
        }
        declare("static \(type.rawValue) \(function.name)(\(list)) { \(body) }")
        world.effects.append(function)
    }

    /// Functions behind constants and behind variables.
    private mutating func makeTables() {
        if let record = world.unknownRecords.first {
            // Writes a member and nothing else.
            let member = random.pick(places(in: "", record.type).filter { $0.counts.isEmpty })
            let (name, type) = ("@member", world.box)
            let body = "(*\(record.pointer))\(member.text) = x; return x;"
            declare("static \(type.rawValue) \(name)(long x, \(type.rawValue) *out) { \(body) }")
            world.effects.append(EffectFunction(
                name: name, type: type, global: CPlace(type: member.type, text: record.variable + member.text)))
        }
        let type = world.box.rawValue
        let writes = "*out = x & 0x7f;"
        declare("static \(type) @plain(long x, \(type) *out) { \(writes) \(world.unknowns[0].variables[1]) = x; return 0; }")
        world.effects.append(EffectFunction(
            name: "@plain", type: world.box, global: CPlace(type: world.unknowns[0].type, text: world.unknowns[0].variables[1])))
        let fitting = world.effects.filter { $0.type == world.box && $0.rest.isEmpty }.map(\.name)
        let (first, second) = (random.pick(fitting), random.pick(fitting))
        declare("struct @operations { \(type) (*first)(long, \(type) *); \(type) (*second)(long, \(type) *); };")
        declare("static const struct @operations @operations = { .first = \(first), .second = \(second) };")
        declare("static struct @operations @changing = { \(second), \(first) };")
    }
}

extension RecordType {
    func hasOverlay(in records: [RecordType]) -> Bool {
        fields.contains { field in
            if field.isOverlay { return true }
            if case .record(let inner) = field.shape { return records[inner].hasOverlay(in: records) }
            return false
        }
    }
}
