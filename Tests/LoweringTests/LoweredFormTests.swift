import Lowering
import ProgramModel
import Testing

/// What the analysis relies on in the form of lowered functions, beyond their results.
@Suite struct LoweredFormTests {
    struct Form: Sendable, CustomTestStringConvertible {
        var name: String
        var source: String
        /// Lines that the dump of `f` has.
        var lines: [String]
        /// Text that it does not have.
        var without: [String] = []
        var testDescription: String { name }
    }

    static let forms: [Form] = [
        Form(
            name: "labels are the names in the source",
            source: """
                #define OP_a 3
                #define RANGE 7 ... 9
                #define HANDLE(x) case x: return 5;
                #define TWO OP_a + 2
                enum { OP_e = 12 };
                long f(unsigned int cmd) { switch (cmd) { case OP_a: return 1; case OP_e: return 2; case 4: return 3;
                case TWO: return 4; case RANGE: return 6; HANDLE(OP_a + 7) HANDLE(OP_e + 1) case (OP_a + 20): return 8; }
                return 0; }
                """,
            lines: [
                """
                switch cmd {3 OP_a: b1, 12 OP_e: b2, 4 4: b3, 5 TWO: b4, 7...9 7 ... 9: b5, 10 10: b6, 13 13: b7, \
                23 23: b8, default: b9}
                """
            ]),
        Form(
            name: "implicit conversions are explicit",
            source: "long f(unsigned int a, unsigned char b) { long r = a; r += b; return r - (a > b); }",
            lines: ["r = conv<i64>(a)", "r = (r + conv<i64>(b)).i64", "return (r - conv<i64>((a > conv<u32>(b)))).i64"]),
        Form(
            name: "casts are told from conversions", source: "long f(long a) { return (int)a; }",
            lines: ["return conv<i64>(cast<i32>(a))"]),
        Form(
            name: "a member through an address is the member",
            source: "struct s { int x; long y; }; long f(long a) { struct s v; (&v)->y = a; (*&v).x = 1; return v.y; }",
            lines: ["v.y = a", "v.x = 1", "return v.y"]),
        Form(
            name: "conditions become branches", source: "int f(int a, int b) { if (!(a && b > 3)) return 1; return 2; }",
            lines: ["if a b1 else b3", "if (b > 3) b2 else b3", "return 1", "return 2"]),
        Form(
            name: "expectations are transparent",
            source: "int f(int a) { if (__builtin_expect(!!(a > 3), 0)) return 1; return 2; }",
            lines: ["if (a > 3) b1 else b2"]),
        Form(
            name: "a range designator is computed once",
            source: "int f(int n) { int v[4] = { [0 ... 2] = n++ }; return v[2] + n; }",
            lines: ["n = (old$2 + 1).i32", "v[2] = old$2"], without: ["n = (old$3"]),
        Form(
            name: "an offset with a variable index has any value",
            source: "struct s { long a[4]; }; long f(int n) { return __builtin_offsetof(struct s, a[n]) > 5; }",
            lines: ["return conv<i64>((any<u64>(offset with a variable index) > 5))"], without: ["unsupported"]),
        Form(
            name: "calls that do not return end the block",
            source: "void die(void) __attribute__((noreturn)); _Noreturn void end(void);\nint f(int a) { if (a) die(); if (a > 2) end(); return 3; }",
            lines: ["call die() noreturn", "call end() noreturn", "unreachable"]),
        Form(
            name: "asm outputs may be anything",
            source: "long f(long a) { long r; asm volatile (\"x\" : \"=r\" (r), \"+m\" (a) : \"r\" (a + 1) : \"memory\"); return r; }",
            lines: ["asm out(r, a) in((a + 1).i64, a) memory", "return r"]),
        Form(
            name: "asm that only calls a function is a call",
            source: """
                struct ops { long (*get)(int, unsigned char); }; extern struct ops ops;
                long f(int a, long b) {
                    register int x asm ("rdi") = a; register long y asm ("rsi") = b; register long z asm ("rdx"); long r;
                    asm volatile ("# before\\n1: call *%c[at](%%rip)\\n\\t.pushsection .sites, \\"a\\"\\n\\t.long 1b - .\\n"
                                  : "+r" (x), "+r" (y), "=r" (z), "=a" (r) : [at] "i" (&ops.get), "g" (ops.get) : "memory");
                    return r;
                }
                """,
            lines: ["call$6 = call (*ops.get)(x, cast<u8>(y))", "asm out(x, y, z) in()", "r = call$6"]),
        Form(
            name: "asm that calls with more than the function takes hands that over too",
            source: """
                struct ops { long (*get)(void); }; extern struct ops ops;
                long f(long b) {
                    register long y asm ("rdi") = b; long r;
                    asm volatile ("call *%c[at](%%rip)" : "+r" (y), "=a" (r) : [at] "i" (&ops.get), "g" (ops.get) : "memory");
                    return r;
                }
                """,
            lines: ["asm out(y) in(&ops.get, ops.get, y) memory"]),
        Form(
            name: "asm that does more than call is not",
            source: """
                extern long (*get)(void);
                long f(void) { long r; asm volatile ("call *%1\\n\\tincq %0" : "=a" (r) : "g" (get) : "memory"); return r; }
                """,
            lines: ["asm out(r) in(get) memory"], without: ["call (*"]),
        Form(
            name: "asm goto may go to each label",
            source: "int f(int a) { asm goto (\"x\" : : \"r\" (a) : : l, m); return 1; l: return 2; m: return 3; }",
            lines: ["any of b1, b2, b3"]),
        Form(
            name: "falling off the end", source: "int f(int a) { if (a) return 1; }",
            lines: ["return any<i32>(end of function without return)"]),
        Form(
            name: "builtins that only the compiler knows",
            source: "int f(int a) { return __builtin_constant_p(a) ? 1 : __builtin_constant_p(3) ? 2 : 3; }",
            lines: ["if conv<i32>(any<bool>(__builtin_constant_p)) b1 else b2"]),
        Form(
            name: "statics are told apart",
            source: "int f(int a) { static int n; { static int n; n = a; } n++; return n; }",
            lines: ["f.n#2@ = a", "f.n@ = (f.n@ + 1).i32"]),
        Form(
            name: "operands are read in order",
            source: "int g(int *); int h(int, int); int f(int a) { return h(a, g(&a)) + a; }",
            lines: ["order$2 = a", "call$1 = call g(&a)", "call$3 = call h(order$2, call$1)", "return (call$3 + a).i32"]),
        Form(
            name: "unsupported constructs say so", source: "int f(int n) { int v[n]; v[0] = 1; return v[0]; }",
            lines: ["unsupported variable-length array", "unsupported variable-length array: 1"]),
        Form(
            name: "cleanup attributes say so",
            source: "void g(int *); int f(int n) { __attribute__((cleanup(g))) int x = n; return x; }",
            lines: ["unsupported cleanup attribute: 1"]),
    ]

    @Test(arguments: forms) func dumpHasTheLines(_ form: Form) throws {
        let dump = try lower(form.source).dump()
        let lines = dump.split(separator: "\n").map { $0.trimmingPrefix(while: { $0 == " " }) }
        for line in form.lines { #expect(lines.contains(line[...]), "no line '\(line)' in\n\(dump)") }
        for text in form.without { #expect(!dump.contains(text), "'\(text)' in\n\(dump)") }
    }
}
