/// "Did you mean": the candidate that a misspelt word most likely stands for.
enum Spelling {
    /// Words longer than this are not compared: the distance costs the product of both lengths.
    private static let longestCompared = 64

    /// The nearest candidate, or nil when none is near enough to be more than a guess.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.unicodeScalars.count <= longestCompared else { return nil }
        let lowered = Array(word.lowercased().unicodeScalars)
        let ranked = candidates
            .map { (distance: distance(lowered, Array($0.lowercased().unicodeScalars)), candidate: $0) }
            .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }
        guard let best = ranked, best.distance <= max(2, lowered.count / 3) else { return nil }
        return best.candidate
    }

    /// ` (did you mean "x"?)`, or the list of what there is when nothing is near.
    static func hint(for word: String, among candidates: [String]) -> String {
        if let near = nearest(to: word, among: candidates) { return "; did you mean '\(near)'?" }
        return candidates.isEmpty ? "" : "; expected one of: \(candidates.sorted().joined(separator: ", "))"
    }

    /// Levenshtein distance by one row of the table at a time.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let substituted = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
