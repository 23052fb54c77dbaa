/// A function that is too large to be opened in place, so that the analysis has to say by itself what it returns.
struct SummarizedFunction {
    enum Kind {
        /// `(order, x, out)`: returns numbers that are, mostly, at most its first argument.
        case climber
        /// `(depth, x)`: calls itself, or comes back by way of others.
        case walker
        /// `(x, out)`: writes through its pointer, and may keep it.
        case keeper
    }
    var kind: Kind
    var name: String
    var result: ScalarType
    var first: ScalarType
    /// What the pointer points to.
    var out: ScalarType
    var mayKeep = false
}

/// Scenarios of functions by themselves: recursion, results bounded by arguments, addresses that are kept or given back.
extension Generation {
    /// Statements that make a function large and do nothing.
    private func padding(_ value: String, _ count: Int = 7) -> String {
        (0..<count).map { "if (\(value) == \(70 + $0)) @trace++;" }.joined(separator: " ")
    }

    mutating func makeSummarizedFunctions() {
        program.declarations.append(CStatement("static long *@kept;"))
        program.resets.append("@kept = 0;")
        program.declarations.append(CStatement("static void @poke(long x) { if (@kept) *@kept = x; }"))
        let types: [ScalarType] = [.int, .long, .unsignedInt, .unsignedChar, .short, .unsignedLong]
        makeKeeper(0, mayKeep: false)
        makeKeeper(1, mayKeep: true)
        // Behind a variable, a function is called by what it does by itself.
        declare("struct @lender { int (*lend)(long, long *); };")
        let lent = random.below(2)
        declare("static struct @lender @lender = { @lend\(lent) };")
        // One of two would be opened in place.
        makeKeeper(2, mayKeep: false)
        declare(
            "void @relend(int n) { if (n == 1) @lender.lend = @lend0; if (n == 2) @lender.lend = @lend1; "
                + "if (n == 3) @lender.lend = @lend2; }")
        world.summarized.append(SummarizedFunction(
            kind: .keeper, name: "@lender.lend", result: .int, first: .long, out: .long, mayKeep: lent == 1))
        for number in 0..<2 { makeClimber(number, random.pick(types), random.pick([.unsignedInt, .int, .unsignedChar, .long])) }
        makeWalkers(random.pick(types), count: random.number(in: 1...3))
    }

    private mutating func makeKeeper(_ number: Int, mayKeep: Bool) {
        let name = "@lend\(number)"
        let keeps = mayKeep ? random.pick(["@kept = out;", "if (x & 1) @kept = out;", "@kept = out + 0;"]) : ""
        let write = random.pick(["*out = x & 0x3f;", "if (x > 3) *out = x & 7;", "(*out)++;", ""])
        let result = random.pick(["0", "x & 1", "*out & 3", "-22"])
        // Small ones are opened even behind a variable.
        let size = random.pick([7, 30, 30])
        declare("static int \(name)(long x, long *out) { \(padding("x", size)) \(keeps) \(write) return \(result); }")
        world.summarized.append(SummarizedFunction(
            kind: .keeper, name: name, result: .int, first: .long, out: .long, mayKeep: mayKeep))
    }

    private mutating func makeClimber(_ number: Int, _ result: ScalarType, _ order: ScalarType) {
        let name = "@climb\(number)"
        let current = random.pick([ScalarType.unsignedInt, .int, .long, .unsignedChar, order, order])
        let lend = random.pick(["@lend0", "@lend1", "@lender.lend", "@lender.lend"])
        let test = random.pick(["cur < order", "cur < order", "cur <= order", "order > cur", "cur + 1 <= order", "cur < 9"])
        let value = random.pick(["cur + 1", "cur + 1", "cur", "order - cur", "order", "cur + 2", "order - 1"])
        let other = random.pick(["0", "-22", "x & 3", "order", "0", "-1"])
        let between = random.pick(["", "@poke(x);", "@poke(x);", "order = x;"])
        let last = random.pick(["0", "0", "-22", "x < 5 ? 0 : 1", "order"])
        let isJoined = random.chance(50)
        // The one whose address is lent is the one that is tested, or a copy of another type.
        let cur = random.chance(50) ? "" : "\(current.rawValue) cur = seen;"
        let (check, found) = cur.isEmpty
            ? (test.replacing("cur", with: "seen"), value.replacing("cur", with: "seen")) : (test, value)
        let start = "long seen = \(random.pick(["0", "x", "x & 7"])); \(result.rawValue) rc = \(other);"
        let leave = isJoined ? "{ \(between) rc = \(found); goto out; }" : "{ \(between) return \(found); }"
        let body = """
            \(start) \(lend)(x, &seen); \(cur) if (\(check)) \(leave) \(padding("x"))
                if (x == 3) \(isJoined ? "goto out" : "return rc"); rc = \(last); \(isJoined ? "out: @trace++;" : "") return rc;
            """
        let parameters = "\(order.rawValue) order, long x, long *out"
        declare("static \(result.rawValue) \(name)_inner(\(parameters)) { \(body) }")
        // Its own variables are gone when it returns.
        declare(
            """
            static \(result.rawValue) \(name)(\(parameters)) \
            { \(result.rawValue) rc = \(name)_inner(order, x, out); @kept = 0; return rc; }
            """)
        world.summarized.append(SummarizedFunction(kind: .climber, name: name, result: result, first: order, out: .long))
    }

