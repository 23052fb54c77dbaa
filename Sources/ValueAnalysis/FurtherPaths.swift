import IntegerDomain
import ProgramModel

/// Where two values meet one origin is kept, or evidence would grow with the paths. Of those that lose, the ones whose
/// values do not fit an `int` either are remembered: each is a defect of its own, which mending the first leaves.
extension Origin {
    /// The origin of a value that may be either of two, which now have these ranges.
    static func met(_ a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> Origin? {
        guard let winner = moreTelling(a, x, b, y) else { return nil }
        guard let first = a.origin, let second = b.origin, first !== second,
            a.reach(x) > Boundary.intMax, b.reach(y) > Boundary.intMax else { return winner }
        let loser = winner === first ? second : first
        let others = distinct(winner.others + [loser] + loser.others, besides: winner)
        if others.count == winner.others.count { return winner }
        return Origin(winner.step, at: winner.location, range: winner.range, parent: winner.parent, others: others)
    }

    /// The way of the value that reaches further out of 32 bits explains more.
    static func moreTelling(_ a: Value, _ x: IntValue, _ b: Value, _ y: IntValue) -> Origin? {
        guard let first = a.origin else { return b.origin }
        guard let second = b.origin else { return first }
        let (own, other) = (a.reach(x), b.reach(y))
        if own != other { return own > other ? first : second }
        // Both reach as far: the shorter way, then the earlier place, whatever order they came in.
        if first.depth != second.depth { return first.depth < second.depth ? first : second }
        return second.location < first.location ? second : first
    }

    /// As many as people read.
    private static let maximumOthers = 4

    /// One for each source, by place.
    private static func distinct(_ origins: [Origin], besides winner: Origin) -> [Origin] {
        var seen: Set<SourceLocation> = [winner.source]
        let ordered = origins.sorted { ($0.source, $0.depth, $0.location) < ($1.source, $1.depth, $1.location) }
        return Array(ordered.filter { seen.insert($0.source).inserted }.prefix(maximumOthers))
    }

    /// Where the value comes from.
    private var source: SourceLocation { parent?.source ?? location }

    /// The other ways to a value of this origin that are as bad, each to its end: what comes after they met is the same.
    func furtherPaths(as verdict: Verdict, cut: [NarrowingEntry], by convention: ErrorConvention) -> [ReturnPath] {
        let own = links
        return others.compactMap { other in
            let common = own.drop { link in !link.others.contains { $0 === other } }.dropFirst()
            let path = other.links + common
            let places = Set(path.map(\.location))
            var values = ResultValues()
            values.add(other.range)
            for entry in cut where places.contains(entry.site.location) { values.add(entry.range) }
            guard values.verdict(by: convention) == verdict, let min = values.min, let max = values.max else { return nil }
            return ReturnPath(
                range: ValueRange(min: "\(min)", max: "\(max)"), location: Origin.decisivePlace(path),
                evidence: path.map(\.evidenceStep))
        }
    }

    /// The assignment that brought the value into the function that returns it, else its last step.
    var decisivePlace: SourceLocation { Origin.decisivePlace(links) }

    private static func decisivePlace(_ links: [Origin]) -> SourceLocation {
        let assignment = links.first { if case .assigned = $0.step { true } else { false } }
        return (assignment ?? links.last)?.location ?? .unknown
    }
}

extension Value {
    /// How far out its values go, cut or not: what a 32-bit reader sees of them.
    /// - Parameter range: what is known of its range now.
    fileprivate func reach(_ range: IntValue) -> Int128 {
        narrowings.reduce(range.reach) { Swift.max($0, $1.range.reach) }
    }
}

extension IntValue {
    fileprivate var reach: Int128 {
        guard let min, let max else { return -1 }
        return Swift.max(max, min < 0 ? -1 - min : 0)
    }
}
