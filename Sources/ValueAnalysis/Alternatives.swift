import HashTreeCollections
import IntegerDomain

/// What is remembered of the ways that met at a join, told apart by a value that the ways set differently.
///
/// `rc = -ERANGE; if ( v > INT_MAX ) goto out; rc = 0; out: if ( !rc ) rc = v;`: where `rc` is zero, `v` is what it was on
/// the way that set it so. The state is in one of the cases: the flag is in that case's range and its facts hold. A
/// disjunction kept beside the state, where Rival and Mauborgne ("The Trace Partitioning Abstract Domain", TOPLAS 2007)
/// would keep the states themselves apart.
struct Alternative: Hashable, Sendable {
    struct Fact: Hashable, Sendable {
        var symbol: SymbolID
        var range: IntValue
    }

    struct Case: Hashable, Sendable {
        var flag: IntValue
        /// Sorted by symbol, each once.
        var facts: [Fact]

        func range(of symbol: SymbolID) -> IntValue? { facts.first { $0.symbol == symbol }?.range }

        /// What holds in either.
        func joined(_ other: Case) -> Case {
            Case(flag: flag.join(other.flag), facts: facts.compactMap { fact in
                guard let range = other.range(of: fact.symbol), range.format == fact.range.format else { return nil }
                let joined = fact.range.join(range)
                return joined.isTop ? nil : Fact(symbol: fact.symbol, range: joined)
            })
        }
    }

    var flag: SymbolID
    var cases: [Case]

    /// A function has few flags that are asked later; the newest ones push out the oldest.
    static let maximumCount = 6
    static let maximumCases = 6
    static let maximumFacts = 16

    /// Without what it says of symbols that are about to stand for new values; nil if its flag is one.
    func forgetting(_ symbols: [SymbolID]) -> Alternative? {
        if symbols.contains(flag) { return nil }
        guard cases.contains(where: { $0.facts.contains { symbols.contains($0.symbol) } }) else { return self }
        var result = self
        for index in result.cases.indices { result.cases[index].facts.removeAll { symbols.contains($0.symbol) } }
        return result.isTelling ? result : nil
    }

    var symbols: [SymbolID] { [flag] + cases.flatMap { $0.facts.map(\.symbol) } }

    /// Whether finding out about the flag can tell anything.
    var isTelling: Bool {
        guard cases.count > 1, cases.contains(where: { !$0.facts.isEmpty }) else { return false }
        for (index, one) in cases.enumerated() {
            for other in cases.dropFirst(index + 1) where one.flag.meet(other.flag).isBottom { return true }
        }
        return false
    }
}

extension Engine {
    /// Draws the conclusions from what is now known of the flags; false if no way leads here.
    func settleAlternatives(in state: inout State) -> Bool {
        guard !state.alternatives.isEmpty else { return true }
        // Facts can be about other flags; twice is enough for one flag that decides another.
        for _ in 0..<2 {
            var kept: [Alternative] = []
            for alternative in state.alternatives {
                let cases = alternative.cases.filter { isPossible($0, alternative.flag, state) }
                guard let first = cases.first else { return false }
                if cases.count == alternative.cases.count {
                    kept.append(alternative)
                    continue
                }
                let common = cases.dropFirst().reduce(first) { $0.joined($1) }
                for fact in common.facts + [.init(symbol: alternative.flag, range: common.flag)]
                where !continuations.contains(fact.symbol) {
                    let old = state.ranges[fact.symbol] ?? .top(fact.range.format)
                    guard old.format == fact.range.format else { continue }
                    let new = old.meet(fact.range)
                    if new.isBottom { return false }
                    if new != old { state.ranges[fact.symbol] = new }
                }
                let rest = Alternative(flag: alternative.flag, cases: cases)
                if rest.isTelling { kept.append(rest) }
            }
            if kept == state.alternatives { break }
            state.alternatives = kept
        }
        return true
    }

