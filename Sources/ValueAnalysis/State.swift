import HashTreeCollections
import IntegerDomain
import ProgramModel

/// A comparison between two terms that holds on the way to a point. Terms never change, so it holds from then on.
struct Relation: Hashable, Sendable, Comparable {
    /// `.lt`, `.le`, `.eq` or `.ne`; the others are turned around.
    var op: CompareOp
    var left: TermID
    var right: TermID

    static func < (a: Relation, b: Relation) -> Bool {
        (a.left, a.right, a.op.rawValue) < (b.left, b.right, b.op.rawValue)
    }
}

/// What is known at a program point. Copies are cheap.
struct State: Sendable {
    /// An object that is not here holds anything.
    var objects: TreeDictionary<ObjectID, ObjectContents> = [:]
    /// A symbol that is not here has any value of its format.
    var ranges: TreeDictionary<SymbolID, IntValue> = [:]
    /// Sorted.
    var relations: [Relation] = []
    /// What is remembered of the ways that met, oldest first.
    var alternatives: [Alternative] = []
    /// Locals whose address is in memory that code out of sight can read.
    var escaped: TreeSet<ObjectID> = []
    /// Locals where a cut value may be that is not seen (`Unfollowed.swift`).
    var unfollowed: TreeSet<ObjectID> = []
    /// Why nothing may be claimed of what is returned from here on; nil if all was understood.
    var taint: String?

    /// Entries at which the next collection of garbage is worth its while.
    var collectionThreshold = State.smallSize

    static let smallSize = 100

    /// Relations are for the few variables that matter: the newest ones push out the oldest names.
    static let maximumRelations = 24
}
