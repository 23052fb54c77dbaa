import Foundation
import ProgramModel
import Testing

@testable import Rules

/// Properties of rule files, on random ones.
@Suite struct RuleRoundTripTests {
    /// Without the places, which depend on the layout of the file.
    private func bare(_ rule: Rule) -> Rule {
        var rule = rule
        rule.location = .unknown
        for index in rule.triggering.indices { rule.triggering[index].location = .unknown }
        for index in rule.nonTriggering.indices { rule.nonTriggering[index].location = .unknown }
        return rule
    }

    private func decode(_ text: String) throws -> Rule { try pack(rule: text).rules[0] }

    @Test(.endsAtAll) func randomRulesSurvive() throws {
        var generator = RandomRule(random: SplitMix(state: 2026), guests: ["small"])
        for round in 0..<400 {
            let rule = generator.rule(id: "sample")
            let text = RuleText(rule: rule).text
            do {
                let decoded = bare(try decode(text))
                #expect(decoded == rule, "round \(round): \(text)")
                #expect(RuleText(rule: decoded).text == text)
            } catch {
                Issue.record("round \(round): \(error)\n\(text)")
            }
        }
    }

    /// The rules that there are survive as well: what a file can say, the model keeps.
    @Test func bundledRulesSurvive() throws {
        let bundled = try RulePack.load(directory: bundledRules)
        let files = ["guests.yml", "models.yml"].map { name in
            RulePackFile(path: name, text: (try? String(contentsOfFile: "\(bundledRules)/\(name)", encoding: .utf8)) ?? "")
        }
        let rewritten = bundled.rules.map { RulePackFile(path: "findings/\($0.id).yml", text: RuleText(rule: $0).text) }
        let again = try RulePack.decode(files: files + rewritten)
        #expect(again.rules.map(bare) == bundled.rules.map(bare))
        #expect(again.guests == bundled.guests)
    }

    /// Something made invalid on purpose: an error with a place in the file, never a crash, never silence.
    @Test(.endsAtAll) func brokenRulesGiveAPlace() throws {
        var generator = RandomRule(random: SplitMix(state: 77), guests: ["small"])
        for round in 0..<300 {
            let text = RuleText(rule: generator.rule(id: "sample")).text
            let lines = text.split(separator: "\n").map(String.init)
            let broken: [String]
            switch generator.number(0...6) {
            case 0: broken = lines.map { $0.hasPrefix("severity:") ? "severity: grave" : $0 }
            case 1: broken = lines.map { $0.hasPrefix("when:") ? "when: {verdikt: unknown}" : $0 }
            case 2: broken = lines.filter { !$0.hasPrefix("help:") }
            case 3: broken = lines + ["extra: 1"]
            case 4: broken = lines + [lines[generator.number(0...4)]]
            case 5: broken = lines.map { $0.hasPrefix("enabled:") ? "enabled: [" : $0 }
            default: broken = lines.map { $0.hasPrefix("message:") ? "message: \"{nothing}\"" : $0 }
            }
            do {
                _ = try decode(broken.joined(separator: "\n"))
                Issue.record("round \(round): accepted: \(broken)")
            } catch let error as RulePackError {
                #expect(error.location.file == "findings/sample.yml", "round \(round): \(error)")
                #expect(error.location.line > 0 && error.location.column > 0, "round \(round): \(error)")
            }
        }
    }

    /// Bytes of valid rules exchanged at random: an error with a place, or still a rule.
    @Test(.endsAtAll) func mutatedRulesDoNoHarm() throws {
        var generator = RandomRule(random: SplitMix(state: 5), guests: ["small"])
        let spices = Array(":-[]{}&*!|>'\"%@`#,? \n\t\\".unicodeScalars)
        for round in 0..<600 {
            var scalars = Array(RuleText(rule: generator.rule(id: "sample")).text.unicodeScalars)
            for _ in 0...generator.number(0...3) {
                let place = generator.number(0...(scalars.count - 1))
                if generator.number(0...1) == 0 { scalars[place] = generator.element(spices) } else { scalars.remove(at: place) }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            do {
                _ = try decode(String(text))
            } catch let error as RulePackError {
                #expect(error.location.line > 0, "round \(round): \(error)")
            }
        }
    }
}
