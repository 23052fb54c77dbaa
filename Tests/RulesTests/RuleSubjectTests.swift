import ProgramModel
import Testing
import ValueAnalysis

@testable import Rules

/// Rules about handlers and dispatchers.
@Suite struct RuleSubjectTests {
    private let pack: RulePack

    init() throws { pack = try RulePack.load(directory: bundledRules) }

    private func ids(_ rows: [AuditRow], _ facts: TreeFacts, only: [String] = []) throws -> [String] {
        RuleEngine(pack: try pack.choosing(only)).findings(for: audit(rows), facts: facts).map(\.ruleID)
    }

    private func facts(
        register: Int? = nil, multicall: Int? = nil, guest: String = "arm32", handler: HandlerFacts? = nil
    ) -> TreeFacts {
        let sites = [(DispatchSite.Kind.register, register, 3), (.multicall, multicall, 4)].compactMap { kind, width, line in
            width.map {
                DispatchSite(
                    guest: guest, kind: kind, function: "dispatch", location: place(line), target: "regs.r", width: $0)
            }
        }
        return TreeFacts(handlers: handler.map { ["do_sample_op": $0] } ?? [:], dispatchSites: sites)
    }

    @Test(arguments: [
        (32, nil, false), (64, nil, true), (32, 32, false), (32, 64, true), (64, 64, true), (nil, 64, false),
    ] as [(Int?, Int?, Bool)])
    func dispatcherWidths(register: Int?, multicall: Int?, expected: Bool) throws {
        let found = try ids([], facts(register: register, multicall: multicall))
        #expect(found == (expected ? ["dispatcher-result-width"] : []))
    }

    @Test(arguments: [
        ("4294967296", 64, true), ("4294967295", 64, false), ("4294967296", 32, false), ("4294967296", nil, false),
    ] as [(String, Int?, Bool)])
    func multicallWidths(max: String, multicall: Int?, expected: Bool) throws {
        let row = row(range: ("0", max))
        let found = try ids([row], facts(multicall: multicall), only: ["multicall-result-width"])
        #expect(found == (expected ? ["multicall-result-width"] : []))
        // What was cut before does not reach either.
        var cut = row
        cut.narrowings = [narrowing()]
        #expect(try ids([cut], facts(multicall: multicall), only: ["multicall-result-width"]).isEmpty)
    }

    /// A direct call cuts what a multicall carries, or the reverse.
    @Test func slots() throws {
        let guest = try #require(pack.guest(named: "arm32"))
        func shown(_ row: AuditRow, _ facts: TreeFacts) -> [String] {
            facts.slots(of: row, for: guest).map { "\($0.name) \($0.width) \($0.isCut ? "cut" : "whole")" }
        }
        let wide = row(range: ("0", "4294967296"))
        #expect(shown(wide, facts(multicall: 64)) == ["r0 32 cut", "multicall 64 whole"])
        #expect(shown(wide, facts(multicall: 32)) == ["r0 32 cut", "multicall 32 cut"])
        #expect(shown(wide, facts()) == ["r0 32 cut"])
        #expect(shown(row(range: ("-22", "4294967295")), facts(multicall: 64)) == ["r0 32 whole", "multicall 64 whole"])
        var cut = wide
        cut.narrowings = [narrowing()]
        #expect(shown(cut, facts(multicall: 64)) == ["r0 32 cut", "multicall 64 cut"])
        var undecided = wide
        undecided.verdict = .unknown
        #expect(shown(undecided, facts(multicall: 64)).isEmpty)
    }

    @Test func handlersThatCouldReturnInt() throws {
        let known = HandlerFacts(location: place(1), returnType: "long", wideCallees: ["a", "b", "c", "d", "e", "a"])
        let fitting = row(guest: "arm32", verdict: .fitsInt, range: ("0", "1"))
        var wide = fitting
        wide.guest = "arm64"
        let only = ["could-return-int"]
        let findings = RuleEngine(pack: try pack.choosing(only)).findings(
            for: audit([fitting, wide]), facts: facts(handler: known))
        #expect(findings.map(\.message) == [
            "do_sample_op returns long, and all of its results fit int for arm32, arm64; to change with it: a, b, c, d, e"
        ])
        #expect(findings.first?.location == place(1))
        #expect(findings.first?.rows.count == 2)
        wide.verdict = .fitsUnsigned
        #expect(try ids([fitting, wide], facts(handler: known), only: only).isEmpty)
        let int = HandlerFacts(location: place(1), returnType: "int")
        #expect(try ids([fitting], facts(handler: int), only: only).isEmpty)
        // Nothing is known of the declaration: nothing is said.
        #expect(try ids([fitting], TreeFacts(), only: only).isEmpty)
    }

    @Test func declarationsThatDisagree() throws {
        let fitting = row(verdict: .fitsInt, range: ("0", "1"))
        var known = HandlerFacts(location: place(1), returnType: "int", disagreements: ["this is not that"])
        let finding = RuleEngine(pack: pack).findings(for: audit([fitting]), facts: facts(handler: known)).first
        #expect(finding?.ruleID == "return-type-class")
        #expect(finding?.message == "do_sample_op disagrees with its declarations: this is not that")
        known.disagreements = []
        #expect(try ids([fitting], facts(handler: known)).isEmpty)
    }

    @Test func signsThatAreLost() throws {
        let loss = SignLoss(location: place(8), function: "callee")
        let known = HandlerFacts(location: place(1), returnType: "long", signLosses: [loss])
        let wide = row(
            guest: "arm64", verdict: .errnoAmbiguous, range: ("0", "4294967274"), source: "returned by 'callee' (call)")
        let finding = RuleEngine(pack: pack).findings(for: audit([wide]), facts: facts(handler: known)).first
        #expect(finding?.ruleID == "error-not-sign-extended")
        #expect(finding?.message.hasSuffix("its sign is lost in callee() at xen/sample.c:8") == true)
        // Another sub-operation, whose values come by another way.
        let other = row(subOperation: "OTHER", guest: "arm64", verdict: .errnoAmbiguous, range: ("0", "4294967295"))
        #expect(try !ids([other], facts(handler: known)).contains("error-not-sign-extended"))
        var narrow = wide
        narrow.guest = "arm32"
        #expect(try !ids([narrow], facts(handler: known)).contains("error-not-sign-extended"))
        #expect(try ids([wide], TreeFacts()).isEmpty)
    }

    @Test func onlySomeRules() throws {
        #expect(try pack.choosing([]).rules == pack.rules)
        #expect(try pack.choosing(["could-return-int"]).rules.filter(\.isEnabled).map(\.id) == ["could-return-int"])
        do {
            _ = try pack.choosing(["could-return-itn"])
            Issue.record("accepted")
        } catch {
            #expect("\(error)" == "unknown rule 'could-return-itn'; did you mean 'could-return-int'?")
        }
    }
}
