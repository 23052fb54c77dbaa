import ProgramModel

/// A call path: which call of which function, all the way up to the handler.
struct ContextID: Hashable, Sendable {
    var index: Int32
    static let root = ContextID(index: 0)
}

struct ObjectID: Hashable, Sendable, Comparable {
    var index: Int32

    func _rawHashValue(seed: Int) -> Int { DenseHash.value(index, seed) }
    func hash(into hasher: inout Hasher) { hasher.combine(index) }
    static func < (a: ObjectID, b: ObjectID) -> Bool { a.index < b.index }
}

/// A scalar's place in an object, in bits.
struct CellKey: Hashable, Sendable, Comparable {
    var offset: Int
    var width: Int

    var end: Int { offset + width }
    func overlaps(_ other: CellKey) -> Bool { offset < other.end && other.offset < end }
    func contains(_ other: CellKey) -> Bool { offset <= other.offset && other.end <= end }
    static func < (a: CellKey, b: CellKey) -> Bool { (a.offset, a.width) < (b.offset, b.width) }
}

/// A program point inside one context.
struct ProgramPoint: Hashable, Sendable {
    var context: ContextID
    var block: Int32
    var instruction: Int32
}

/// The identity of an object in memory.
enum ObjectKey: Hashable, Sendable {
    case local(ContextID, LocalID)
    case global(GlobalReference)
    /// What a pointer of unknown origin points to; the pointer's term is its name.
    case pointee(TermID)
    /// An object that guest facts speak of, by the path of pointer fields from its root.
    case root([String])
    case function(FunctionReference)
    case string
    /// The aggregate result of a call.
    case result(ContextID)
}

/// Why a symbol came to be. Equal keys are the same symbol, so that analysing a point again does not make new names.
enum SymbolKey: Hashable, Sendable {
    case parameter(ContextID, Int)
    /// A value made at a point (a call's result, an `asm` output); `part` tells several apart.
    case made(ProgramPoint, part: Int)
    /// First read of a cell of which nothing was known.
    case loaded(ProgramPoint, ObjectID, CellKey)
    /// Where paths meet with different values in a cell.
    case phi(ContextID, block: Int32, ObjectID, CellKey)
}

/// Interned names of one run.
final class Names {
    private struct ContextKey: Hashable {
        var parent: ContextID
        var block: Int32
        var instruction: Int32
        var function: FunctionReference
    }

    private var contextIDs: [ContextKey: ContextID] = [:]
    private(set) var contextCount: Int32 = 1
    private(set) var objects: [ObjectKey] = []
    private var objectIDs: [ObjectKey: ObjectID] = [:]
    private(set) var symbols: [SymbolKey] = []
    private var symbolIDs: [SymbolKey: SymbolID] = [:]
    private var tagIDs: [TagKey: FieldTag] = [:]
    private var tags: [TagKey] = []
    private struct TagKey: Hashable {
        var record: String
        var name: String
    }

    func tag(record: String, name: String) -> FieldTag {
        let key = TagKey(record: record, name: name)
        if let known = tagIDs[key] { return known }
        let tag = FieldTag(index: Int32(tags.count))
        tags.append(key)
        tagIDs[key] = tag
        return tag
    }

    func name(of tag: FieldTag) -> (record: String, name: String) {
        let key = tags[Int(tag.index)]
        return (key.record, key.name)
    }

    func context(calledFrom point: ProgramPoint, function: FunctionReference) -> ContextID {
        let key = ContextKey(
            parent: point.context, block: point.block, instruction: point.instruction, function: function)
        if let known = contextIDs[key] { return known }
        let id = ContextID(index: contextCount)
        contextCount += 1
        contextIDs[key] = id
        return id
    }

    func object(_ key: ObjectKey) -> ObjectID {
        if let known = objectIDs[key] { return known }
        let id = ObjectID(index: Int32(objects.count))
        objects.append(key)
        objectIDs[key] = id
        return id
    }

    /// The symbol of a key, and whether it stood for some value before.
    func symbol(_ key: SymbolKey) -> (id: SymbolID, isOld: Bool) {
        if let known = symbolIDs[key] { return (known, true) }
        let id = SymbolID(index: Int32(symbols.count))
        symbols.append(key)
        symbolIDs[key] = id
        return (id, false)
    }

    subscript(id: ObjectID) -> ObjectKey { objects[Int(id.index)] }
    subscript(id: SymbolID) -> SymbolKey { symbols[Int(id.index)] }
}