    private func isPossible(_ one: Alternative.Case, _ flag: SymbolID, _ state: State) -> Bool {
        for fact in one.facts + [.init(symbol: flag, range: one.flag)] where !continuations.contains(fact.symbol) {
            guard let known = state.ranges[fact.symbol], known.format == fact.range.format else { continue }
            if known.meet(fact.range).isBottom { return false }
        }
        return true
    }
}

/// A value that gets a new name where two ways meet.
struct MeetingValue {
    var phi: SymbolID
    /// Its names and ranges on either side.
    var terms: (TermID?, TermID?)
    var ranges: (IntValue, IntValue)
    var mayBeContinuation: Bool
}

/// Makes the alternatives of one join.
struct AlternativeJoin {
    let engine: Engine
    let a: State
    let b: State
    let values: [MeetingValue]

    /// Flags at one join: the rest of the values that differ are rarely asked.
    private static let maximumFlags = 3

    private typealias Side<Part> = KeyPath<(Part, Part), Part>

    /// What both sides knew before, and what the values that meet here say now.
    func alternatives(in result: State) -> [Alternative] {
        let phis = values.map(\.phi)
        var found = a.alternatives.compactMap { one -> Alternative? in
            b.alternatives.contains(one) ? one.forgetting(phis) : nil
        }
        let flags = flags(phis)
        if !flags.isEmpty {
            let known = Set(found.map(\.flag))
            let (first, second) = (facts(of: a, \.0, \.0, in: result), facts(of: b, \.1, \.1, in: result))
            for flag in flags.prefix(Self.maximumFlags) where !known.contains(flag.phi) {
                let cases = cases(of: flag, a, first, \.0, \.0, in: result) + cases(of: flag, b, second, \.1, \.1, in: result)
                let alternative = Alternative(flag: flag.phi, cases: reduced(cases))
                if alternative.isTelling { found.append(alternative) }
            }
        }
        return Array(found.suffix(Alternative.maximumCount))
    }

    /// The values that tell the sides apart: those that meet here under a new name first, then those that keep theirs.
    private func flags(_ phis: [SymbolID]) -> [MeetingValue] {
        let meeting = values.filter { !$0.mayBeContinuation && isFlag($0) }
        return meeting.count < Self.maximumFlags ? meeting + keptFlags(phis) : meeting
    }

    private func isFlag(_ value: MeetingValue) -> Bool {
        let (x, y) = value.ranges
        if x.isBottom || y.isBottom || x.format != y.format { return false }
        return x.meet(y).isBottom || alternative(of: value.terms.0, a) != nil || alternative(of: value.terms.1, b) != nil
            || isSplit(value.terms.0, x) || isSplit(value.terms.1, y)
    }

    /// `if ( !rc && v > INT_MAX ) rc = -ERANGE;`: the ways on which `rc` stays what it was differ by what is known of it.
    private func keptFlags(_ phis: [SymbolID]) -> [MeetingValue] {
        var found: [MeetingValue] = []
        for (symbol, x) in a.ranges where !engine.continuations.contains(symbol) {
            guard let y = b.ranges[symbol], x.format == y.format, x.meet(y).isBottom, !phis.contains(symbol) else { continue }
            let term = engine.terms.symbol(symbol, x.format)
            found.append(MeetingValue(phi: symbol, terms: (term, term), ranges: (x, y), mayBeContinuation: false))
        }
        // The newest names are the likeliest to be asked.
        return found.sorted { $1.phi < $0.phi }
    }

    /// Whether a value is a condition that is not decided, so that each of its answers is a case of its own.
    private func isSplit(_ term: TermID?, _ range: IntValue) -> Bool {
        guard let term, range.constantValue == nil, !engine.mayBeContinuation(term) else { return false }
        return engine.terms.isCondition(term)
    }

    /// What is remembered of the ways by the value that a term is computed from (`long rc = f();` of an `int`).
    private func alternative(of term: TermID?, _ side: State) -> Alternative? {
        guard let term, let symbol = engine.terms[term].symbols.first, engine.terms[term].symbols.count == 1,
            !engine.continuations.contains(symbol)
        else { return nil }
        return side.alternatives.first { $0.flag == symbol }
    }

