/// Functions that carry a value in relays: see `RelayScenarios`.
struct RelayWorld {
    struct Function {
        var name: String
        var result: String
    }
    /// `(x, y)`: gives `x` back, or something small; what it does is decided by `y`.
    var passes: [Function] = []
    /// `(x, y, out)`: stores `x`, or something small, or nothing.
    var narrowOuts: [Function] = []
    var wideOuts: [Function] = []
}

extension Generation {
    /// Mostly one that is `int`.
    mutating func carrier() -> String { random.pick(["RELAY", "RELAY", "long"]) }

    /// Nothing, or what makes a function large.
    private mutating func filling() -> String {
        let count = random.pick([0, 0, 7, 30])
        return (0..<count).map { "if (y == \(70 + $0)) @trace++;" }.joined(separator: " ")
    }

    /// A condition that says nothing of what is carried.
    mutating func way() -> String { random.pick(["y & 1", "y > 3", "y == 2", "y < 100", "!y", "(unsigned int)y > 9"]) }

    mutating func makeRelays() {
        declare("#ifndef RELAY\n#define RELAY int\n#endif")
        declare("struct @parcel { int n; RELAY v; long w; struct { RELAY u; short s; } in; };")
        declare("union @wrapper { RELAY v; char c[8]; };")
        declare("static RELAY @held; static long @held_wide;")
        program.resets.append("@held = 0; @held_wide = 0;")
        for number in 0..<2 { makePass(number) }
        for number in 0..<3 { makeOut(number, number < 2 ? "RELAY" : "long") }
        makeRecursion()
        makeParcelFunctions()
        makeHooks()
    }

    private mutating func makePass(_ number: Int) {
        let (name, result, local) = ("@pass\(number)", carrier(), carrier())
        let small = random.pick(["0", "-22", "y & 7", "1"])
        let earlier = relays.passes.map(\.name)
        let inner = earlier.isEmpty ? "x" : "\(random.pick(earlier))(x, y)"
        let body = switch random.below(10) {
        case 0: "return x;"
        case 1: "\(local) r = x; \(filling()) return r;"
        case 2: "\(local) r = \(small); if (\(way())) r = x; \(filling()) return r;"
        case 3: "switch (y & 3) { case 0: return x; case 1: return \(small); } return \(inner);"
        case 4: "\(local) r = \(small); for (int k = 0; k < 3; k++) { if (y == k) break; r = x; } return r;"
        case 5: "\(local) r = x; if (\(way())) goto out; r = \(small); out: \(filling()) return r;"
        case 6: "return \(way()) ? \(inner) : \(small);"
        case 7: "@held = x; \(filling()) return \(way()) ? @held : \(small);"
        case 8: "\(local) r; do { r = \(inner); } while (0); if (\(way())) return \(small); return r;"
        default: "\(local) a[2] = { \(small), x }; return a[y & 1];"
        }
        declare("static \(result) \(name)(long x, long y) { \(body) }")
        relays.passes.append(.init(name: name, result: result))
    }

    private mutating func makeOut(_ number: Int, _ type: String) {
        let (name, result, local) = ("@out\(number)", random.pick(["int", "long"]), carrier())
        let small = random.pick(["0", "-22", "y & 7", "1"])
        let status = random.pick(["0", "-22", "y & 3"])
        let pass = random.pick(relays.passes).name
        let write = switch random.below(8) {
        case 0: "*out = x;"
        case 1: "if (\(way())) *out = x;"
        case 2: "\(local) t = x; if (\(way())) return \(status); *out = t;"
        case 3: "*out = \(small); if (\(way())) *out = \(pass)(x, y);"
        case 4: "\(type) *p = out; \(type) spare; if (\(way())) p = &spare; *p = x;"
        case 5: "*out = \(way()) ? x : \(small);"
        case 6: "if (out) { \(type) t = x; __builtin_memcpy(out, &t, sizeof(t)); }"
        default: "for (int k = 0; k < 2; k++) if (y != k) out[0] = x;"
        }
        declare("static \(result) \(name)(long x, long y, \(type) *out) { \(filling()) \(write) return \(status); }")
        let function = RelayWorld.Function(name: name, result: result)
        if type == "long" { relays.wideOuts.append(function) } else { relays.narrowOuts.append(function) }
    }