    private mutating func makeWalkers(_ type: ScalarType, count: Int) {
        let names = (0..<count).map { "@walk\($0)" }
        let results = names.map { _ in random.chance(70) ? type : random.pick([ScalarType.int, .long, .unsignedInt, .bool]) }
        for (name, result) in zip(names, results) { declare("static \(result.rawValue) \(name)(int depth, long x);") }
        for index in names.indices {
            let next = random.chance(70) ? names[(index + 1) % count] : names[index]
            let leaf = random.pick(["0", "-22", "x & 7", "x", "depth + 3", "-12"])
            let step = random.pick(["x", "x + 1", "x >> 1", "x & 63", "-x"])
            let after = random.pick([
                "if (r) return r; return 0;", "return r < 0 ? r : 0;", "return r + 1;", "return r;", "return r ? -5 : depth;",
                "if (r < 0) return r; return r & 3;", "return r * 2;", "if (r != 0) return -16; return x & 1;",
            ])
            let local = random.pick([ScalarType.int, .long, results[index]])
            let loop = random.chance(40) ? "for (int k = 0; k < 2; k++) " : ""
            let body = """
                \(local.rawValue) r = 0; \(random.chance(60) ? padding("x") : "") if (depth <= 0) return \(leaf);
                    \(loop)r = \(next)(depth - 1, \(step)); \(after)
                """
            declare("static \(results[index].rawValue) \(names[index])(int depth, long x) { \(body) }")
        }
        world.summarized.append(SummarizedFunction(kind: .walker, name: names[0], result: results[0], first: .int, out: .long))
    }

    // MARK: Calls

    mutating func summarizedCall(_ scenario: inout Scenario) {
        let function = random.pick(world.summarized)
        switch function.kind {
        case .climber: climb(function, &scenario)
        case .walker: walk(function, &scenario)
        case .keeper: lend(function, &scenario)
        }
    }

    private mutating func climb(_ function: SummarizedFunction, _ scenario: inout Scenario) {
        let order = variable(function.first, random.chance(50) ? pivot(function.first) : source(), &scenario)
        let result = variable(random.chance(60) ? function.result : .int, pivot(.int), &scenario)
        let seen = variable(.long, pivot(.long), &scenario)
        let call = CExpression(function.result, "\(function.name)(\(order.text), $0, &\(seen.text))", [source()])
        switch random.below(4) {
        case 0:
            let turn = name("k")
            scenario.add(
                """
                for (int \(turn) = 0; \(turn) < 6; \(turn)++) { \(result.text) = $0; if (\(result.text) <= 0) break; \
                \(order.text) = \(result.text)\(random.pick([" - 1", ""])); }
                """, [call])
        case 1: scenario.add("\(result.text) = $0;", [call])
        case 2: scenario.add("if ((\(result.text) = $0) > \(order.text)) return \(random.pick(["-22", result.text]));", [call])
        default:
            let sum = variable(.long, pivot(.int), &scenario)
            scenario.add("for (int k = 0; k < 3; k++) \(sum.text) += $0;", [call])
            scenario.value = outcome(sum, result)
            return
        }
        scenario.value = outcome(random.pick([result, order]), result)
    }

    private mutating func walk(_ function: SummarizedFunction, _ scenario: inout Scenario) {
        let depth = random.chance(50) ? "\(random.below(5))" : "(int)($0 & 3)"
        let result = variable(random.chance(60) ? function.result : .long, pivot(.int), &scenario)
        scenario.add("\(result.text) = \(function.name)(\(depth), $1);", [source(), source()])
        if random.chance(30) { scenario.add("if (\(result.text) < 0) return \(result.text);") }
        scenario.value = outcome(result, result)
    }

    private mutating func lend(_ function: SummarizedFunction, _ scenario: inout Scenario) {
        // What is kept must live as long as anything can write it.
        guard outermost != nil || !function.mayKeep else { return }
        let u = lasting(.long, pivot(.long), &scenario)
        let result = variable(.int, pivot(.int), &scenario)
        if random.chance(50) { scenario.add("if (\(u.text) > 3) return \(u.text);") }
        scenario.add("\(result.text) = \(function.name)($0, &\(u.text));", [source()])
        if random.chance(60) { scenario.add("\(u.text) = $0;", [random.chance(70) ? pivot(.long) : source()]) }
        if random.chance(70) { scenario.add("@poke($0);", [source()]) }
        let value = variable(.long, pivot(.int), &scenario)
        scenario.add("\(value.text) = $0;", [outcome(u, result)])
        scenario.add("@kept = 0;")
        scenario.value = expression(value)
    }
}
