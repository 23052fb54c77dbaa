import Rules

/// A baseline as a file, and as a list for people.
public struct BaselineReport: Sendable {
    public init() {}

    /// The file's text: one finding after the other in a fixed order, so that versions of it can be compared.
    public func json(_ baseline: Baseline) -> String {
        JSONValue.members([
            "schemaVersion": .integer(Baseline.schemaVersion),
            "findings": .array(ordered(baseline).map { entry in
                .members([
                    "fingerprint": .string(entry.fingerprint),
                    "rule": .string(entry.rule),
                    "architecture": .string(entry.architecture),
                    "guests": .array(entry.guests.map(JSONValue.string)),
                    "file": .string(entry.file),
                    "message": .string(entry.message),
                ])
            }),
        ]).rendered()
    }

    public func text(_ baseline: Baseline) -> String {
        let lines = ordered(baseline).map { "\($0.architecture): \(Self.line($0))" }
        return (lines + [DisplayText.count(baseline.entries.count, "known finding")]).joined(separator: "\n") + "\n"
    }

    static func line(_ entry: Baseline.Entry) -> String {
        DisplayText.escaped("\(entry.file): \(entry.message) [\(entry.rule)]")
    }

    private func ordered(_ baseline: Baseline) -> [Baseline.Entry] {
        baseline.entries.sorted {
            ($0.architecture, $0.file, $0.rule, $0.message, $0.fingerprint)
                < ($1.architecture, $1.file, $1.rule, $1.message, $1.fingerprint)
        }
    }
}
