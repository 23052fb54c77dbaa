/// A rule's message with its placeholders, checked when the rule is read.
public struct MessageTemplate: Hashable, Sendable {
    /// What a message can speak of. The order is the order in which mistakes are offered.
    public enum Placeholder: String, Hashable, Sendable, CaseIterable {
        /// Handler and sub-operation as one: `handler(SUB_OPERATION)`.
        case operation
        case handler
        case subOperation
        case hypercall
        case guest
        /// Where the guest sees the result.
        case slot
        case returnType
        case range
        case rangeMin = "range.min"
        case rangeMax = "range.max"
        case reason
        /// The unsigned numbers that a guest takes for errors.
        case errors
        case narrowingFrom = "narrowing.from"
        case narrowingTo = "narrowing.to"
        case narrowingRange = "narrowing.range"
        case narrowingFunction = "narrowing.function"
        /// Bits of the result that the guest sees by each way of calling.
        case registerWidth = "register.width"
        case multicallWidth = "multicall.width"
        /// What declarations contradict each other in.
        case disagreements
        /// Functions whose wide results can become the handler's.
        case wideCallees
        /// Where the sign of an error number is lost.
        case signLoss
        case dispatcherFunction = "dispatcher.function"
        case dispatcherTarget = "dispatcher.target"
        case dispatcherWidth = "dispatcher.width"
        case suppressionRule = "suppression.rule"
        case suppressionProblem = "suppression.problem"

        /// What a rule must report on for the placeholder to have a value; nil: anything.
        var subject: Rule.Subject? {
            Rule.Subject.allCases.first { rawValue.hasPrefix("\($0.rawValue).") }
        }
    }

    enum Part: Hashable, Sendable {
        case literal(String)
        case placeholder(Placeholder)
    }

    /// What is wrong with a template's text.
    struct Malformed: Error {
        var message: String
        var nearest: String?
    }

    let parts: [Part]

    var placeholders: [Placeholder] {
        parts.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// `{name}` is a placeholder, `{{` and `}}` are braces.
    init(_ text: String) throws {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == "{" || character == "}", rest.first == character {
                literal.append(character)
                rest = rest.dropFirst()
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { throw Malformed(message: "'{' without '}'") }
                parts.append(.literal(literal))
                literal = ""
                parts.append(.placeholder(try Self.placeholder(String(rest[..<end]))))
                rest = rest[rest.index(after: end)...]
            } else if character == "}" {
                throw Malformed(message: "'}' without '{'; write '}}' for a brace")
            } else {
                literal.append(character)
            }
        }
        parts.append(.literal(literal))
        self.parts = parts.filter { $0 != .literal("") }
    }

    /// The message with every placeholder replaced; what is substituted is not looked at again.
    func filled(_ value: (Placeholder) -> String) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .placeholder(let placeholder): value(placeholder)
            }
        }.joined()
    }

    private static func placeholder(_ name: String) throws -> Placeholder {
        if let placeholder = Placeholder(rawValue: name) { return placeholder }
        let names = Placeholder.allCases.map(\.rawValue)
        throw Malformed(
            message: "unknown placeholder '{\(name.prefix(40))}'" + Spelling.hint(for: name, among: names),
            nearest: Spelling.nearest(to: name, among: names))
    }
}
