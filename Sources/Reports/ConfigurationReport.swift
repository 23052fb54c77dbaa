import ProgramModel
import Rules
import ValueAnalysis

/// The configuration that is in effect, as a file of its own with where each value came from.
public struct ConfigurationReport: Sendable {
    private let pack: RulePack
    private let configuration: Configuration

    /// - Parameter pack: without the configuration.
    public init(pack: RulePack, configuration: Configuration) {
        self.pack = pack
        self.configuration = configuration
    }

    public var text: String {
        var lines: [(text: String, origin: String)] = []
        let convention = configuration.convention
        lines.append(("convention: \((convention?.value ?? .standard).rawValue)", origin(convention?.location)))
        if let baseline = configuration.baseline {
            lines.append(("baseline: \(quoted(baseline.value))", origin(baseline.location)))
        }
        if let address = configuration.helpURI {
            lines.append(("helpUri: \(quoted(address.value.text))", origin(address.location)))
        }
        if !configuration.excludes.isEmpty { lines.append(("exclude:", "")) }
        lines += configuration.excludes.map { ("  - \(quoted($0.value.text))", origin($0.location)) }
        lines.append(("rules:", ""))
        lines += pack.applying(configuration).rules.map { rule in
            let place = configuration.rules.first { $0.rule == rule.id }?.location
            return ("  \(rule.id): {enabled: \(rule.isEnabled), severity: \(rule.severity.rawValue)}", origin(place))
        }
        if !configuration.handlers.isEmpty { lines.append(("handlers:", "")) }
        lines += configuration.handlers.map { extra in
            let hypercall = extra.hypercall.map { ", hypercall: \(quoted($0))" } ?? ""
            let guests = extra.guests.map(quoted).joined(separator: ", ")
            return ("  - {function: \(quoted(extra.pattern.text)), guests: [\(guests)]\(hypercall)}", origin(extra.location))
        }
        return (render(lines) + models).joined(separator: "\n") + "\n"
    }

    /// Too much to repeat: what the pack has is in its files.
    private var models: [String] {
        guard let place = configuration.modelsLocation else { return ["# models: those of the rule pack"] }
        var lines = ["# models: those of the rule pack, and from \(origin(place)):"]
        lines += configuration.modelledFunctions.map { "#   function \(DisplayText.escaped($0))" }
        lines += configuration.bounds.map { bound in
            let range = "\(bound.minimum.map(String.init) ?? "...") to \(bound.maximum.map(String.init) ?? "...")"
            return "#   " + DisplayText.escaped("\(bound.subject.shown): \(range), because: \(bound.reason)")
        }
        return lines
    }

    private func render(_ lines: [(text: String, origin: String)]) -> [String] {
        let width = lines.filter { !$0.origin.isEmpty }.map(\.text.count).max() ?? 0
        return lines.map { text, origin in
            guard !origin.isEmpty else { return text }
            return text + String(repeating: " ", count: max(0, width - text.count)) + "  # " + origin
        }
    }

    private func origin(_ place: SourceLocation?) -> String {
        place.map { "\(Configuration.fileName):\($0.line):\($0.column)" } ?? "built-in"
    }

    /// Quoted as JSON, which YAML reads too.
    private func quoted(_ text: String) -> String {
        String(JSONValue.string(text).rendered().dropLast())
    }
}
