/// The best fixes of findings as one diff, which `patch` takes as a whole.
///
/// Diffs of their own would not do for edits close to each other: each would expect the other's lines as they were.
public struct FixPatch: Hashable, Sendable {
    /// Findings that the diff mends.
    public var findings: [Finding]
    /// Those whose edits would be in the way of the others': they are left for a second run.
    public var postponed: [Finding]
    public var diff: String
}

extension FixBuilding {
    /// One patch for each group of findings whose fixes edit the same files, in the order of the findings.
    public func patches(for findings: [Finding]) -> [FixPatch] {
        var groups: [(files: Set<String>, findings: [Finding])] = []
        for finding in findings {
            guard let best = finding.fixes.first else { continue }
            var joined = (files: Set(best.edits.map(\.file)), findings: [finding])
            guard let first = groups.firstIndex(where: { !$0.files.isDisjoint(with: joined.files) }) else {
                groups.append(joined)
                continue
            }
            for index in groups.indices.reversed() where !groups[index].files.isDisjoint(with: joined.files) {
                let other = groups.remove(at: index)
                joined = (joined.files.union(other.files), other.findings + joined.findings)
            }
            groups.insert(joined, at: first)
        }
        return groups.compactMap { patch(for: $0.findings) }
    }

    private func patch(for findings: [Finding]) -> FixPatch? {
        var patch = FixPatch(findings: [], postponed: [], diff: "")
        var made: [PlacedEdit] = []
        for finding in findings {
            // Two findings at one return are mended by one edit.
            let wanted = finding.fixes.first?.edits.filter { !made.contains($0) } ?? []
            if wanted.contains(where: { edit in made.contains { $0.overlaps(edit) } }) {
                patch.postponed.append(finding)
            } else {
                made += wanted
                patch.findings.append(finding)
            }
        }
        for (file, edits) in Dictionary(grouping: made, by: \.file).sorted(by: { $0.key < $1.key }) {
            guard let text = source?(file) else { return nil }
            patch.diff += text.diff(edits.map { SourceText.Edit(range: $0.range, text: $0.replacement.text) })
        }
        return patch
    }
}
