import ValueAnalysis

@testable import Rules

/// Writes rules as YAML, the long way round: every text quoted, every default said.
struct RuleText {
    let rule: Rule

    var text: String {
        var lines = [
            "id: \(rule.id)", "title: \(quoted(rule.title))", "severity: \(rule.severity.rawValue)",
            "enabled: \(rule.isEnabled)", "reportOn: \(rule.subject.rawValue)", "wideGuests: \(rule.wideGuests.rawValue)",
            "when: \(condition(rule.condition))", "message: \(quoted(message))", "help: \(quoted(rule.help))",
        ]
        if let cwe = rule.cwe { lines.append("cwe: \(cwe)") }
        if let score = rule.securitySeverity { lines.append("securitySeverity: \(quoted(score))") }
        if !rule.supersedes.isEmpty { lines.append("supersedes: [\(rule.supersedes.joined(separator: ", "))]") }
        lines.append("references: [" + rule.references.map { "{title: \(quoted($0.title)), url: \(quoted($0.url))}" }.joined(separator: ", ") + "]")
        lines.append("cases: [" + rule.cases.map(named).joined(separator: ", ") + "]")
        lines.append("fixes: [" + rule.fixes.map(fix).joined(separator: ", ") + "]")
        lines.append("examples: {triggering: [" + rule.triggering.map(example).joined(separator: ", ")
            + "], nonTriggering: [" + rule.nonTriggering.map(example).joined(separator: ", ") + "]}")
        return lines.joined(separator: "\n") + "\n"
    }

    private var message: String {
        rule.message.parts.map { part in
            switch part {
            case .literal(let text): text.replacing("{", with: "{{").replacing("}", with: "}}")
            case .placeholder(let placeholder): "{\(placeholder.rawValue)}"
            }
        }.joined()
    }

    private func named(_ known: Rule.NamedCase) -> String {
        "{id: \(known.id), title: \(quoted(known.title)), when: \(condition(known.condition)), history: \(quoted(known.history))"
            + (known.remedies.isEmpty ? "" : ", remedies: [\(known.remedies.map(quoted).joined(separator: ", "))]") + "}"
    }

    private func fix(_ fix: FixTemplate) -> String {
        "{title: \(quoted(fix.title)), kind: \(fix.kind.rawValue)"
            + (fix.kind == .returnGuard ? ", guard: \(quoted(fix.guardText))" : "") + "}"
    }

    private func example(_ example: Rule.Example) -> String {
        var parts = [
            "title: \(quoted(example.title))", "code: \(quoted(example.code))", "handler: \(example.handler)",
            "architecture: \(example.architecture)",
        ]
        if !example.guests.isEmpty { parts.append("guests: [\(example.guests.joined(separator: ", "))]") }
        if let type = example.classType { parts.append("classType: \(quoted(type))") }
        if let type = example.prototypeType { parts.append("prototypeType: \(quoted(type))") }
        parts.append("convention: \(example.convention.rawValue)")
        return "{\(parts.joined(separator: ", "))}"
    }

    private func condition(_ condition: Condition) -> String {
        func list(_ parts: [Condition]) -> String { "[" + parts.map(self.condition).joined(separator: ", ") + "]" }
        switch condition {
        case .all(let parts): return "{all: \(list(parts))}"
        case .any(let parts): return "{any: \(list(parts))}"
        case .not(let part): return "{not: \(self.condition(part))}"
        case .verdict(let verdicts): return "{verdict: [\(verdicts.map(\.rawValue).joined(separator: ", "))]}"
        case .hasNarrowings(let value): return "{narrowings: \(value)}"
        case .hasSubOperation(let value): return "{hasSubOperation: \(value)}"
        case .range(let test): return "{range: {\(range(test))}}"
        case .resultWidth(let width): return "{resultWidth: \(width)}"
        case .cutBy(let kind): return "{cutBy: \(kind.rawValue)}"
        case .carriedBy(let kind): return "{carriedBy: \(kind.rawValue)}"
        case .everyRow(let part): return "{everyRow: \(self.condition(part))}"
        case .someRow(let part): return "{someRow: \(self.condition(part))}"
        case .returnTypesDisagree(let value): return "{returnTypesDisagree: \(value)}"
        case .losesSign(let value): return "{losesSign: \(value)}"
        case .dispatcherKind(let kind): return "{dispatcherKind: \(kind.rawValue)}"
        case .dispatcherStores(let comparison): return "{dispatcherStores: \(comparison.rawValue)}"
        case .multicallCarries(let comparison): return "{multicallCarries: \(comparison.rawValue)}"
        case .suppression(let problems): return "{suppression: [\(problems.map(\.rawValue).joined(separator: ", "))]}"
        case .text(let field, let patterns): return "{\(field.rawValue): [\(patterns.map { quoted($0.text) }.joined(separator: ", "))]}"
        }
    }

    private func range(_ test: Condition.RangeTest) -> String {
        switch test {
        case .within(let low, let high): "within: [\(low), \(high)]"
        case .minAbove(let bound): "minAbove: \(bound)"
        case .minBelow(let bound): "minBelow: \(bound)"
        case .maxAbove(let bound): "maxAbove: \(bound)"
        case .maxBelow(let bound): "maxBelow: \(bound)"
        }
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
                    result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
