/// Edits of one file as a unified diff, with three lines of context.
struct UnifiedDiff {
    private static let context = 3

    /// Whole lines that edits change: edits of one line are one change.
    private struct Change {
        var range: Range<Int>
        var edits: [SourceText.Edit]
    }

    private let source: SourceText
    private var output: String
    /// How many lines later the new text is, from the last hunk on.
    private var shift = 0

    /// - Parameter edits: without overlaps.
    static func text(of edits: [SourceText.Edit], in source: SourceText) -> String {
        var diff = UnifiedDiff(source: source, output: "--- a/\(source.file)\n+++ b/\(source.file)\n")
        for changes in diff.hunks(edits) { diff.append(changes) }
        return diff.output
    }

    private init(source: SourceText, output: String) {
        self.source = source
        self.output = output
    }

    private func changes(_ edits: [SourceText.Edit]) -> [Change] {
        var changes: [Change] = []
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let range = source.lines(of: edit.range)
            if let last = changes.indices.last, range.lowerBound < changes[last].range.upperBound {
                let whole = changes[last].range
                changes[last].range = whole.lowerBound..<max(whole.upperBound, range.upperBound)
                changes[last].edits.append(edit)
            } else {
                changes.append(Change(range: range, edits: [edit]))
            }
        }
        return changes
    }

    /// Changes whose context would overlap are one hunk: `patch` takes no other.
    private func hunks(_ edits: [SourceText.Edit]) -> [[Change]] {
        var hunks: [[Change]] = []
        for change in changes(edits) {
            if let last = hunks.indices.last, let previous = hunks[last].last,
                source.lines(previous.range.upperBound..<change.range.lowerBound).count <= 2 * Self.context {
                hunks[last].append(change)
            } else {
                hunks.append([change])
            }
        }
        return hunks
    }

    private mutating func append(_ changes: [Change]) {
        guard let first = changes.first, let last = changes.last else { return }
        let before = Array(source.lines(0..<first.range.lowerBound).suffix(Self.context))
        let after = Array(source.lines(last.range.upperBound..<source.bytes.count).prefix(Self.context))
        var body = before.map { " \($0)" }
        var position = first.range.lowerBound
        for change in changes {
            body += source.lines(position..<change.range.lowerBound).map { " \($0)" }
            body += lines(of: change)
            position = change.range.upperBound
        }
        body += after.map { " \($0)" }
        let old = body.count { !$0.hasPrefix("+") }
        let new = body.count { !$0.hasPrefix("-") }
        let line = source.place(of: first.range.lowerBound).line - before.count
        output += "@@ -\(line),\(old) +\(line + shift),\(new) @@\n" + body.map { $0 + "\n" }.joined()
        shift += new - old
    }

    private func lines(of change: Change) -> [String] {
        var text: [UInt8] = []
        var position = change.range.lowerBound
        for edit in change.edits {
            text += source.bytes[position..<edit.range.lowerBound] + edit.text.utf8
            position = edit.range.upperBound
        }
        text += source.bytes[position..<change.range.upperBound]
        let old = source.lines(change.range)
        let new = SourceText.lines(text)
        let kept = Self.commonEnds(old, new)
        return old.prefix(kept.start).map { " \($0)" } + old[kept.start..<(old.count - kept.end)].map { "-\($0)" }
            + new[kept.start..<(new.count - kept.end)].map { "+\($0)" } + old.suffix(kept.end).map { " \($0)" }
    }

    private static func commonEnds(_ a: [String], _ b: [String]) -> (start: Int, end: Int) {
        let most = min(a.count, b.count)
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        return (start, min(end, most - start))
    }
}
