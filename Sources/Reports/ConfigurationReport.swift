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
            ("  \(rule.id): {enabled: \(rule.isEnabled), severity: \(rule.severity.rawValue)}", origin(of: rule.id))
        }
        if !configuration.handlers.isEmpty { lines.append(("handlers:", "")) }
        lines += configuration.handlers.map { extra in
            let hypercall = extra.hypercall.map { ", hypercall: \(quoted($0))" } ?? ""
            let guests = extra.guests.map(quoted).joined(separator: ", ")
            return ("  - {function: \(quoted(extra.pattern.text)), guests: [\(guests)]\(hypercall)}", origin(extra.location))
        }
        return (render(lines + models) + ["# models: \(models.isEmpty ? "" : "these, and ")those of the rule pack"])
            .joined(separator: "\n") + "\n"
    }

    /// Those of the pack are too much to repeat: they are in its files.
    private var models: [(text: String, origin: String)] {
        var lines: [(text: String, origin: String)] = configuration.modelEntries.isEmpty ? [] : [("models:", "")]
        var section = ""
        for model in configuration.modelEntries {
            if model.section != section { lines.append(("  \(model.section):", "")) }
            section = model.section
            lines.append(("    - \(DisplayText.escaped(model.entry.value))", origin(model.entry.location)))
        }
        return lines
    }

    /// One origin where both values have the same.
    private func origin(of rule: String) -> String {
        guard let setting = configuration.rules.first(where: { $0.rule == rule }) else { return origin(nil) }
        let origins = [origin(setting.isEnabled?.location), origin(setting.severity?.location)]
        return origins[0] == origins[1] ? origins[0] : "enabled: \(origins[0]), severity: \(origins[1])"
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
