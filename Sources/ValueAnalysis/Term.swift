import IntegerDomain

/// Index of a term in its run's `TermTable`.
struct TermID: Hashable, Sendable, Comparable {
    var index: Int32

    static func < (a: TermID, b: TermID) -> Bool { a.index < b.index }
}

/// Index of a symbol in its run's `Names`.
struct SymbolID: Hashable, Sendable, Comparable {
    var index: Int32

    func _rawHashValue(seed: Int) -> Int { DenseHash.value(index, seed) }
    func hash(into hasher: inout Hasher) { hasher.combine(index) }
    static func < (a: SymbolID, b: SymbolID) -> Bool { a.index < b.index }
}

/// What a value is, as an expression over symbols that never change.
///
/// Ranges alone forget that two variables are equal or that a flag stands for a comparison; terms remember, so that a
/// condition on one place refines every place computed from the same symbols (value numbering).
indirect enum TermNode: Hashable, Sendable {
    case symbol(SymbolID)
    case constant(Int128)
    case unary(UnaryOp, TermID)
    case binary(BinaryOp, TermID, TermID)
    case compare(CompareOp, TermID, TermID)
    case not(TermID)
    case and(TermID, TermID)
    case or(TermID, TermID)
    case convert(TermID)
    case toBool(TermID)
}

/// Hash-consed terms of one run: equal terms have equal ids.
final class TermTable {
    struct Entry {
        var node: TermNode
        var format: IntFormat
        /// Symbols that the term mentions, sorted.
        var symbols: [SymbolID]
        var size: Int
    }

    /// Larger terms become a fresh symbol: refinement walks whole terms, so their size bounds its cost.
    static let maximumSize = 24

    private(set) var entries: [Entry] = []
    private var ids: [Key: TermID] = [:]

    private struct Key: Hashable {
        var node: TermNode
        var format: IntFormat
    }

    subscript(id: TermID) -> Entry { entries[Int(id.index)] }

    func symbol(_ symbol: SymbolID, _ format: IntFormat) -> TermID {
        intern(.symbol(symbol), format, symbols: [symbol], size: 1)
    }

    func constant(_ value: Int128, _ format: IntFormat) -> TermID {
        intern(.constant(value), format, symbols: [], size: 1)
    }

    /// nil when the term would grow too large.
    func make(_ node: TermNode, _ format: IntFormat) -> TermID? {
        switch node {
        case .symbol(let id): return symbol(id, format)
        case .constant(let value): return constant(value, format)
        case .unary(_, let a), .not(let a), .toBool(let a): return combine(node, format, a, nil)
        case .convert(let a): return convert(a, format)
        case .binary(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b):
            return combine(node, format, a, b)
        }
    }

    /// Drops conversions that undo each other: to a type of the same width and back, or widening twice.
    private func convert(_ operand: TermID, _ format: IntFormat) -> TermID? {
        let inner = self[operand]
        if inner.format == format { return operand }
        if case .constant(let value) = inner.node {
            return IntValue.constant(value, format).constantValue.map { constant($0, format) }
        }
        if case .convert(let origin) = inner.node {
            let source = self[origin].format
            // The low `format.width` bits of the origin survive any conversion that is at least as wide.
            if inner.format.width >= format.width || (inner.format.width >= source.width && source.width == inner.format.width && source == format) {
                return convert(origin, format)
            }
        }
        return combine(.convert(operand), format, operand, nil)
    }

    private func combine(_ node: TermNode, _ format: IntFormat, _ a: TermID, _ b: TermID?) -> TermID? {
        let first = self[a]
        guard let b else {
            guard first.size + 1 <= Self.maximumSize else { return nil }
            return intern(node, format, symbols: first.symbols, size: first.size + 1)
        }
        let second = self[b]
        guard first.size + second.size + 1 <= Self.maximumSize else { return nil }
        let symbols = first.symbols == second.symbols ? first.symbols : Array(Set(first.symbols + second.symbols)).sorted()
        return intern(node, format, symbols: symbols, size: first.size + second.size + 1)
    }

    private func intern(_ node: TermNode, _ format: IntFormat, symbols: [SymbolID], size: Int) -> TermID {
        let key = Key(node: node, format: format)
        if let known = ids[key] { return known }
        let id = TermID(index: Int32(entries.count))
        entries.append(Entry(node: node, format: format, symbols: symbols, size: size))
        ids[key] = id
        return id
    }

    /// A term with one of its parts replaced; nil if it grows too large.
    /// - Parameter state: where the new term is meant; conversions that keep its value there are dropped.
    func replacing(_ part: TermID, by new: TermID, in term: TermID, state: State) -> TermID? {
        if term == part { return new }
        let entry = self[term]
        func inside(_ id: TermID) -> TermID? { replacing(part, by: new, in: id, state: state) }
        switch entry.node {
        case .symbol, .constant: return term
        case .unary(let op, let a): return inside(a).flatMap { make(.unary(op, $0), entry.format) }
        case .not(let a): return inside(a).flatMap { make(.not($0), entry.format) }
        case .toBool(let a): return inside(a).flatMap { make(.toBool($0), entry.format) }
        case .convert(let a): return inside(a).flatMap { converting($0, to: entry.format, in: state) }
        case .binary(let op, let a, let b):
            guard let x = inside(a), let y = inside(b) else { return nil }
            return binary(op, x, y, entry.format)
        case .compare(let op, let a, let b):
            guard let x = inside(a), let y = inside(b) else { return nil }
            return make(.compare(op, x, y), entry.format)
        case .and(let a, let b):
            guard let x = inside(a), let y = inside(b) else { return nil }
            return make(.and(x, y), entry.format)
        case .or(let a, let b):
            guard let x = inside(a), let y = inside(b) else { return nil }
            return make(.or(x, y), entry.format)
        }
    }

    /// A conversion; there and back again is nothing where the value fits on the way.
    func converting(_ term: TermID, to target: IntFormat, in state: State) -> TermID? {
        let entry = self[term]
        if case .convert(let source) = entry.node, self[source].format == target,
            range(source, in: state).fits(entry.format) { return source }
        return make(.convert(term), target)
    }

    func mentions(_ term: TermID, _ symbol: SymbolID) -> Bool { self[term].symbols.contains(symbol) }
}

/// Indices are small and dense: states are dictionaries over them that are walked all the time, and SipHash, which is
/// there against chosen keys, took a tenth of the whole run. Multiplication by the golden ratio (Knuth 6.4) spreads them.
enum DenseHash {
    static func value(_ index: Int32, _ seed: Int) -> Int {
        let mixed = (UInt64(bitPattern: Int64(index)) ^ UInt64(bitPattern: Int64(seed))) &* 0x9E37_79B9_7F4A_7C15
        return Int(bitPattern: UInt(mixed ^ (mixed >> 32)))
    }
}