    /// Functions that come to their end after some calls of themselves.
    private mutating func makeRecursion() {
        let (result, local) = (carrier(), carrier())
        let small = random.pick(["0", "-22", "1"])
        let isCircle = random.chance(40)
        if isCircle { declare("static \(result) @turn(long x, long y);") }
        let next = isCircle ? "@turn" : "@descend"
        let step = "\(next)(x, y - 1)"
        let end = "if (y <= 0 || y > 6) return \(random.pick(["x", "x", "y == -1 ? \(small) : x"]));"
        let body = random.pick([
            "\(end) return \(step);", "\(local) r; \(filling()) \(end) r = \(step); return r;",
            "\(local) r = \(small); \(end) if (y == 2) return r; r = \(step); return r;",
            "\(end) for (int k = 0; k < 2; k++) { \(local) r = \(step); if (k) return r; } return \(small);",
        ])
        declare("static \(result) @descend(long x, long y) { \(body) }")
        if isCircle { declare("static \(result) @turn(long x, long y) { \(filling()) \(local) r = @descend(x, y); return r; }") }
        relays.passes.append(.init(name: "@descend", result: result))
        let inner = random.pick([
            "@sink(x, y - 1, out);", "RELAY r = \(small); @sink(x, y - 1, &r); *out = r;",
            "return @sink(x, y - 1, out);", "RELAY r = \(small); if (@sink(x, y - 1, &r)) return 1; *out = r;",
            "if (!@sink(x, y - 1, out)) return 0;",
        ])
        declare("static int @sink(long x, long y, RELAY *out) { \(filling()) if (y <= 0 || y > 6) { *out = x; return 0; } \(inner) return 0; }")
        relays.narrowOuts.append(.init(name: "@sink", result: "int"))
    }

    private mutating func makeParcelFunctions() {
        let pass = random.pick(relays.passes).name
        let member = random.pick(["v", "in.u", "w"])
        declare("static struct @parcel @wrap(long x, long y) { struct @parcel p = { .n = 3 }; p.\(member) = x; \(filling()) return p; }")
        declare("static \(carrier()) @unwrap(struct @parcel p, long y) { \(filling()) return \(way()) ? p.\(member) : 0; }")
        declare("static \(carrier()) @look(const struct @parcel *p, long y) { \(filling()) return p->\(member); }")
        let fill = random.pick([
            "p->\(member) = x;", "if (\(way())) p->\(member) = \(pass)(x, y);", "*p = @wrap(x, y);",
            "RELAY *q = &p->v; p->v = 0; if (\(way())) q = &p->in.u; *q = x;",
            "@out0(x, y, &p->v);", "struct @parcel t = *p; t.\(member) = x; *p = t;",
        ])
        declare("static void @pack(struct @parcel *p, long x, long y) { \(filling()) \(fill) }")
    }

    private mutating func makeHooks() {
        let (carry, give) = (random.pick(relays.passes), random.pick(relays.narrowOuts))
        let other = random.pick(relays.passes.filter { $0.result == carry.result })
        declare("struct @carrier { \(carry.result) (*carry)(long, long); \(give.result) (*give)(long, long, RELAY *); };")
        let items = "{ \(carry.name), \(give.name) }"
        switch random.below(3) {
        case 0: declare("static const struct @carrier @carrier = \(items);")
        case 1: declare("static struct @carrier @carrier = \(items);")
        default:
            declare("static struct @carrier @carrier;")
            program.resets.append("@carrier.carry = \(carry.name); @carrier.give = \(give.name);")
        }
        declare("static \(carry.result) (*const @carriers[2])(long, long) = { \(carry.name), \(other.name) };")
        relays.passes += [.init(name: "@carrier.carry", result: carry.result), .init(name: "@carriers[y & 1]", result: carry.result)]
        relays.narrowOuts.append(.init(name: "@carrier.give", result: give.result))
    }
}
