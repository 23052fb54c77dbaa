import IntegerDomain

/// A member of a record, interned: what type-based aliasing tells stores apart by.
struct FieldTag: Hashable, Sendable {
    var index: Int32
}

/// A scalar in an object.
struct Cell: Sendable {
    var key: CellKey
    /// The member that it was last accessed as; nil for accesses through plain pointers.
    var tag: FieldTag?
    var value: Value

    /// What it is after it may have been overwritten: any value, or the old one with the bits that it had lost.
    var ifKept: Cell? {
        guard value.mayHideCuts else { return nil }
        var any = Value(.top(value.range.format), pointees: .unknown, origin: value.origin)
        any.sources = value.sources
        any.narrowings = value.narrowings
        if !value.narrowings.isEmpty { any.uncut = Bounds.joined(value.shown(value.range), Bounds(any.range)) }
        return Cell(key: key, tag: tag, value: any)
    }

    /// Whether it can be any value of its type: where nothing was cut, no cell says the same.
    var isAnything: Bool {
        value.range.isTop && value.term == nil && value.drifts.isEmpty && value.pointees == .unknown
    }
}

/// What the bits of a region hold where no cell says more. Later fills lie over earlier ones.
struct Fill: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case unknown
        case zero
        /// Copied from the guest: any value.
        case guest
    }
    /// Bits, `high` exclusive.
    var low: Int
    var high: Int
    var kind: Kind

    static let end = Int.max
    static let maximumCount = 8
}

/// What is known of an object's bytes. Immutable and shared, so that equal states are recognised by identity.
final class ObjectContents: Sendable {
    /// Sorted; none overlaps another.
    let cells: [Cell]
    let fills: [Fill]
    /// A Bloom filter of the symbols that the cells' terms mention.
    let symbolMask: UInt64

    static let empty = ObjectContents(cells: [], fills: [], symbolMask: 0)

    init(cells: [Cell], fills: [Fill], symbolMask: UInt64) {
        self.cells = cells
        self.fills = fills
        self.symbolMask = symbolMask
    }

    enum Lookup {
        case exact(Cell)
        /// The bits lie inside a wider cell.
        case part(of: Cell)
        case fill(Fill.Kind)
        /// Several cells, or a cell and something else.
        case mixed([Cell])

        /// Any value, of which no cell tells.
        var isUnknownFill: Bool { if case .fill(let kind) = self { kind != .zero } else { false } }

        /// Any value of its type. A name for what it meets would be one that the next round of a loop does not have.
        var isAnything: Bool { if case .exact(let cell) = self { cell.isAnything } else { isUnknownFill } }

        var hidesCuts: Bool { if case .exact(let cell) = self { cell.value.mayHideCuts } else { false } }
    }

    /// Index of the first cell that ends above `offset`.
    private func firstIndex(endingAbove offset: Int) -> Int {
        var low = 0
        var high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].key.end > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func overlapping(_ key: CellKey) -> Range<Int> {
        let first = firstIndex(endingAbove: key.offset)
        var last = first
        while last < cells.count, cells[last].key.offset < key.end { last += 1 }
        return first..<last
    }

    func lookup(_ key: CellKey) -> Lookup {
        let range = overlapping(key)
        if range.isEmpty { return .fill(fillKind(of: key)) }
        if range.count == 1 {
            let cell = cells[range.lowerBound]
            if cell.key == key { return .exact(cell) }
            if cell.key.contains(key) { return .part(of: cell) }
        }
        return .mixed(Array(cells[range]))
    }

    func fillKind(of key: CellKey) -> Fill.Kind {
        for fill in fills.reversed() {
            if fill.low <= key.offset, fill.high >= key.end { return fill.kind }
            if fill.low < key.end, key.offset < fill.high { return .unknown }
        }
        return .unknown
    }

    /// Strong update of one cell.
    func storing(_ cell: Cell, mask: UInt64) -> ObjectContents {
        let range = overlapping(cell.key)
        var newFills = fills
        // What is left of a cell that is only partly overwritten is no longer what the fills say.
        for index in range where !cell.key.contains(cells[index].key) {
            newFills = Self.adding(
                Fill(low: cells[index].key.offset, high: cells[index].key.end, kind: .unknown), to: newFills)
        }
        var newCells = cells
        newCells.replaceSubrange(range, with: CollectionOfOne(cell))
        return ObjectContents(cells: newCells, fills: newFills, symbolMask: symbolMask | mask)
    }

    /// Forgets a region and fills it.
    /// - Parameter keepsCuts: whether cells that have lost bits may still be what they were.
    func filling(_ low: Int, _ high: Int, _ kind: Fill.Kind, keepsCuts: Bool = false) -> ObjectContents {
        var newFills = fills
        var kept: [Cell] = []
        kept.reserveCapacity(cells.count)
        for cell in cells {
            if cell.key.end <= low || cell.key.offset >= high {
                kept.append(cell)
            } else if cell.key.offset < low || cell.key.end > high {
                newFills = Self.adding(Fill(low: cell.key.offset, high: cell.key.end, kind: .unknown), to: newFills)
            }
            if keepsCuts, cell.key.end > low, cell.key.offset < high, let still = cell.ifKept { kept.append(still) }
        }
        newFills = Self.adding(Fill(low: low, high: high, kind: kind), to: newFills)
        return ObjectContents(cells: kept, fills: newFills, symbolMask: symbolMask)
    }

    /// What is left to say where anything may have been overwritten; nil: nothing.
    var ifKept: ObjectContents? {
        let kept = cells.compactMap(\.ifKept)
        return kept.isEmpty ? nil : ObjectContents(cells: kept, fills: [], symbolMask: symbolMask)
    }

    /// Drops some cells; their bits become unknown.
    /// - Parameters:
    ///   - forgetsZeros: whether zeros that no cell tells of may have been written too.
    ///   - keepsCuts: whether cells that have lost bits may still be what they were.
    func dropping(forgetsZeros: Bool, keepsCuts: Bool, where isDropped: (Cell) -> Bool) -> ObjectContents {
        let losesZeros = forgetsZeros && fills.contains { $0.kind == .zero }
        guard losesZeros || cells.contains(where: isDropped) else { return self }
        // What a fill lies over holds any value as well: only zeros say more than that.
        var newFills = losesZeros ? fills.filter { $0.kind != .zero } : fills
        var kept: [Cell] = []
        for cell in cells {
            if isDropped(cell) {
                if !newFills.isEmpty {
                    newFills = Self.adding(Fill(low: cell.key.offset, high: cell.key.end, kind: .unknown), to: newFills)
                }
                if keepsCuts, let still = cell.ifKept { kept.append(still) }
            } else {
                kept.append(cell)
            }
        }
        return ObjectContents(cells: kept, fills: newFills, symbolMask: symbolMask)
    }

    private static func adding(_ fill: Fill, to fills: [Fill]) -> [Fill] {
        var result = fills.filter { !(fill.low <= $0.low && fill.high >= $0.high) }
        if result.isEmpty, fill.kind == .unknown { return [] }
        result.append(fill)
        if result.count > Fill.maximumCount {
            // Too detailed: what lies under the newest becomes unknown.
            return fill.kind == .unknown ? [] : [fill]
        }
        return result
    }
}
