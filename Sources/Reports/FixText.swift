import Rules

/// Suggested edits as diffs: the best of each finding's, and by name what else could be done.
struct FixText {
    let patches: [FixPatch]

    var blocks: [String] { patches.map(block) }

    private func block(_ patch: FixPatch) -> String {
        var lines = patch.findings.flatMap { finding -> [String] in
            let titles = finding.fixes.map { DisplayText.escaped($0.title) }
            guard let best = titles.first else { return [] }
            return [line(finding, best)] + titles.dropFirst().map { "or: " + $0 }
        }
        lines += patch.postponed.map { line($0, "meets the edits above; run again after these") }
        lines += patch.diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(escaped)
        return lines.joined(separator: "\n")
    }

    private func line(_ finding: Finding, _ text: String) -> String {
        "\(DisplayText.place(finding.location)): fix for [\(finding.ruleID)]: \(text)"
    }

    /// A tab is no danger, and must stay for the diff to apply.
    private func escaped(_ line: Substring) -> String {
        line.split(separator: "\t", omittingEmptySubsequences: false).map { DisplayText.escaped(String($0)) }
            .joined(separator: "\t")
    }
}
