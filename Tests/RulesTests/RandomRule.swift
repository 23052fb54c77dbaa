import ValueAnalysis

@testable import Rules

/// Valid rules at random.
struct RandomRule {
    var random: SplitMix
    let guests: [String]

    mutating func rule(id: String) -> Rule {
        let subject = element(Rule.Subject.allCases)
        return Rule(
            id: id, title: text(), severity: element(Severity.allCases), isEnabled: .random(using: &random),
            cwe: maybe { $0.number(1...99_999) }, securitySeverity: maybe { "\($0.number(0...9)).\($0.number(0...9))" },
            subject: subject, wideGuests: element(Rule.WideGuests.allCases), supersedes: Bool.random(using: &random) ? [id] : [],
            condition: condition(depth: 0), message: message(subject), help: text(),
            references: some { Rule.Reference(title: $0.text(), url: "https://example.org/\($0.word())?a=#b") },
            cases: (0..<number(0...2)).map { index in
                Rule.NamedCase(
                    id: "case\(index)", title: text(), condition: condition(depth: 0), history: text(),
                    remedies: some { $0.text() })
            },
            fixes: some { generator in
                let kind = generator.element(FixTemplate.Kind.allCases)
                return FixTemplate(
                    title: generator.text(), kind: kind, guardText: kind == .clamp ? "" : generator.text() + "{value}" + generator.text())
            },
            triggering: some { $0.example() }, nonTriggering: some { $0.example() }, location: .unknown)
    }

    private mutating func example() -> Rule.Example {
        var example = Rule.Example(title: text(), code: text() + "\n")
        example.handler = word()
        example.architecture = element(["arm64", "x86_64", "arm32"])
        example.guests = some { $0.element($0.guests) }
        example.classType = maybe { $0.text() }
        example.prototypeType = maybe { $0.text() }
        example.convention = element(ErrorConvention.allCases)
        return example
    }

    private mutating func message(_ subject: Rule.Subject) -> MessageTemplate {
        let placeholders = MessageTemplate.Placeholder.allCases.filter { $0.subject == nil || $0.subject == subject }
        let source = "m" + (0..<number(0...5)).map { _ in
            Bool.random(using: &random)
                ? "{\(element(placeholders).rawValue)}" : text().replacing("{", with: "{{").replacing("}", with: "}}")
        }.joined()
        do { return try MessageTemplate(source) } catch { fatalError("\(error)") }
    }

    private mutating func condition(depth: Int) -> Condition {
        let kinds = depth < 3 ? 18 : 13
        switch number(0...kinds) {
        case 0: return .verdict(atLeastOne { $0.element(Verdict.allCases) })
        case 1: return .hasNarrowings(.random(using: &random))
        case 2: return .hasSubOperation(.random(using: &random))
        case 3: return .range(range())
        case 4: return .resultWidth(number(8...64))
        case 5: return .cutBy(element(DispatchSite.Kind.allCases))
        case 6: return .carriedBy(element(DispatchSite.Kind.allCases))
        case 7: return .returnTypesDisagree(.random(using: &random))
        case 8: return .losesSign(.random(using: &random))
        case 9: return .dispatcherKind(element(DispatchSite.Kind.allCases))
        case 10: return .dispatcherStores(element(Condition.Comparison.allCases))
        case 11: return .multicallCarries(element(Condition.Comparison.allCases))
        case 12: return .suppression(atLeastOne { $0.element(SuppressionProblem.allCases) })
        case 13:
            let field = element(Condition.TextField.allCases)
            return .text(field, atLeastOne { generator in
                guard field != .guest else { return WildcardPattern(generator.element(generator.guests + ["*"])) }
                guard field.isName else { return WildcardPattern(generator.text()) }
                return WildcardPattern(generator.word() + generator.element(["", "*", "?"]))
            })
        case 14: return .all(atLeastOne { $0.condition(depth: depth + 1) })
        case 15: return .any(atLeastOne { $0.condition(depth: depth + 1) })
        case 16: return .not(condition(depth: depth + 1))
        case 17: return .everyRow(condition(depth: depth + 1))
        default: return .someRow(condition(depth: depth + 1))
        }
    }

    private mutating func range() -> Condition.RangeTest {
        let bound = Int128(Int64.random(in: .min ... .max, using: &random)) * 2
        switch number(0...4) {
        case 0: return .within(bound, bound + Int128(number(0...1000)))
        case 1: return .minAbove(bound)
        case 2: return .minBelow(bound)
        case 3: return .maxAbove(bound)
        default: return .maxBelow(bound)
        }
    }

    // MARK: - Parts

    mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    mutating func element<T>(_ list: [T]) -> T { list[number(0...(list.count - 1))] }

    private mutating func word() -> String { (0...number(0...6)).map { _ in element(["a", "b", "Z", "_", "q"]) }.joined() }

    /// Text with all that YAML, Markdown and terminals make something of; never blank.
    private mutating func text() -> String {
        let pieces = ["a", " ", "\n", "\t", "'", "\"", "\\", ":", "#", "- ", "{", "}", "[", "*p", "&x", "!", "%", "é", "語", "\u{1b}", "~", "null", "0x1", "yes"]
        return "t" + (0..<number(0...12)).map { _ in element(pieces) }.joined()
    }

    private mutating func maybe<T>(_ make: (inout RandomRule) -> T) -> T? { Bool.random(using: &random) ? make(&self) : nil }

    private mutating func some<T>(_ make: (inout RandomRule) -> T) -> [T] { (0..<number(0...2)).map { _ in make(&self) } }

    private mutating func atLeastOne<T>(_ make: (inout RandomRule) -> T) -> [T] { (0...number(0...2)).map { _ in make(&self) } }
}
