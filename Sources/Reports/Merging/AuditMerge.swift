import ValueAnalysis

/// What a merged map was made of.
public struct MergedConfigurations: Hashable, Sendable {
    public struct Configuration: Hashable, Sendable {
        public var label: String
        public var tree: AuditedTree
    }

    public var all: [Configuration]
    /// For each row of the map the labels of the configurations that have it.
    public var ofRows: [[String]]
}

/// Maps of parts, architectures and configurations as one.
public struct AuditMerge {
    private let documents: [AuditDocument]
    /// Position of a guest class in the rule pack, in which rows are ordered.
    private let guestOrder: (String) -> Int

    public init(documents: [AuditDocument], guestOrder: @escaping (String) -> Int) {
        self.documents = documents
        self.guestOrder = guestOrder
    }

    /// The whole map; nil in place of the configurations where there is only one.
    public func merged() throws(MergeError) -> (audit: Audit, configurations: MergedConfigurations?) {
        var labels: [String] = []
        for document in documents where !labels.contains(document.label) { labels.append(document.label) }
        var wholes: [(label: String, audit: Audit)] = []
        for label in labels {
            wholes.append((label, try whole(documents.filter { $0.label == label }, label: label)))
        }
        guard let first = wholes.first else { throw MergeError("nothing to merge") }
        guard wholes.allSatisfy({ $0.audit.convention == first.audit.convention }) else {
            throw MergeError("the maps do not agree on which results are errors: use one --convention for all")
        }
        return wholes.count == 1 ? (first.audit, nil) : across(wholes)
    }

    // MARK: Parts of one configuration

    private func whole(_ parts: [AuditDocument], label: String) throws(MergeError) -> Audit {
        let tree = parts[0].audit.tree
        guard parts.allSatisfy({ $0.audit.tree == tree }) else {
            throw MergeError("'\(DisplayText.escaped(label))' names maps of different trees: "
                + "give each configuration a name of its own with `audit --label`")
        }
        guard parts.allSatisfy({ $0.audit.convention == parts[0].audit.convention }) else {
            throw MergeError("the maps do not agree on which results are errors: use one --convention for all")
        }
        let numbered = parts.compactMap(\.part)
        if parts.count == 1 && numbered.isEmpty { return parts[0].audit }
        guard numbered.count == parts.count, let count = numbered.first?.count, numbered.allSatisfy({ $0.count == count })
        else {
            throw MergeError("'\(DisplayText.escaped(label))' has maps that are not parts of one run: "
                + "give each configuration a name of its own with `audit --label`")
        }
        guard AuditPart.counts.contains(count) else {
            throw MergeError("'\(DisplayText.escaped(label))' has maps that are parts of \(count): expected "
                + "\(AuditPart.counts.lowerBound) to \(AuditPart.counts.upperBound)")
        }
        let missing = Set(1...count).subtracting(numbered.map(\.index)).sorted()
        guard missing.isEmpty else {
            throw MergeError("'\(DisplayText.escaped(label))' is not complete: part "
                + missing.prefix(10).map { "\($0)/\(count)" }.joined(separator: ", ") + " is missing")
        }
        guard numbered.count == count else {
            throw MergeError("'\(DisplayText.escaped(label))' has the same part more than once")
        }
        guard zip(parts, numbered).allSatisfy({ $0.audit.rows.count == $1.positions.count }) else {
            throw MergeError("'\(DisplayText.escaped(label))' has a part whose rows are not all placed")
        }
        return joined(parts, tree: tree)
    }

    private func joined(_ parts: [AuditDocument], tree: AuditedTree) -> Audit {
        struct Name: Hashable {
            var function: String
            var file: String
        }
        var gaps: [Name: [String: Int]] = [:]
        for gap in parts.compactMap(\.part).flatMap(\.unsupported) {
            gaps[Name(function: gap.function, file: gap.file), default: [:]].merge(gap.kinds) { max($0, $1) }
        }
        // As one run orders them. A cell of the table belongs to one part, so its rows stay in order.
        let placed = parts.flatMap { zip($0.part?.positions ?? [], $0.audit.rows) }.enumerated()
        let rows = placed.sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
        return Audit(
            tree: tree, rows: rows, unsupported: AuditPart.total(Array(gaps.values)),
            parseErrors: Set(parts.flatMap(\.audit.parseErrors)).sorted(), convention: parts[0].audit.convention)
    }

    private func ordered(_ rows: [AuditRow]) -> [AuditRow] {
        rows.enumerated().sorted { one, other in
            let (a, b) = (one.element, other.element)
            return (a.hypercall, guestOrder(a.guest), one.offset) < (b.hypercall, guestOrder(b.guest), other.offset)
        }.map(\.element)
    }

    // MARK: Several configurations

    private func across(_ wholes: [(label: String, audit: Audit)]) -> (Audit, MergedConfigurations?) {
        var rows: [AuditRow] = []
        var labels: [AuditRow: [String]] = [:]
        for (label, audit) in wholes {
            for row in audit.rows {
                if labels[row] == nil { rows.append(row) }
                if labels[row]?.last != label { labels[row, default: []].append(label) }
            }
        }
        rows = ordered(rows)
        let trees = wholes.map(\.audit.tree)
        func common(_ value: (AuditedTree) -> String) -> String { unique(trees.map(value)).joined(separator: "+") }
        let revisions = unique(trees.map { $0.revision ?? "" })
        let tree = AuditedTree(
            version: common(\.version), architecture: common(\.architecture),
            revision: revisions.count == 1 ? trees[0].revision : nil)
        let audit = Audit(
            tree: tree, rows: rows,
            // The same function is not the same code in another configuration.
            unsupported: AuditPart.total(wholes.map(\.audit.unsupported)),
            parseErrors: Set(wholes.flatMap(\.audit.parseErrors)).sorted(), convention: wholes[0].audit.convention)
        return (audit, MergedConfigurations(
            all: wholes.map { .init(label: $0.label, tree: $0.audit.tree) }, ofRows: rows.map { labels[$0] ?? [] }))
    }

    private func unique(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
