import ClangAST

/// What only the printed form of a function shows: which clauses a `for` has, and the constraints of an `asm`.
///
/// libclang's tree leaves both out, and source tokens do not help where macros made the code. clang prints the function back
/// with macros expanded; the n-th `for` or `asm` of the text is the n-th of the tree. Every answer is checked against the
/// node's number of children, and there is none when text and tree disagree.
struct PrintedFunction {
    /// Which of the three clauses are there.
    struct ForClauses: Equatable {
        var hasInit: Bool
        var hasCondition: Bool
        var hasIncrement: Bool
        var count: Int { (hasInit ? 1 : 0) + (hasCondition ? 1 : 0) + (hasIncrement ? 1 : 0) }
    }

    private var loops: [Cursor.Identity: ForClauses] = [:]
    private var assemblies: [Cursor.Identity: PrintedAssembly] = [:]
    /// Labels by name; nil where two have the same (GNU's `__label__`).
    private(set) var labels: [String: Cursor?] = [:]
    /// Labels whose address is taken, in order.
    private(set) var addressTaken: [Cursor] = []

    init(of function: Cursor) {
        var scan = Scan()
        scan.visit(function)
        for label in scan.labels {
            labels[label.spelling] = labels[label.spelling] == nil ? .some(label) : .some(nil)
        }
        addressTaken = scan.addressTaken
        guard !(scan.loops.isEmpty && scan.assemblies.isEmpty), !scan.isTooDeep else { return }
        var parser = PrintedCodeParser(function.prettyPrinted)
        parser.parse()
        pair(scan, parser)
    }

    private mutating func pair(_ scan: Scan, _ parser: PrintedCodeParser) {
        if scan.loops.count == parser.loops.count {
            let pairs = zip(scan.loops, parser.loops)
            if pairs.allSatisfy({ $0.clauses == $1.count }) {
                for (node, clauses) in pairs { loops[node.cursor.identity] = clauses }
            }
        }
        if scan.assemblies.count == parser.assemblies.count {
            let pairs = zip(scan.assemblies, parser.assemblies)
            if pairs.allSatisfy({ $0.operands == $1.outputs.count + $1.inputs.count }) {
                for (node, assembly) in pairs { assemblies[node.cursor.identity] = assembly }
            }
        }
    }

    func clauses(of loop: Cursor) -> ForClauses? { loops[loop.identity] }
    func assembly(_ statement: Cursor) -> PrintedAssembly? { assemblies[statement.identity] }

    /// The nodes of the tree in the order of the text.
    private struct Scan {
        var loops: [(cursor: Cursor, clauses: Int)] = []
        var assemblies: [(cursor: Cursor, operands: Int)] = []
        var labels: [Cursor] = []
        var addressTaken: [Cursor] = []
        var isTooDeep = false

        mutating func visit(_ root: Cursor) {
            var pending = [(root, 0)]
            while let (cursor, depth) = pending.popLast() {
                guard depth < NestingLimit.depth else {
                    isTooDeep = true
                    continue
                }
                let children = cursor.children
                note(cursor, children)
                for child in Self.printed(children, of: cursor).reversed() where !child.isReference {
                    pending.append((child, depth + 1))
                }
            }
        }

        private mutating func note(_ cursor: Cursor, _ children: [Cursor]) {
            switch cursor.kind {
            case .forStmt: loops.append((cursor, children.count - 1))
            case .gccAsmStmt: assemblies.append((cursor, children.filter { $0.kind != .addrLabelExpr }.count))
            case .labelStmt: labels.append(cursor)
            case .addrLabelExpr:
                if let label = children.first?.referenced, !addressTaken.contains(where: { $0.identity == label.identity }) {
                    addressTaken.append(label)
                }
            default: break
            }
        }

        /// `a ?: b` has `a` three times among its children and once in the text.
        private static func printed(_ children: [Cursor], of cursor: Cursor) -> [Cursor] {
            if cursor.kind == .unexposedExpr, children.count == 4, children[0].identity == children[1].identity {
                return [children[0], children[3]]
            }
            return children
        }
    }
}

/// An `asm` statement as printed.
struct PrintedAssembly: Equatable {
    var template: String
    var outputs: [String]
    var inputs: [String]
    var clobbers: [String]
    /// Labels of an `asm goto`.
    var labels: [String]
    var isGoto: Bool
    var clobbersMemory: Bool { clobbers.contains("memory") }
    /// Nothing is executed: such statements only hide a value from the compiler's optimiser.
    var isEmpty: Bool { template.utf8.allSatisfy { $0 == UInt8(ascii: " ") } }
}
