/// A function that later ones may call.
struct CallableFunction {
    enum Parameter: Equatable {
        case scalar(ScalarType)
        /// `type *` to write to.
        case out(ScalarType)
        /// `struct *`
        case recordPointer(Int)
        /// A struct by value.
        case record(Int)
    }
    enum Result: Equatable {
        case scalar(ScalarType)
        case record(Int)
    }
    var name: String
    var parameters: [Parameter]
    var result: Result
    /// Statements that a call executes, roughly.
    var cost: Int
    /// Adds a last argument that bounds the recursion.
    var isRecursive = false
    /// Is called through a table of functions: text to put before the arguments, `$0` is the index.
    var tableCount: Int?
}
