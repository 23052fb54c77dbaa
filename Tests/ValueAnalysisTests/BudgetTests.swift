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
