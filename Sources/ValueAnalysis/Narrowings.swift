import IntegerDomain
import ProgramModel

/// A conversion that may have cut a value, with what was there before.
struct NarrowingEntry: Hashable, Sendable {
    struct Site: Hashable, Sendable, Comparable {
        var location: SourceLocation
        var from: String
        var to: String
        var function: String
        var target: IntFormat

        static func < (a: Site, b: Site) -> Bool {
            (a.location, a.from, a.to, a.function) < (b.location, b.from, b.to, b.function)
        }
    }

    var site: Site
    /// The value before the conversion.
    var range: IntValue
    /// The same as a term, so that a later check of the uncut value can clear the entry.
    var term: TermID?
    /// What the value can be now if it lost bits here; nil, or of another format than the value: anything. So a later check
    /// of the cut value can clear the entry too (`ret = f(id); if ( ret < 0 ) return ret;`, where no cut `id` is negative).
    var kept: IntValue?

    /// The same, after something was done with the value.
    func mapped(_ operation: (IntValue) -> IntValue) -> NarrowingEntry {
        var entry = self
        entry.kept = kept.map(operation).flatMap { $0.isBottom ? nil : $0 }
        return entry
    }

    /// The same, after anything was done with the value.
    var spread: NarrowingEntry {
        var entry = self
        entry.kept = nil
        return entry
    }

    /// Whether a value in `range` can have lost bits here.
    func concerns(_ range: IntValue) -> Bool {
        guard let kept, kept.format == range.format else { return true }
        return !kept.meet(range).isBottom
    }
}

extension Value {
    static func mergedNarrowings(_ a: [NarrowingEntry], _ b: [NarrowingEntry], widening: Bool = false) -> [NarrowingEntry] {
        if a.isEmpty { return b }
        if b.isEmpty || a == b { return a }
        var merged: [NarrowingEntry.Site: NarrowingEntry] = [:]
        for entry in a { merged[entry.site] = entry }
        for entry in b {
            guard let old = merged[entry.site] else {
                merged[entry.site] = entry
                continue
            }
            let joined = old.range.format == entry.range.format ? old.range.join(entry.range) : old.range
            let range = widening && joined != old.range ? .top(joined.format) : joined
            merged[entry.site] = NarrowingEntry(
                site: entry.site, range: range, term: old.term == entry.term ? old.term : nil,
                kept: keptJoin(old.kept, entry.kept, widening: widening))
        }
        return merged.values.sorted { $0.site < $1.site }
    }

    private static func keptJoin(_ a: IntValue?, _ b: IntValue?, widening: Bool) -> IntValue? {
        guard let a, let b, a.format == b.format else { return nil }
        let joined = a.join(b)
        return widening && joined != a ? nil : joined
    }
}

extension Engine {
    /// The value without the conversions that, by what is known now, did not cut it: the cut value would be another, or the
    /// uncut value has turned out to fit (`if ( rc != (int)rc ) return -ERANGE;`).
    func settled(_ value: Value, in state: State) -> Value {
        guard !value.narrowings.isEmpty else { return value }
        var value = value
        let range = currentRange(of: value, in: state)
        value.narrowings = value.narrowings.filter { $0.concerns(range) && stillLoses($0, in: state) }
        if value.narrowings.isEmpty { value.uncut = nil }
        return value
    }

    private func stillLoses(_ entry: NarrowingEntry, in state: State) -> Bool {
        guard let term = entry.term else { return true }
        let range = terms.range(term, in: state)
        return range.format != entry.range.format || Self.loses(range.meet(entry.range), entry.site.target)
    }
}
