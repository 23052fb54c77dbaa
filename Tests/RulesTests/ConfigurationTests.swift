import Foundation
import Testing
import ValueAnalysis

@testable import Rules

@Suite struct ConfigurationTests {
    private let pack: RulePack

    init() throws { pack = try RulePack.load(directory: bundledRules) }

    private func decode(_ text: String) throws -> Configuration {
        try Configuration.decode(text, file: ".xenwidth.yml", pack: pack)
    }

    @Test func everythingAtOnce() throws {
        let configuration = try decode("""
            convention: errno
            baseline: tools/xenwidth-baseline.json
            helpUri: https://example.org/xenwidth/docs/rules
            exclude: [xen/arch/x86/pv/*, xen/common/hypfs.c]
            rules:
              could-return-int: on
              return-sign-ambiguous: off
              return-type-class: error
              multicall-result-width: {severity: warning}
            handlers:
              - {function: 'do_extra_*', guests: arm32, hypercall: extra}
            models:
              functions:
                - {names: strlen, minimum: 0, maximum: 4096, reason: short strings only}
                - {names: own_function, continuation: true, reason: r}
              bounds:
                - {global: max_page, maximum: 0x7fffffff, reason: the machines are small}
            """)
        #expect(configuration.convention?.value == .errno)
        #expect(configuration.convention?.location.line == 1)
        #expect(configuration.baseline?.value == "tools/xenwidth-baseline.json")
        #expect(configuration.helpURI?.value.text == "https://example.org/xenwidth/docs/rules")
        #expect(configuration.excludes("xen/arch/x86/pv/a/b.c"))
        #expect(!configuration.excludes("xen/common/memory.c"))
        #expect(configuration.handlers.map(\.guests) == [["arm32"]])
        let applied = pack.applying(configuration)
        func rule(_ id: String) throws -> Rule { try applied.rule(named: id) }
        #expect(try rule("could-return-int").isEnabled)
        #expect(try !rule("return-sign-ambiguous").isEnabled)
        #expect(try rule("return-type-class").severity == .error)
        #expect(try rule("multicall-result-width").severity == .warning)
        #expect(try rule("multicall-result-width").isEnabled)
        let models = applied.models(for: "arm64")
        #expect(models.functions["strlen"]?.maximum == 4096)
        #expect(models.functions["own_function"]?.isContinuation == true)
        #expect(models.bounds.map(\.maximum) == [255, 16, 0x7fff_ffff])
        // What it does not speak of stays.
        #expect(models.functions["memcpy"] == pack.models(for: "arm64").functions["memcpy"])
        #expect(pack.applying(Configuration()) == pack)
    }

    /// What is wrong, where, and what was probably meant.
    @Test(arguments: [
        ("rulse: {}", "1:1", "configuration: unknown key 'rulse'; did you mean 'rules'?"),
        ("rules:\n  return-exceed-32-bit: off", "2:3", "did you mean 'return-exceeds-32-bit'?"),
        ("rules: {could-return-int: onn}", "1:27", "did you mean 'on'?"),
        ("rules: {could-return-int: {sevrity: note}}", "1:28", "did you mean 'severity'?"),
        ("rules: {could-return-int: {enabled: maybe}}", "1:37", "expected true or false"),
        ("rules: [a]", "1:8", "expected a mapping"),
        ("convention: posix", "1:13", "unknown value 'posix'; expected one of: errno, signed"),
        ("helpUri: docs/rules", "1:10", "helpUri: expected an https, http or file address"),
        ("helpUri: https:///x", "1:10", "helpUri: expected an https, http or file address"),
        ("helpUri: 'javascript:alert(1)'", "1:10", "helpUri: expected an https, http or file address"),
        ("helpUri: 'https://a/b?c=d#e'", "1:10", "without '?' and '#'"),
        ("helpUri: 'https://a/b c'", "1:10", "helpUri: expected an https, http or file address"),
        ("baseline: /etc/passwd", "1:11", "expected a path below the tree's root"),
        ("baseline: a/../../b", "1:11", "without '..'"),
        ("exclude: ../other/*", "1:10", "without '..'"),
        ("baseline: 5", "1:11", "expected text, found '5': put it in quotes if it is meant as text"),
        ("exclude: [true]", "1:11", "expected text, found 'true'"),
        ("handlers: [{function: 0x10, guests: arm32}]", "1:23", "expected text, found '0x10'"),
        ("models: {bounds: [{global: g, maximum: 5, reason: 1.5}]}", "1:51", "expected text, found '1.5'"),
        ("", "1:1", "empty document"),
        ("# nothing", "1:1", "empty document"),
        ("exclude: []", "1:10", "expected at least one item"),
        ("handlers: [{function: f}]", "1:12", "'guests' is missing"),
        ("handlers: [{function: f, guests: amr32}]", "1:34", "did you mean 'arm32'?"),
        ("handlers: [{function: 'do_[a-', guests: arm32}]", "1:23", "'do_[a-' is no pattern of a name: * stands for any run"),
        ("handlers: [{function: 'do_(a|b)', guests: arm32}]", "1:23", "regular expressions are not supported"),
        ("exclude: 'xen/(arch'", "1:10", "'xen/(arch' is no pattern of a path: * stands for any run"),
        ("models:\n  functions:\n    - {names: f}", "3:7", "'reason' is missing"),
        ("models:\n  bounds:\n    - {global: g, maximum: many, reason: r}", "3:28", "expected a whole number"),
        ("models: {functions: [{names: [f, f], reason: r}]}", "1:22", "has two models"),
        ("models:\n  bounds:\n    - {global: g, maximum: 5, reason: r}\n    - {global: g, minimum: 7, reason: r}", "4:7", "global g has two bounds"),
        ("handlers:\n  - {function: f*, guests: arm32}\n  - {function: f*, guests: [arm64, arm32]}", "3:5", "'f*' is named twice for arm32"),
        ("convention: signed\nconvention: errno", "1:1", "duplicate key 'convention'"),
        ("a: &a [x]\nb: *a", "1:4", "anchors and aliases are not supported"),
        ("a: [", "2:1", "did not find expected node content"),
    ])
    func mistakes(text: String, place: String, message: String) {
        do {
            _ = try decode(text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect("\(error)".hasPrefix(".xenwidth.yml:\(place)"), "\(error)")
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    /// A tree's word counts where it has one, and what the pack says of other architectures stays.
    @Test func modelsTakeThePlaceOfThePacks() throws {
        let configuration = try decode("""
            models:
              functions:
                - {names: raw_copy_from_guest, architectures: arm64, minimum: 0, maximum: 1, reason: r}
              bounds:
                - {field: ipmmu_vmsa_device.num_ctx, architectures: arm64, minimum: 0, maximum: 32, reason: r}
                - {field: ipmmu_vmsa_device.num_ctx, architectures: x86_64, minimum: 0, maximum: 64, reason: r}
            """)
        let applied = pack.applying(configuration)
        #expect(applied.models(for: "arm64").functions["raw_copy_from_guest"]?.maximum == 1)
        #expect(applied.models(for: "arm64").bounds.map(\.maximum) == [255, 32])
        #expect(applied.models(for: "arm32") == pack.models(for: "arm32"))
        #expect(applied.models(for: "x86_64").bounds.map(\.maximum) == [64])
    }

    @Test(.endsAtAll) func bombsAreRefused() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        for text in [bomb, bomb + "? *a12\n: x\n", String(repeating: "[", count: 200_000), String(repeating: "x", count: 300_000)] {
            #expect(throws: RulePackError.self) { try decode(text) }
        }
    }
}
