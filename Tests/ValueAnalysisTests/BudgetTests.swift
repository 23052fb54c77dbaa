import Testing
import ValueAnalysis

/// What is beyond a budget is not claimed to fit.
@Suite struct BudgetTests {
    private static let head = """
        extern unsigned long max_page; extern int step(void);
        static long wide(int n) { while (n-- > 0) step(); return step() > 3 ? 5 : step() > 2 ? 4 : 3; }

        """

    /// The cut is three calls away.
    private static let programs = [
        "static int c(void) { step(); return max_page; } static int b(void) { step(); return c(); } "
            + "long case_deep(void) { return b(); }",
        "static void c(int *p) { *p = max_page; } static void b(int *p) { step(); c(p); } "
            + "long case_deep(void) { int n = 0; b(&n); return n; }",
    ]

    @Test(arguments: programs) func cutsThatAreTooDeep(_ text: String) throws {
        #expect(try SingleUnit.rows(of: "deep", in: Self.head + text).map(\.verdict) == [.exceeds32Bit])
        let rows = try SingleUnit.rows(of: "deep", in: Self.head + text, budget: AnalysisBudget(callDepth: 2))
        #expect(rows.map(\.verdict) == [.unknown])
        #expect(rows.first?.reason == "c(): more than 2 calls deep")
    }

    /// Seed 21035846 of the fuzzer: nothing wanted the result of `look()` where it was called, a recursive function takes it on to
    /// what is returned, and one side of a join knows nothing of what that holds.
    @Test func cutsThatRecursionTakesOn() throws {
        let large = (70..<100).map { "if (y == \($0)) step();" }.joined(separator: " ")
        let text = Self.head + """
            struct parcel { int n; int v; };
            static int sink(long x, long y, int *out)
            { if (y <= 0 || y > 6) { *out = x; return 0; } return sink(x, y - 1, out); }
            static struct parcel wrap(long x, long y) { struct parcel p = { .n = 3 }; p.v = x; \(large) return p; }
            static int look(const struct parcel *p, long y) { \(large) return p->v; }
            long case_taken(unsigned long y)
            {
                int r = -22, out = -22;
                struct parcel p = { 0 };
                p = wrap(max_page, y); r = look(&p, y);
                if (sink(r, y, &out)) return -16;
                return out;
            }
            """
        #expect(try SingleUnit.rows(of: "taken", in: text).allSatisfy { $0.verdict != .fitsInt })
    }

    /// A hook that is not followed may be any function of its type, and the one that is known is still one of those.
    @Test func hooksThatAreTooDeep() throws {
        let text = Self.head + """
            struct ops { int (*carry)(unsigned long x); }; static struct ops ops;
            static int carry(unsigned long x) { step(); return x; }
            void fill(void) { ops.carry = carry; }
            long case_deep(void) { return ops.carry(max_page); }
            """
        for depth in [1, 8] {
            let rows = try SingleUnit.rows(of: "deep", in: text, budget: AnalysisBudget(callDepth: depth))
            #expect(rows.map(\.verdict) == [.exceeds32Bit], "\(depth) calls deep")
        }
    }

    /// A wide type hides nothing: it says `exceeds` by itself.
    @Test func wideResultsThatAreTooDeep() throws {
        let text = Self.head + "static long b(void) { return wide(step()); } long case_deep(void) { return b(); }"
        #expect(try SingleUnit.rows(of: "deep", in: text).map(\.verdict) == [.fitsInt])
        let rows = try SingleUnit.rows(of: "deep", in: text, budget: AnalysisBudget(callDepth: 2))
        #expect(rows.map(\.verdict) == [.exceeds32Bit])
        #expect(rows.first?.evidence.contains { $0.message.contains("more than 2 calls deep") } == true)
    }

    @Test func instructionsThatAreUsedUp() throws {
        let text = Self.head + "long case_long(void) { return wide(9); }"
        let rows = try SingleUnit.rows(of: "long", in: text, budget: AnalysisBudget(instructions: 3))
        #expect(rows.map(\.verdict) == [.unknown])
        #expect(rows.first?.reason?.contains("budget of 3") == true)
    }

