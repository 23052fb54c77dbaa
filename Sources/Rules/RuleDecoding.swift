import ProgramModel
import ValueAnalysis

/// One rule file.
struct RuleDecoding {
    let conditions: ConditionDecoding

    /// A rule with the places that checks across files speak of.
    struct Decoded {
        var rule: Rule
        var idPlace: YAMLValue
        var superseded: [YAMLValue]
    }

    private static let keys = [
        "id", "title", "severity", "enabled", "cwe", "securitySeverity", "reportOn", "wideGuests", "supersedes", "when", "message",
        "help", "references", "cases", "fixes", "examples",
    ]

    /// Where the rule's file lies inside the pack: a rule is the same wherever the pack is.
    let path: String

    func rule(from document: YAMLValue, expectedID: String) throws -> Decoded {
        let map = try document.mapping(of: "rule", keys: Self.keys)
        let idPlace = try map.required("id")
        let id = try idPlace.word()
        guard id == expectedID else {
            throw idPlace.error(.invalidValue(nearest: expectedID), "rule '\(id)' belongs into a file '\(id).yml'")
        }
        let subject = try map["reportOn"]?.choice(Rule.Subject.self) ?? .row
        let superseded = try map["supersedes"]?.oneOrMore() ?? []
        let examples = try map["examples"]?.mapping(of: "examples", keys: ["triggering", "nonTriggering"])
        let rule = Rule(
            id: id, title: try map.required("title").text(),
            severity: try map.required("severity").choice(Severity.self),
            isEnabled: try map["enabled"]?.boolean() ?? true,
            cwe: try map["cwe"].map { Int(try $0.integer(in: 1...99_999)) },
            securitySeverity: try map["securitySeverity"].map(score),
            subject: subject, wideGuests: try map["wideGuests"]?.choice(Rule.WideGuests.self) ?? .never,
            supersedes: try superseded.map { try $0.word() },
            condition: try conditions.condition(from: map.required("when")),
            message: try message(map.required("message"), subject: subject),
            help: try map.required("help").text(),
            references: try map["references"]?.list().map(reference) ?? [],
            cases: try cases(map["cases"]),
            fixes: try map["fixes"]?.list().map(fix) ?? [],
            triggering: try examples?["triggering"]?.list().map(example) ?? [],
            nonTriggering: try examples?["nonTriggering"]?.list().map(example) ?? [],
            location: place(of: document))
        return Decoded(rule: rule, idPlace: idPlace, superseded: superseded)
    }

    private func message(_ value: YAMLValue, subject: Rule.Subject) throws -> MessageTemplate {
        let template: MessageTemplate
        do {
            template = try MessageTemplate(value.text())
        } catch let malformed as MessageTemplate.Malformed {
            throw value.error(.invalidValue(nearest: malformed.nearest), "message: \(malformed.message)")
        }
        for placeholder in template.placeholders {
            guard let needed = placeholder.subject, needed != subject else { continue }
            throw value.error(
                .invalidValue(nearest: nil),
                "message: {\(placeholder.rawValue)} needs 'reportOn: \(needed.rawValue)'")
        }
        return template
    }

    /// Kept as text: what is written is what code scanning services get.
    private func score(_ value: YAMLValue) throws -> String {
        let text = try value.text()
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDecimal = (1...2).contains(parts.count) && parts.allSatisfy { part in
            (1...2).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber }
        }
        guard isDecimal, let number = Double(text), number <= 10 else {
            throw value.error(.invalidValue(nearest: nil), "expected a score from 0.0 to 10.0")
        }
        return text
    }

    private func reference(_ value: YAMLValue) throws -> Rule.Reference {
        let map = try value.mapping(of: "reference", keys: ["title", "url"])
        let place = try map.required("url")
        let url = try place.text()
        let isLink = url.hasPrefix("https://") || url.hasPrefix("http://")
        guard isLink, url.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value < 0x7f }) else {
            throw place.error(.invalidValue(nearest: nil), "expected an http or https address")
        }
        return Rule.Reference(title: try map.required("title").text(), url: url)
    }

    private func cases(_ value: YAMLValue?) throws -> [Rule.NamedCase] {
        var seen: Set<String> = []
        return try value?.list().map { item in
            let map = try item.mapping(of: "case", keys: ["id", "title", "when", "history", "remedies"])
            let id = try map.required("id").word()
            guard seen.insert(id).inserted else { throw item.error(.duplicate, "case '\(id)' is defined twice") }
            return Rule.NamedCase(
                id: id, title: try map.required("title").text(),
                condition: try conditions.condition(from: map.required("when")),
                history: try map.required("history").text(),
                remedies: try map["remedies"]?.oneOrMore().map { try $0.text() } ?? [])
        } ?? []
    }

    private func fix(_ value: YAMLValue) throws -> FixTemplate {
        let map = try value.mapping(of: "fix", keys: ["title", "kind", "guard"])
        let kind = try map.required("kind").choice(FixTemplate.Kind.self)
        let title = try map.required("title").text()
        guard kind == .returnGuard else {
            if let text = map["guard"] { throw text.error(.invalidValue(nearest: nil), "a clamp has no 'guard'") }
            return FixTemplate(title: title, kind: kind, guardText: "")
        }
        let place = try map.required("guard")
        let text = try place.text()
        guard text.contains("{value}") else {
            throw place.error(.invalidValue(nearest: nil), "guard: '{value}' is missing, which stands for the value")
        }
        return FixTemplate(title: title, kind: kind, guardText: text)
    }

    private func example(_ value: YAMLValue) throws -> Rule.Example {
        let map = try value.mapping(
            of: "example",
            keys: ["title", "code", "handler", "architecture", "guests", "classType", "prototypeType", "convention"])
        var example = Rule.Example(title: try map.required("title").text(), code: try map.required("code").text())
        if let handler = map["handler"] { example.handler = try handler.word() }
        if let architecture = map["architecture"] { example.architecture = try architecture.word() }
        example.guests = try map["guests"]?.oneOrMore().map { try conditions.guestName($0) } ?? []
        example.classType = try map["classType"]?.text()
        example.prototypeType = try map["prototypeType"]?.text()
        if let convention = map["convention"] { example.convention = try convention.choice(ErrorConvention.self) }
        example.location = place(of: value)
        return example
    }

    private func place(of value: YAMLValue) -> SourceLocation {
        SourceLocation(file: path, line: value.location.line, column: value.location.column)
    }
}
