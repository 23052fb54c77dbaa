import Rules

/// Suggested edits as diffs: the best of each finding's, and by name what else could be done.
struct FixText {
    let findings: [Finding]

    var blocks: [String] {
        var shown: Set<String> = []
        return findings.compactMap { finding in
            // Two findings at one return are mended by one edit, and `patch` would refuse to make it twice.
            guard let best = finding.fixes.first, shown.insert(best.diff).inserted else { return nil }
            let place = DisplayText.place(finding.location)
            var lines = ["\(place): fix for [\(finding.ruleID)]: \(DisplayText.escaped(best.title))"]
            lines += finding.fixes.dropFirst().map { "or: " + DisplayText.escaped($0.title) }
            lines += best.diff.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(escaped)
            return lines.joined(separator: "\n")
        }
    }

    /// A tab is no danger, and must stay for the diff to apply.
    private func escaped(_ line: Substring) -> String {
        line.split(separator: "\t", omittingEmptySubsequences: false).map { DisplayText.escaped(String($0)) }
            .joined(separator: "\t")
    }
}