    /// Loops in loops come by the same call hundreds of times, each time with a little more of what its argument points to: as
    /// in Xen's `p2m_pt_audit_p2m()` and `paging_log_dirty_op()`, which took 46,000 blocks instead of 2,400.
    @Test func callsInNestedLoops() throws {
        let text = Self.head + """
            extern unsigned long table[512];
            static unsigned int kind(unsigned long e, unsigned int *seen)
            { *seen |= e & 7; if (e & 1) return e >> 9 & 3; for (int i = 0; i < 4; i++) if (e >> i & 8) *seen += 1; return 0; }
            long case_nested(void)
            {
                int rc = 0; unsigned int seen = 0;
                for (int a = 0; a < 512; a++) for (int b = 0; b < 512; b++) for (int c = 0; c < 512; c++)
                    for (int d = 0; d < 512; d++) {
                        if (kind(table[d], &seen) == 2) { rc = -1; goto out; }
                        if (kind(table[c], &seen) == 1 && step()) return -11;
                    }
            out:
                if (seen > 100) return seen & 0xff;
                return rc;
            }
            """
        let rows = try SingleUnit.rows(of: "nested", in: text, budget: AnalysisBudget(instructions: 20_000))
        #expect(rows.map(\.verdict) == [.fitsInt])
    }

    /// What only a later round of a loop knows of a local is not covered by knowing nothing of it, nor by zeros.
    @Test(arguments: [
        ("int a, b, c, d, e;", ""),
        ("struct { int a, b, c, d, e; } s;", "s."),
        ("struct { int a, b, c, d, e; } s; memset(&s, 0, sizeof(s));", "s."),
        ("struct { long a, b, c, d, e; } s; memset(&s, 0, sizeof(s));", "s."),
        ("struct { long a, b, c, d, e; } s = {};", "s."),
    ]) func cutsThatTakeRounds(_ locals: String, _ prefix: String) throws {
        let text = Self.head + """
            extern void *memset(void *s, int c, unsigned long n);
            long case_rounds(void)
            {
                \(locals)
                while (step()) {
                    if (step() == 3) return .a;
                    .a = .b; .b = .c; .c = .d; .d = .e; .e = max_page;
                }
                return 0;
            }
            """.replacing(" .", with: " " + prefix)
        #expect(try SingleUnit.rows(of: "rounds", in: text).map(\.verdict) == [.exceeds32Bit], "\(locals)")
    }

    /// Rounds that a loop takes until a cut number has gone through all of some locals: a few, more than are followed for
    /// ranges, and more than are followed at all.
    @Test(arguments: [(5, Verdict.exceeds32Bit), (80, .exceeds32Bit), (200, .unknown)])
    func cutsThatTakeManyRounds(_ count: Int, _ verdict: Verdict) throws {
        let moves = (1..<count).map { "v\($0 - 1) = v\($0);" }.joined(separator: " ")
        let text = Self.head + """
            long case_rounds(void)
            {
                int \((0..<count).map { "v\($0)" }.joined(separator: ", "));
                while (step()) { if (step() == 3) return v0; \(moves) v\(count - 1) = max_page; }
                return 0;
            }
            """
        let rows = try SingleUnit.rows(of: "rounds", in: text)
        #expect(rows.map(\.verdict) == [verdict])
        if verdict == .unknown { #expect(rows.first?.reason?.contains("does not settle in 128 rounds") == true, "\(rows)") }
    }

    /// A pointer that is not known any more after many rounds may still lead to the local that it led to.
    @Test func pointersThatTakeManyRounds() throws {
        let moves = (1..<80).map { "v\($0 - 1) = v\($0);" }.joined(separator: " ")
        let text = Self.head + """
            long case_pointed(void)
            {
                long x = 0, *p = &x;
                int \((0..<80).map { "v\($0)" }.joined(separator: ", "));
                while (step()) { if (step() == 3) return v0 ? x : 0; \(moves) v79 = max_page; x = 0; *p = max_page; }
                return 0;
            }
            """
        #expect(try SingleUnit.rows(of: "pointed", in: text).map(\.verdict) == [.exceeds32Bit])
    }

    /// Where cells of different widths meet, lie under one another or are read as one, what was cut is not seen.
    @Test(arguments: [
        "if (step()) u.whole = max_page; else { u.bytes[0] = 1; u.bytes[1] = 2; u.bytes[2] = 3; u.bytes[3] = 0; }",
        "u.whole = max_page; u.bytes[0] = 1;",
        "u.halves[0] = max_page; u.halves[1] = max_page;",
    ]) func cutsUnderOtherWidths(_ stores: String) throws {
        let text = Self.head + """
            union both { int whole; unsigned short halves[2]; unsigned char bytes[4]; };
            long case_widths(void) { union both u; \(stores) return u.whole; }
            """
        #expect(try SingleUnit.rows(of: "widths", in: text).allSatisfy { $0.verdict != .fitsInt })
    }
}
