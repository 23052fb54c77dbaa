import Foundation
import Testing
import ValueAnalysis

@testable import Rules

@Suite struct BundledPackTests {
    @Test func loadsAndHasItsRules() throws {
        let pack = try RulePack.load(directory: bundledRules)
        #expect(pack.rules.map(\.id) == [
            "analysis-incomplete", "could-return-int", "dispatcher-result-width", "error-not-sign-extended",
            "multicall-result-width", "narrowing-on-return-path", "return-errno-ambiguous", "return-exceeds-32-bit",
            "return-sign-ambiguous", "return-type-class", "unused-suppression",
        ])
        #expect(pack.rules.filter { !$0.isEnabled }.map(\.id) == ["could-return-int"])
        #expect(pack.guests.map(\.name) == ["pv32", "pv64", "hvm32", "hvm64", "arm32", "arm64"])
    }

    @Test func everyRuleHasThreeExamplesOfEachKind() throws {
        for rule in try RulePack.load(directory: bundledRules).rules {
            #expect(rule.triggering.count >= 3, "\(rule.id)")
            #expect(rule.nonTriggering.count >= 3, "\(rule.id)")
            for example in rule.triggering + rule.nonTriggering {
                #expect(example.code.contains(example.handler + "("), "\(rule.id): \(example.title)")
                #expect(example.code.hasSuffix("}\n"), "\(rule.id): \(example.title)")
            }
        }
    }

    @Test func guestsOfAnArchitecture() throws {
        let pack = try RulePack.load(directory: bundledRules)
        #expect(pack.guests(on: "x86_64").map(\.name) == ["pv32", "pv64", "hvm32", "hvm64"])
        #expect(pack.guests(on: "arm32").map(\.name) == ["arm32"])
        let hvm32 = try #require(pack.guest(named: "hvm32"))
        #expect(hvm32.facts == [.init(root: "current", path: ["hcall_compat"], minimum: 1, maximum: 1)])
        #expect(hvm32.argumentWidth == 32 && hvm32.resultWidth == 32 && hvm32.resultSlot == "eax")
        let pv32 = try #require(pack.guest(named: "pv32"))
        #expect(pv32.facts.contains { $0.path == ["domain", "arch", "pv", "is_32bit"] })
    }

    @Test func modelsDependOnTheArchitecture() throws {
        let pack = try RulePack.load(directory: bundledRules)
        let x86 = pack.models(for: "x86_64")
        let arm = pack.models(for: "arm64")
        #expect(x86.roots.map(\.accesses) == [[.field(record: "cpu_info", name: "current_vcpu")]])
        #expect(arm.roots.map(\.accesses) == [[.global("per_cpu__curr_vcpu")]])
        #expect(x86.registerRestoreHandlers == ["do_iret", "compat_iret"])
        #expect(arm.registerRestoreHandlers.isEmpty)
        #expect(x86.functions["hypercall_create_continuation"]?.isContinuation == true)
        #expect(arm.functions["raw_copy_from_guest"]?.atMostArgument == 2)
        #expect(arm.functions["raw_copy_to_guest"]?.writes == [])
        #expect(x86.functions["copy_to_user_hvm"]?.writes == [.init(argument: 0)])
        #expect(x86.functions["continue_hypercall_on_cpu"]?.deferredCallback == 1)
        #expect(arm.functions["memcpy"]?.minimum == nil)
        #expect(x86.bounds.isEmpty)
        #expect(arm.bounds.map(\.maximum) == [255, 16])
        for bound in arm.bounds { #expect(!bound.reason.isEmpty) }
        for model in x86.functions.values { #expect(!model.reason.isEmpty) }
    }

    @Test func knownCaseOfTheList() throws {
        let pack = try RulePack.load(directory: bundledRules)
        let findings = RuleEngine(pack: pack).findings(for: audit([
            row(handler: "do_memory_op", subOperation: "XENMEM_maximum_ram_page")
        ]))
        #expect(findings.count == 1)
        #expect(findings.first?.ruleID == "return-exceeds-32-bit")
        #expect(findings.first?.knownCase?.id == "XENMEM_maximum_ram_page")
        #expect(findings.first?.knownCase?.remedies.count == 2)
        #expect(findings.first?.message
            == "do_memory_op(XENMEM_maximum_ram_page) can return [0, 0xffffffffffffffff] to arm32; r0 holds 32 bits")
    }

    /// Where a remedy is in place the case is recognised, and no finding.
    @Test func mendedCaseOfTheList() throws {
        let engine = RuleEngine(pack: try RulePack.load(directory: bundledRules))
        func mended(_ verdict: Verdict, _ range: (String, String)?) -> [MendedCase] {
            engine.mendedCases(for: audit([
                row(subOperation: "XENMEM_maximum_ram_page", guest: "pv32", verdict: verdict, range: range),
                row(subOperation: "XENMEM_other", verdict: .fitsInt, range: ("0", "1")),
            ]))
        }
        #expect(mended(.fitsInt, ("0", "2147483647")).map(\.knownCase.id) == ["XENMEM_maximum_ram_page"])
        #expect(mended(.fitsInt, ("0", "2147483647")).first?.guests == ["pv32"])
        #expect(mended(.exceeds32Bit, ("0", "4294967296")).isEmpty)
        #expect(mended(.fitsInt, nil).isEmpty)
    }

    @Test func located() throws {
        let checkout = repositoryRoot.appendingPathComponent(".build/release/xenwidth").path
        #expect(try RulePack.locate(executablePath: checkout, override: nil) == bundledRules)
        #expect(try RulePack.locate(executablePath: "/nowhere/bin/xenwidth", override: bundledRules) == bundledRules)
        #expect(throws: RulePackError.self) {
            try RulePack.locate(executablePath: "/nowhere/bin/xenwidth", override: nil)
        }
        #expect(throws: RulePackError.self) {
            try RulePack.locate(executablePath: checkout, override: "/nowhere")
        }
    }

    @Test func installedPackIsFoundBeforeTheCheckout() throws {
        let files = FileManager.default
        let prefix = files.temporaryDirectory.appendingPathComponent("xenwidth-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        defer { try? files.removeItem(at: prefix) }
        let share = prefix.appendingPathComponent("share/xenwidth")
        try files.createDirectory(at: share, withIntermediateDirectories: true)
        try files.copyItem(atPath: bundledRules, toPath: share.appendingPathComponent("rules").path)
        let executable = prefix.appendingPathComponent("bin/xenwidth").path
        let found = try RulePack.locate(executablePath: executable, override: nil)
        #expect(found == share.appendingPathComponent("rules").path)
        #expect(try RulePack.load(directory: found) == RulePack.load(directory: bundledRules))
    }

    @Test func unreadableFilesAreErrorsWithTheirName() throws {
        let files = FileManager.default
        let directory = files.temporaryDirectory.appendingPathComponent("xenwidth-\(UUID().uuidString)")
        defer { try? files.removeItem(at: directory) }
        try files.copyItem(atPath: bundledRules, toPath: directory.path)
        let models = directory.appendingPathComponent("models.yml")
        try Data([0x61, 0x0a, 0xff, 0xfe]).write(to: models)
        #expect(error(in: directory)?.location.line == 2)
        try Data(repeating: 0x23, count: 300_000).write(to: models)
        #expect(error(in: directory)?.kind == .tooLarge)
        try files.removeItem(at: models)
        #expect(error(in: directory)?.kind == .notFound)
        #expect(mkfifo(models.path, 0o600) == 0)
        #expect(error(in: directory)?.kind == .unreadable)
    }

    private func error(in directory: URL) -> RulePackError? {
        do {
            _ = try RulePack.load(directory: directory.path)
            return nil
        } catch {
            return error as? RulePackError
        }
    }
}
