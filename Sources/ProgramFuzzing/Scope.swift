/// Something that can be read and, unless it is constant, written: text with gaps for indices.
struct CPlace: Sendable {
    var type: ScalarType
    var text: String
    /// For each gap, the number of elements (a power of two).
    var counts: [Int] = []
    var isBitField = false
}

/// What the code at a point of the program can name.
struct Scope {
    /// Scalars that statements may write.
    var places: [CPlace] = []
    /// Scalars to read only: loop counters, constants.
    var readable: [CPlace] = []
    /// Scalars that nothing changes during an expression, whatever it calls.
    var stable: [CPlace] = []
    /// Scalars that expressions change in passing (`x++` inside a larger one); statements leave them alone.
    var counters: [CPlace] = []
    /// Structs that may be written: text of the object and number of its type.
    var records: [(text: String, type: Int)] = []
    /// Pointers to scalars with what each may be set to.
    var pointers: [(name: String, type: ScalarType, targets: [String])] = []
    var recordPointers: [(name: String, type: Int, targets: [String])] = []
    /// Pointers into an array: `name` within `array` of `count` elements.
    var cursors: [(name: String, array: String, type: ScalarType, count: Int)] = []
    var arrays: [(text: String, type: ScalarType, count: Int)] = []
    /// Labels that a `goto` may name, innermost last.
    var labels: [String] = []
    var isInLoop = false
    var canBreak = false
    /// How often a statement here runs at most for each call of the function.
    var repetitions = 1
    var depth = 0
    /// Inside a statement expression no jump leaves.
    var allowsJumps = true
}
