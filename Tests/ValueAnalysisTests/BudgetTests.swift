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
}
