import IntegerDomain
import ProgramModel

/// Where a place is in memory.
struct ResolvedPlace {
    enum Location {
        /// One of these; offsets in bits, nil: anywhere in the object.
        case targets([Pointees.Target])
        /// Some element: `low + k * stride` for `k` below `count` (nil: unbounded), in each object.
        case elements([Pointees.Target], stride: Int, first: Int, count: Int?)
        /// Anywhere outside the locals whose address was not given away.
        case unknown
    }
    var location: Location
    var tag: FieldTag?
    /// Bits of the scalar (or of the aggregate) accessed.
    var width: Int
    var fieldName: String?
    /// The record and field accessed last, for object roots and vouched bounds.
    var field: (record: String, name: String)?
    /// In a function that is summarised: what is read there comes from.
    var origins: ValueSources = []

    /// The objects that it is in; nil: unknown.
    var targets: [Pointees.Target]? {
        switch location {
        case .targets(let targets), .elements(let targets, _, _, _): targets
        case .unknown: nil
        }
    }
}

extension Engine {
    func resolve(_ place: Place, in state: inout State) throws -> ResolvedPlace {
        var resolved = ResolvedPlace(location: .unknown, tag: nil, width: bitWidth(of: place), fieldName: nil)
        var targets: [Pointees.Target]?
        switch place.base {
        case .local(let id):
            targets = [.init(object: object(of: id), offset: 0)]
            if frames.count == 1, !frame.isRoot, place.type.format != nil, !place.path.isEmpty,
                let index = function.parameters.firstIndex(of: id) { resolved.origins = .behind(index) }
        case .global(let reference): targets = [.init(object: names.object(.global(reference)), offset: 0)]
        case .string: targets = [.init(object: names.object(.string), offset: nil)]
        case .dereference(let pointer):
            let value = try evaluate(pointer, in: &state)
            targets = pointedTo(by: value, in: state)
            if case .targets = value.pointees {} else { resolved.origins = value.sources.behind }
        }
        var array: (stride: Int, first: Int, count: Int?)?
        for projection in place.path {
            switch projection {
            case .field(let record, let name, let offset, _):
                targets = targets.map { moved($0, byBits: offset) }
                resolved.tag = names.tag(record: record, name: name)
                resolved.fieldName = name
                resolved.field = (record, name)
            case .element(let index, let size, let count):
                let value = try evaluate(index, in: &state)
                let range = currentRange(of: value, in: state)
                if let exact = range.constantValue, let index = Int(exactly: exact), index.magnitude < 1 << 40 {
                    targets = targets.map { moved($0, byBits: index * size * 8) }
                } else if array == nil, size > 0 {
                    let low = Int(clamping: Swift.max(range.min ?? 0, 0))
                    let high = Swift.min(Int(clamping: range.max ?? 0), (count ?? Int.max) - 1)
                    array = (size * 8, low, count == nil && high > 1 << 20 ? nil : Swift.max(0, high - low + 1))
                } else {
                    targets = targets?.map { .init(object: $0.object, offset: nil) }
                    array = nil
                }
            }
        }
        if let targets {
            if let array {
                resolved.location = .elements(targets, stride: array.stride, first: array.first, count: array.count)
            } else {
                resolved.location = .targets(targets)
            }
        }
        return resolved
    }

    private func moved(_ targets: [Pointees.Target], byBits bits: Int) -> [Pointees.Target] {
        targets.map { target in
            .init(object: target.object, offset: target.offset.flatMap { offset in
                let (sum, overflow) = offset.addingReportingOverflow(bits)
                return overflow ? nil : sum
            })
        }
    }

    func object(of local: LocalID) -> ObjectID { names.object(.local(frame.context, local)) }

    func bitWidth(of place: Place) -> Int {
        if case .field(_, _, _, .some(let bits)) = place.path.last { return bits }
        return bitWidth(of: place.type)
    }

    func bitWidth(of type: CType) -> Int {
        switch type {
        case .integer(let type): return type.byteSize * 8
        case .pointer(_, let width): return width
        case .record(let name): return (layout(name)?.byteSize ?? 0) * 8
        case .array(let element, let count): return bitWidth(of: element) * (count ?? 0)
        case .opaque(_, let byteSize): return byteSize * 8
        case .void, .function: return 0
        }
    }

    func layout(_ record: String) -> RecordLayout? { program.layout(ofRecord: record, unit: function.unit) }

    /// The objects behind a pointer; nil where nothing is known of it.
    func pointedTo(by pointer: Value, in state: State) -> [Pointees.Target]? {
        if case .targets(let targets) = pointer.pointees { return targets }
        guard case .unknown = pointer.pointees else { return absolute(pointer) }
        return absolute(pointer)
    }

    /// The object that a pointer of unknown origin names: its term without a constant offset.
    private func absolute(_ pointer: Value) -> [Pointees.Target]? {
        guard let term = pointer.term else { return nil }
        let entry = terms[term]
        if case .binary(.add, let base, let step) = entry.node, case .constant(let bytes) = terms[step].node {
            let signed = bytes >= Int128(1) << Int128(entry.format.width - 1) ? bytes - (Int128(1) << Int128(entry.format.width)) : bytes
            if let offset = Int(exactly: signed), offset.magnitude < 1 << 40 {
                return [.init(object: names.object(.pointee(base)), offset: offset * 8)]
            }
        }
        if entry.symbols.isEmpty { return nil }
        return [.init(object: names.object(.pointee(term)), offset: 0)]
    }

    // MARK: Classes of objects

    /// Whether code out of sight, or a pointer of unknown origin, may get at an object.
    func isShared(_ object: ObjectID, in state: State) -> Bool {
        switch names[object] {
        case .global, .pointee, .root: true
        case .local: state.escaped.contains(object)
        case .function, .string, .result: false
        }
    }

    /// The bytes from where a pointer points to the end of its object, the most of all objects; nil: not known.
    func bytesAhead(of pointer: Value) -> Int? {
        guard case .targets(let targets) = pointer.pointees else { return nil }
        var most = 0
        for target in targets {
            let size: Int
            switch names[target.object] {
            case .local(let context, let local):
                guard let owner = frameOfContext[context] else { return nil }
                size = bitWidth(of: owner.function[local].type) / 8
            case .global(let reference):
                guard let definition = shared.global(reference, unit: function.unit, program) else { return nil }
                size = definition.byteSize
            default: return nil
            }
            guard size > 0 else { return nil }
            most = Swift.max(most, size - (target.offset ?? 0) / 8)
        }
        return most
    }
}
