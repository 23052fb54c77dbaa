import Reports

/// A part of the handlers: what one of several machines analyses.
public struct Shard: Hashable, Sendable {
    /// From 1.
    public var index: Int
    public var count: Int

    /// From `2/5`; nil for anything that names no part.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], AuditPart.counts.contains(count),
            (1...count).contains(index)
        else { return nil }
        self.index = index
        self.count = count
    }

    /// Every `count`-th handler of the cells by name: the same on every machine, whatever else the tree holds.
    func handlers(of cells: [TableCell]) -> Set<String> {
        let handlers = Set(cells.map(\.entry.handler)).sorted()
        return Set(handlers.enumerated().filter { $0.offset % count == index - 1 }.map(\.element))
    }
}
