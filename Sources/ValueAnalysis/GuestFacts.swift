import IntegerDomain
import ProgramModel

/// What is known of the objects that a guest class's facts speak of, by their place in memory.
struct GuestFacts: Sendable, Hashable {
    enum Known: Sendable, Hashable {
        /// A pointer to the object of this path.
        case pointer(to: [String])
        /// Inclusive bounds.
        case bounds(Int64, Int64)
    }

    private var known: [[String]: [CellKey: Known]] = [:]
    /// Root by access.
    private var roots: [ObjectRoot.Access: String] = [:]

    static let none = GuestFacts()

    private init() {}

    /// - Parameter hasFacts: whether the guest's facts hold, as they do in the hypercall's own context only.
    init(models: AnalysisModels, guest: GuestClass?, hasFacts: Bool, program: any ProgramSource, unit: String) {
        for root in models.roots {
            for access in root.accesses { roots[access] = root.name }
        }
        guard hasFacts, let guest else { return }
        let own = guest.facts.map { (path: ObjectPath(root: $0.root, fields: $0.path), known: Known.bounds($0.minimum, $0.maximum)) }
        let others = models.paths.map { (path: $0, known: Known?.none) }
        for (path, known) in others + own {
            guard let root = models.roots.first(where: { $0.name == path.root }) else { continue }
            add(path.fields, known, root: root, program: program, unit: unit)
        }
    }

    /// A path that does not exist in the tree says nothing.
    private mutating func add(
        _ path: [String], _ value: Known?, root: ObjectRoot, program: any ProgramSource, unit: String
    ) {
        var object = [root.name]
        var record = root.record
        var offset = 0
        var found: [([String], CellKey, Known)] = []
        for (position, name) in path.enumerated() {
            guard let field = Self.field(name, in: record, program: program, unit: unit, depth: 0) else { return }
            offset += field.bitOffset
            let isLast = position == path.count - 1
            let width = field.bitWidth ?? (field.type.integerType?.byteSize).map { $0 * 8 } ?? field.type.scalarType?.width
            if isLast {
                guard let width else { return }
                if let value { found.append((object, CellKey(offset: offset, width: width), value)) }
            } else if case .pointer(let pointee, let width) = field.type {
                guard let next = pointee.recordName else { return }
                let target = object + Array(path[...position].suffix(position + 2 - object.count))
                found.append((object, CellKey(offset: offset, width: width), .pointer(to: target)))
                object = target
                record = next
                offset = 0
            } else if let next = field.type.recordName {
                record = next
            } else {
                return
            }
        }
        for (object, key, value) in found { known[object, default: [:]][key] = value }
    }

    private static func field(
        _ name: String, in record: String, program: any ProgramSource, unit: String, depth: Int
    ) -> RecordLayout.Field? {
        guard depth < 8, let layout = program.layout(ofRecord: record, unit: unit) else { return nil }
        if let field = layout.fields.first(where: { $0.name == name }) { return field }
        // Members of anonymous members are members of the record (C11 6.7.2.1p13).
        for field in layout.fields where field.name.isEmpty {
            guard let inner = field.type.recordName,
                var found = Self.field(name, in: inner, program: program, unit: unit, depth: depth + 1)
            else { continue }
            found.bitOffset += field.bitOffset
            return found
        }
        return nil
    }

    func root(ofField record: String, _ name: String) -> String? { roots[.field(record: record, name: name)] }
    func root(ofGlobal name: String) -> String? { roots[.global(name)] }
    func root(ofResult function: String) -> String? { roots[.result(function: function)] }
    func lookup(_ place: FactPlace) -> Known? { known[place.object]?[place.key] }

    /// Whether these facts would have given the same answers: then whatever was found out with others holds with them too.
    func agree(with answers: FactAnswers) -> Bool { answers.allSatisfy { lookup($0.key) == $0.value } }
}

/// A place that facts may speak of.
struct FactPlace: Hashable, Sendable {
    var object: [String]
    var key: CellKey
}

/// What a run was told about the places that it read; nil: nothing was known.
typealias FactAnswers = [FactPlace: GuestFacts.Known?]
