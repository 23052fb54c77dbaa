import Foundation
import Testing

@testable import Rules

@Suite struct DecodingErrorTests {
    /// The error that `rule` gives, or nil.
    private func failure(_ rule: String, guests: String = minimalGuests, models: String = minimalModels) -> RulePackError? {
        do {
            _ = try pack(rule: rule, guests: guests, models: models)
            return nil
        } catch {
            return error as? RulePackError
        }
    }

    @Test func unknownKeyNamesTheNearest() {
        let error = failure(ruleText(extra: "seveerity: note"))
        #expect(error?.kind == .unknownKey(nearest: "severity"))
        #expect(error?.description
            == "findings/sample.yml:7:1: error: rule: unknown key 'seveerity'; did you mean 'severity'?")
    }

    @Test func unknownVerdictNamesTheNearest() {
        let error = failure(ruleText(when: "{verdict: exceeds-32bit}"))
        #expect(error?.kind == .invalidValue(nearest: "exceeds-32-bit"))
        #expect(error?.location.line == 4)
        #expect(error?.location.column == 17)
    }

    @Test func unknownGuestPlaceholderLimitRoot() {
        #expect(failure(ruleText(when: "{guest: smal}"))?.kind == .invalidValue(nearest: "small"))
        #expect(failure(ruleText(when: "{guest: s*}")) == nil)
        #expect(failure(ruleText(when: "{handler: do_*_op?}")) == nil)
        #expect(failure(ruleText(when: "{handler: '^do_'}"))?.message.contains("is no pattern of a name") == true)
        #expect(failure(ruleText(when: "{returnType: 'struct x *'}")) == nil)
        #expect(failure(ruleText(message: "{handlr}"))?.kind == .invalidValue(nearest: "handler"))
        #expect(failure(ruleText(message: "{handler"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(message: "handler}"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(message: "{narrowing.to}"))?.message.contains("reportOn") == true)
        #expect(failure(ruleText(when: "{range: {maxAbove: INT_MX}}"))?.kind == .invalidValue(nearest: "INT_MAX"))
        let fact = minimalGuests.replacing("resultSlot: r0", with: "resultSlot: r0, facts: [{path: curent->x, value: 1}]")
        #expect(failure(ruleText(), guests: fact)?.kind == .invalidValue(nearest: "current"))
    }

    @Test func wrongTypes() {
        #expect(failure(ruleText(extra: "cwe: many"))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "cwe: \"7\""))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "cwe: [1]"))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "cwe: 0"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(extra: "cwe: 99999999999999999999"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(extra: "enabled: yes"))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "references: none"))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "references: [{title: a, url: 'javascript:x'}]"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(extra: "[a]: b"))?.kind == .wrongType)
        #expect(failure(ruleText(when: "{}"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(when: "{range: {within: [1]}}"))?.kind == .invalidValue(nearest: nil))
        #expect(failure(ruleText(when: "{range: {within: [2, 1]}}"))?.kind == .invalidValue(nearest: nil))
        #expect(failure("- a list")?.kind == .wrongType)
        #expect(failure("~")?.kind == .wrongType)
        #expect(failure(ruleText(extra: "securitySeverity: 5.3"))?.kind == .wrongType)
        #expect(failure(ruleText(extra: "securitySeverity: '5.3'")) == nil)
        #expect(failure(ruleText(when: "{subOperation: 17}"))?.kind == .wrongType)
    }

    @Test func widthsOfResults() {
        for width in ["16", "128", "33"] {
            let guests = minimalGuests.replacing("resultWidth: 32", with: "resultWidth: \(width)")
            #expect(failure(ruleText(), guests: guests)?.message == "expected 32 or 64")
        }
        #expect(failure(ruleText(), guests: minimalGuests.replacing("resultWidth: 32", with: "resultWidth: 64")) == nil)
    }

    @Test func duplicates() {
        #expect(failure(ruleText(extra: "title: again"))?.kind == .duplicate)
        #expect(failure(ruleText(), guests: minimalGuests + "\n" + minimalGuests.split(separator: "\n")[1])?.kind == .duplicate)
        let twice = minimalModels + "functions: [{names: [f, f], reason: r}]"
        #expect(failure(ruleText(), models: twice)?.kind == .duplicate)
        let disjoint = minimalModels + """
            functions:
              - {names: f, architectures: arm32, reason: r}
              - {names: f, architectures: arm64, reason: r}
            """
        #expect(failure(ruleText(), models: disjoint) == nil)
    }

    @Test func identifiersMustMatchTheFile() {
        #expect(failure(ruleText(id: "other"))?.kind == .invalidValue(nearest: "sample"))
        #expect(failure(ruleText(extra: "supersedes: simple"))?.kind == .invalidValue(nearest: "sample"))
    }

    @Test func missingKeys() {
        #expect(failure("id: sample\n")?.kind == .missingKey("title"))
        #expect(failure(ruleText(), models: minimalModels + "functions: [{names: f}]")?.kind == .missingKey("reason"))
        #expect(failure(ruleText(), models: minimalModels + "bounds: [{reason: r, maximum: 1}]")?.kind == .missingKey("global"))
        #expect(failure(ruleText(), models: minimalModels + "bounds: [{reason: r, global: g}]")?.kind == .missingKey("maximum"))
        let two = minimalModels + "bounds: [{reason: r, global: g, result: f, maximum: 1}]"
        #expect(failure(ruleText(), models: two)?.kind == .invalidValue(nearest: nil))
    }

    @Test func boundsOfAllSubjects() throws {
        let models = minimalModels + """
            bounds:
              - {global: g, maximum: 7, reason: r}
              - {field: s.f, minimum: -1, maximum: 0x10, reason: r}
              - {result: f, value: 3, reason: r}
            """
        let bounds = try pack(rule: ruleText(), models: models).models(for: "arm64").bounds
        #expect(bounds.map(\.subject) == [.global("g"), .field(record: "s", name: "f"), .result(function: "f")])
        #expect(bounds.map(\.minimum) == [nil, -1, 3])
        #expect(bounds.map(\.maximum) == [7, 16, 3])
    }

    @Test func syntaxErrorsHaveAPlace() {
        for text in ["a: [1, 2", "a: b: c", "\tx: 1", "a: 'b", "%YAML 9.9\n---\na", "a: \u{1}", "a: *b", "--- a\n--- b", ""] {
            let error = failure(text)
            #expect(error != nil, "\(text)")
            #expect(error?.location.file == "findings/sample.yml")
            if !text.isEmpty { #expect((error?.location.line ?? 0) > 0, "\(text): \(String(describing: error))") }
        }
    }

    @Test(.endsAtAll) func aliasBombsAreRefused() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        #expect(failure(bomb)?.kind == .alias)
        // As a key it would be compared before it could be looked at.
        #expect(failure(bomb + "? *a12\n: x\n")?.kind == .alias)
        #expect(failure(bomb.replacing("&", with: "!!seq &") + "? *a12\n: x\n")?.kind == .alias)
        #expect(failure("a: &a b\nc: *a\n")?.kind == .alias)
        #expect(failure(String(repeating: "[", count: 100_000)) != nil)
        #expect(failure(String(repeating: "a: ", count: 80_000)) != nil)
        #expect(failure(ruleText(when: String(repeating: "{not: ", count: 500) + "{verdict: unknown}" + String(repeating: "}", count: 500))) != nil)
    }

    /// C in block scalars is full of what looks like anchors and aliases.
    @Test func pointersInExamplesAreNoAliases() throws {
        let code = (0..<200).map { "        *p = f(&x, &p, *x, *p); /* \($0) */" }.joined(separator: "\n")
        let extra = "examples:\n  triggering:\n    - title: t\n      code: |\n\(code)\n"
        let decoded = try pack(rule: ruleText(extra: extra))
        #expect(decoded.rules[0].triggering[0].code.contains("*p = f(&x"))
    }

    /// Bytes changed at random: an error with a place, or a rule that is valid by chance; never a crash.
    @Test(.endsAtAll) func mutatedFilesGiveAPlace() throws {
        let directory = URL(fileURLWithPath: bundledRules)
        let names = ["guests.yml", "models.yml", "findings/return-exceeds-32-bit.yml"]
        let originals = try names.map { name in
            RulePackFile(path: name, text: try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8))
        }
        let spices = Array(":-[]{}&*!|>'\"%@`#,? \n\t~0x\u{0}\u{85}\u{2028}é".unicodeScalars)
        var random = SplitMix(state: 4)
        for round in 0..<400 {
            var files = originals.map(\.self)
            let chosen = Int.random(in: 0..<files.count, using: &random)
            var scalars = Array(files[chosen].text.unicodeScalars)
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(spices[Int.random(in: 0..<spices.count, using: &random)], at: place)
                default: scalars.removeSubrange(place..<min(scalars.count, place + 30))
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            files[chosen].text = String(text)
            do {
                _ = try RulePack.decode(files: files)
            } catch let error as RulePackError {
                #expect(!error.location.file.isEmpty, "round \(round): \(error)")
                #expect(error.location.line > 0, "round \(round): \(error)")
            }
        }
    }
}
