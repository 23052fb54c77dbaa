/// Programs in which a value is carried to the return in variables, members and results of the type `RELAY`, which is
/// `int`, and of `long`.
///
/// Nothing looks at a value once it is carried, and nothing is calculated with it. So the program that has `long` for `RELAY`
/// takes the same way and returns the whole value: a row has to cover that, as what is returned or as what is cut.
extension GeneratedProgram {
    /// Makes relays as wide as what they carry.
    public static let wideRelay = "-DRELAY=long"

    /// Whether the program carries values in relays.
    public var hasRelays: Bool { declarations.contains { $0.text.contains("#define RELAY ") } }
}

extension Generation {
    /// A value by way of several relays, and the return of it.
    mutating func relay(_ scenario: inout Scenario) {
        let start = name("w")
        scenario.declare("long \(start) = $0;", [source()])
        let control = name("y")
        scenario.declare("long \(control) = $0;", [argument()])
        if random.chance(50) {
            let limit = random.pick(["0x7fffffff", "0xffffffff", "4095", "0x80000000", "0x7ffffffe"])
            let error = random.pick(["-22", "-34"])
            scenario.add(random.pick([
                "if (\(start) > \(limit)L) return \(error);", "if (\(start) > \(limit)L || \(start) < 0) return \(error);",
                "if ((unsigned long)\(start) > \(limit)UL) \(start) = \(limit);", "if (\(start) != (int)\(start)) return \(error);",
                "if (\(control) > \(limit)L) return \(error);",
            ]))
        }
        var carried = start
        for _ in 0..<random.number(in: 1...4) { carried = step(carried, control, &scenario) }
        scenario.add("return \(carried);")
    }

    /// Brings a value into another variable; the name of that.
    private mutating func step(_ value: String, _ y: String, _ scenario: inout Scenario) -> String {
        let (next, type) = (name("r"), carrier())
        let small = random.pick(["0", "-22", "5"])
        let test = way().replacing("y", with: y)
        if random.chance(70) { scenario.declare("\(type) \(next) = \(small);") } else { scenario.declare("\(type) \(next);") }
        scenario.statements.append(CStatement("\(next) = \(small);", isRemovable: false))
        let pass = random.pick(relays.passes).name.replacing("[y", with: "[\(y)")
        switch random.below(13) {
        case 0: scenario.add("\(next) = \(value);")
        case 1, 2: scenario.add("\(next) = \(pass)(\(value), \(y));")
        case 3: scenario.add("if (\(test)) \(next) = \(pass)(\(value), \(y));")
        case 4, 5: out(type, value, y, next, &scenario)
        case 6, 7: parcel(value, y, next, &scenario)
        case 8: scenario.add("@held = \(value); \(next) = @held; if (\(test)) @held = 0; else @held_wide = \(next); \(next) = @held_wide;")
        case 9:
            scenario.add("\(type) a_\(next)[3] = { 1, 2, 3 }; a_\(next)[\(y) & 1] = \(value); \(next) = a_\(next)[\(random.pick(["1", "0", "\(y) & 1"]))];")
        case 10: scenario.add("\(next) = ({ \(carrier()) t_ = \(value); \(test) ? t_ : \(small); });")
        case 11: scenario.add("{ union @wrapper u_; u_.v = \(value); \(next) = u_.v; }")
        default: scenario.add("for (int k = 0; k < 3; k++) { \(next) = k; if (k == \(y)) continue; \(next) = \(value); if (\(test)) break; }")
        }
        return next
    }

    private mutating func out(_ type: String, _ value: String, _ y: String, _ next: String, _ scenario: inout Scenario) {
        let function = random.pick(type == "long" ? relays.wideOuts : relays.narrowOuts).name
        let call = "\(function)(\(value), \(y), &\(next))"
        let text = random.pick([
            "\(call);", "(void)\(call);", "if (\(call)) return -16;", "if (\(call) < 0) \(next) = 3;", "for (int k = 0; k < 2; k++) \(call);",
        ])
        // A function may leave it as it was, whatever that is.
        scenario.add(text)
    }

    private mutating func parcel(_ value: String, _ y: String, _ next: String, _ scenario: inout Scenario) {
        let p = name("p")
        let member = random.pick(["v", "in.u", "w"])
        scenario.declare("struct @parcel \(p); __builtin_memset(&\(p), 0, sizeof(\(p)));")
        let fill = random.pick([
            "\(p).\(member) = \(value);", "\(p) = @wrap(\(value), \(y));", "@pack(&\(p), \(value), \(y));",
            "{ struct @parcel *q_ = &\(p); q_->\(member) = \(value); }",
            "{ struct @parcel q_ = { .\(member) = \(value) }; __builtin_memcpy(&\(p), &q_, sizeof(q_)); }",
        ])
        var reads = ["\(p).\(member)", "@unwrap(\(p), \(y))", "(&\(p))->v", "\(p).in.u"]
        // A struct that is only handed from function to function is not followed (docs/soundness.md).
        if !fill.hasPrefix("@pack") { reads.append("@look(&\(p), \(y))") }
        let read = random.pick(reads)
        scenario.add("\(fill) \(next) = \(read);")
    }
}