    /// What a side knows more than the result, by symbol.
    private func facts(
        of side: State, _ own: Side<TermID?>, _ ranges: Side<IntValue>, in result: State
    ) -> [Alternative.Fact] {
        var found: [Alternative.Fact] = []
        let phis = Set(values.map(\.phi))
        // Of what a continuation returned, its range says nothing.
        for (symbol, range) in side.ranges
        where !phis.contains(symbol) && result.ranges[symbol] != range && !engine.continuations.contains(symbol) {
            found.append(.init(symbol: symbol, range: range))
        }
        for value in values where !value.mayBeContinuation {
            var range = value.ranges[keyPath: ranges]
            if let term = value.terms[keyPath: own] {
                let now = engine.terms.range(term, in: side)
                if now.format == range.format { range = range.meet(now) }
            }
            if !range.isBottom, !range.isTop, result.ranges[value.phi] != range {
                found.append(.init(symbol: value.phi, range: range))
            }
        }
        return found.sorted { $0.symbol < $1.symbol }
    }

    /// Those beside a flag. The newest names are the likeliest to be of use.
    private func beside(_ flag: SymbolID, _ facts: [Alternative.Fact]) -> [Alternative.Fact] {
        facts.filter { $0.symbol != flag }.suffix(Alternative.maximumFacts)
    }

    private func cases(
        of flag: MeetingValue, _ side: State, _ facts: [Alternative.Fact], _ own: Side<TermID?>, _ ranges: Side<IntValue>,
        in result: State
    ) -> [Alternative.Case] {
        let (term, range) = (flag.terms[keyPath: own], flag.ranges[keyPath: ranges])
        if let term, isSplit(term, range) {
            let answers: [Bool] = [false, true]
            return answers.compactMap { holds -> Alternative.Case? in
                var side = side
                guard engine.terms.assume(term, holds, in: &side) else { return nil }
                let answer = IntValue.constant(holds ? 1 : 0, range.format)
                return Alternative.Case(flag: answer, facts: beside(flag.phi, self.facts(of: side, own, ranges, in: result)))
            }
        }
        let known = beside(flag.phi, facts)
        guard let term, let before = alternative(of: term, side) else {
            return [Alternative.Case(flag: range, facts: known)]
        }
        return before.cases.compactMap { one in
            var way = side
            way.ranges[before.flag] = side.ranges[before.flag]?.meet(one.flag) ?? one.flag
            let now = engine.terms.range(term, in: way)
            let flagRange = now.format == range.format ? now.meet(range) : range
            if flagRange.isBottom { return nil }
            return Alternative.Case(flag: flagRange, facts: merged(known, renamed(one.facts, own)))
        }
    }

    /// Facts about names that stand for something new from here on hold on only where that is the same value.
    private func renamed(_ facts: [Alternative.Fact], _ own: Side<TermID?>) -> [Alternative.Fact] {
        facts.filter { fact in
            guard let value = values.first(where: { $0.phi == fact.symbol }) else { return true }
            guard let term = value.terms[keyPath: own], case .symbol(fact.symbol) = engine.terms[term].node else {
                return false
            }
            return true
        }
    }

    private func merged(_ a: [Alternative.Fact], _ b: [Alternative.Fact]) -> [Alternative.Fact] {
        var result = a
        for fact in b {
            guard let index = result.firstIndex(where: { $0.symbol == fact.symbol }) else {
                result.append(fact)
                continue
            }
            guard result[index].range.format == fact.range.format else { continue }
            let both = result[index].range.meet(fact.range)
            if !both.isBottom { result[index].range = both }
        }
        return result.sorted { $0.symbol < $1.symbol }
    }

    /// Equal flags become one case, and the last ones where there are too many.
    private func reduced(_ cases: [Alternative.Case]) -> [Alternative.Case] {
        var result: [Alternative.Case] = []
        for one in cases {
            if let index = result.firstIndex(where: { $0.flag == one.flag }) {
                result[index] = result[index].joined(one)
            } else if result.count >= Alternative.maximumCases {
                result[result.count - 1] = result[result.count - 1].joined(one)
            } else {
                result.append(one)
            }
        }
        return result
    }
}
