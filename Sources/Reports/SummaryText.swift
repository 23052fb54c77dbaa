import ValueAnalysis

/// The closing lines that both text reports share.
struct SummaryText {
    var audit: Audit
    var options: TextOptions

    /// What was looked at, and what came of it; the line with the verdicts and the time is the last.
    func lines(outcome: String? = nil) -> [String] {
        var lines = [outcome.map { "\(tree): \($0)" } ?? tree]
        if let gaps { lines.append(gaps) }
        lines.append(verdicts)
        return lines.map { DisplayText.wrapped($0, width: options.width, used: 0, indent: 4) }
    }

    private var tree: String {
        var text = "Xen \(DisplayText.escaped(audit.tree.version)), \(DisplayText.escaped(audit.tree.architecture))"
        if let revision = audit.tree.revision { text += ", \(DisplayText.escaped(String(revision.prefix(12))))" }
        if audit.convention != .standard { text += ", by convention '\(audit.convention.rawValue)'" }
        return text
    }

    private var verdicts: String {
        let summary = audit.summary
        let counts = Verdict.allCases.compactMap { verdict in
            summary[verdict].map { "\($0) \(verdict.rawValue)" }
        }
        var text = DisplayText.count(audit.rows.count, "row")
        if !counts.isEmpty { text += ": " + counts.joined(separator: ", ") }
        if let elapsed = options.elapsed { text += " (\(Self.seconds(elapsed)) s)" }
        return text
    }

    private var gaps: String? {
        var parts: [String] = []
        if !audit.parseErrors.isEmpty { parts.append(DisplayText.count(audit.parseErrors.count, "parse error")) }
        let unsupported = audit.unsupported.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        if !unsupported.isEmpty {
            let kinds = unsupported.map { "\($0.value) \(DisplayText.escaped($0.key))" }.joined(separator: ", ")
            parts.append("not understood: \(kinds)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// Seconds with one decimal, without a locale.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let tenths = seconds * 10 + (attoseconds + 50_000_000_000_000_000) / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
