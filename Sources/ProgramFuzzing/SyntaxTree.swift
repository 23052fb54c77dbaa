/// An expression as text with gaps: `$0`, `$1` ... stand for operands, `#0`, `#1` ... for blocks.
///
/// Whatever makes an expression defined (the mask of a shift's count, the guard of a division) is part of the text, so that
/// a shrinker may replace any operand by another value of its type without making the program undefined.
public struct CExpression: Sendable, Hashable {
    /// The exact C type of the value.
    public var type: ScalarType
    public var text: String
    public var operands: [CExpression]
    public var blocks: [CBlock]
    public var isLiteral: Bool

    init(_ type: ScalarType, _ text: String, _ operands: [CExpression] = [], blocks: [CBlock] = [], isLiteral: Bool = false) {
        self.type = type
        self.text = text
        self.operands = operands
        self.blocks = blocks
        self.isLiteral = isLiteral
    }
}

/// A statement, in the same way. Declarations stand at the beginning of a block only, so that no `goto` jumps over one.
public struct CStatement: Sendable, Hashable {
    public var text: String
    public var operands: [CExpression]
    public var blocks: [CBlock]
    /// Whether the program stays defined without it.
    public var isRemovable: Bool

    init(_ text: String, _ operands: [CExpression] = [], blocks: [CBlock] = [], isRemovable: Bool = true) {
        self.text = text
        self.operands = operands
        self.blocks = blocks
        self.isRemovable = isRemovable
    }
}

public struct CBlock: Sendable, Hashable {
    public var statements: [CStatement]
    init(_ statements: [CStatement] = []) { self.statements = statements }
}

public struct CFunction: Sendable, Hashable {
    public var name: String
    public var header: String
    public var body: CBlock
    /// Text after the function, at file scope.
    public var trailer = ""
}

/// A sub-operation: the label's name and the commands that select it.
public struct OperationLabel: Sendable, Hashable {
    public var name: String
    public var low: UInt64
    public var high: UInt64
}

/// A whole program. Names at file scope begin with `@`, which becomes the prefix when it is written out.
public struct GeneratedProgram: Sendable, Hashable {
    public var seed: UInt64
    public var model: DataModel
    /// Types, macros, variables.
    public var declarations: [CStatement] = []
    public var functions: [CFunction] = []
    /// Sets all variables to their initial values, for the next run: the body of `reset`.
    public var resets: [String] = []
    /// Types of the entry function's parameters; the first is the command.
    public var parameters: [ScalarType] = []
    public var labels: [OperationLabel] = []
    /// `(command >> shift) & mask` is what the labels are compared with.
    public var commandShift = 0
    public var commandMask: UInt64 = 0xFFFF_FFFF
    /// Arguments to try before any others.
    public var knownArguments: [[UInt64]] = []
    /// Calls inside one another that an analysis may follow, where the program is about what stands in for deeper ones.
    public var callDepth: Int?

    public static let entry = "handler"
    public static let reset = "reset"

    /// A program written by hand, which defines `@handler` with these parameters.
    public static func written(_ text: String, parameters: [ScalarType], model: DataModel = .lp64) -> GeneratedProgram {
        var program = GeneratedProgram(seed: 0, model: model)
        program.declarations = [CStatement("static unsigned long @trace;"), CStatement(text, isRemovable: false)]
        program.parameters = parameters
        return program
    }

    /// The sub-operation that a command selects; nil for none.
    public func label(forCommand command: UInt64) -> OperationLabel? {
        let operation = ((command & 0xFFFF_FFFF) >> UInt64(commandShift)) & commandMask
        return labels.first { $0.low <= operation && operation <= $0.high }
    }

    /// The C text; `prefix` keeps the names of several programs in one file apart.
    public func source(prefix: String = "") -> String {
        var lines = declarations.map { SourceWriter.text($0, indent: 0) }
        for function in functions {
            lines.append("\(function.header)\n{\n\(SourceWriter.text(function.body, indent: 1))}\n\(function.trailer)")
        }
        if lines.contains(where: { $0.contains("void @\(Self.reset)(void)") }) {
            return lines.joined(separator: "\n").replacing("@", with: prefix) + "\n"
        }
        lines.append("void @\(Self.reset)(void)\n{\n\(resets.map { "    \($0)\n" }.joined())    @trace = 0;\n}")
        return lines.joined(separator: "\n").replacing("@", with: prefix) + "\n"
    }

    /// The text that is this program's alone.
    public var ownText: String {
        let own = declarations.filter { !Prelude.contains($0.text) }.map { SourceWriter.text($0, indent: 0) }
        return (own + functions.map { SourceWriter.text($0.body, indent: 0) }).joined(separator: "\n")
    }

    /// The number of nodes, to compare sizes.
    public var size: Int {
        functions.reduce(0) { $0 + SourceWriter.count($1.body) } + declarations.reduce(0) { $0 + SourceWriter.count($1) }
    }
}

/// Fills the gaps.
enum SourceWriter {
    static func text(_ expression: CExpression) -> String {
        fill(expression.text, expression.operands, expression.blocks, indent: 1)
    }

    static func text(_ statement: CStatement, indent: Int) -> String {
        String(repeating: "    ", count: indent) + fill(statement.text, statement.operands, statement.blocks, indent: indent)
    }

    static func text(_ block: CBlock, indent: Int) -> String {
        block.statements.map { text($0, indent: indent) + "\n" }.joined()
    }

    private static func fill(_ text: String, _ operands: [CExpression], _ blocks: [CBlock], indent: Int) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(where: { $0 == "$" || $0 == "#" }) {
            let digits = rest[rest.index(after: mark)...].prefix(while: \.isNumber)
            result += rest[..<mark]
            if let number = Int(digits) {
                result += rest[mark] == "$"
                    ? self.text(operands[number])
                    : "{\n\(self.text(blocks[number], indent: indent + 1))\(String(repeating: "    ", count: indent))}"
            } else {
                result += String(rest[mark])
            }
            rest = rest[digits.endIndex...]
        }
        return result + rest
    }

    static func count(_ expression: CExpression) -> Int {
        1 + expression.operands.reduce(0) { $0 + count($1) } + expression.blocks.reduce(0) { $0 + count($1) }
    }

    static func count(_ statement: CStatement) -> Int {
        1 + statement.operands.reduce(0) { $0 + count($1) } + statement.blocks.reduce(0) { $0 + count($1) }
    }

    static func count(_ block: CBlock) -> Int { block.statements.reduce(0) { $0 + count($1) } }
}
