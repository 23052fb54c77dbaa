import ClangAST
import ProgramModel

/// Lowers one function's body. The extensions of this class follow the C grammar: statements, expressions, places, calls.
final class FunctionLowering {
    let session: UnitSession
    let function: Cursor
    var builder = FunctionBuilder()
    var localOf: [Cursor.Identity: LocalID] = [:]
    var jumps = JumpTargets()
    /// Made on the first question, and only for functions that need it.
    lazy var printed = PrintedFunction(of: function)
    /// How deep in the tree the lowering is now.
    private var depth = 0
    private let returnType: CType

    init(session: UnitSession, function: Cursor) {
        self.session = session
        self.function = function
        returnType = session.types.lower(function.resultType)
    }

    var types: TypeLowering { session.types }
    func place(of cursor: Cursor) -> SourceLocation { session.place(of: cursor) }

    /// The function as a graph; nil if `function` has no body.
    func lower() -> Function? {
        guard let body = function.children.last, body.kind == .compoundStmt else { return nil }
        let location = session.place(of: function)
        let parameters = function.parameters.map { parameter in
            let local = builder.addLocal(Local(
                name: parameter.spelling, type: types.lowerValue(parameter.type), location: place(of: parameter),
                isParameter: true))
            localOf[parameter.identity] = local
            return local
        }
        lower(statement: body)
        builder.terminate(implicitReturn(location), session.place(body.extent(.file).end))
        let fallback = missingCode(location)
        let graph = FinishedGraph(builder, fallback: fallback)
        let reference = session.reference(toFunction: function)
        return Function(
            reference: reference, unit: session.unit, location: location, returnType: returnType,
            returnTypeSpelling: function.resultType.spelling, parameters: parameters,
            isVariadic: function.type.isVariadic, isNoReturn: session.isNoReturn(function),
            isInline: function.isInlineFunction || function.location(.expansion).file != session.recipe.path,
            locals: builder.locals, expressions: graph.expressions, blocks: graph.blocks, unsupported: graph.unsupported)
    }

    /// What the end of the body does.
    private func implicitReturn(_ location: SourceLocation) -> TerminatorKind {
        switch returnType {
        case .void: return .returnVoid
        case .record:
            let local = builder.temporary(returnType, "noreturnvalue", location)
            return .returnAggregate(Place(base: .local(local), type: returnType))
        default:
            // C defines it only for callers that do not look at the value.
            return .returnScalar(builder.add(.anyValue(reason: "end of function without return"), returnType, location))
        }
    }

    /// Ends a block whose code was not lowered: it must not look as if nothing happened there.
    private func missingCode(_ location: SourceLocation) -> Terminator {
        let block = builder.newBlock()
        builder.current = block
        builder.emit(.unsupported(kind: "code out of reach of the lowering"), location)
        builder.terminate(implicitReturn(location), location)
        return Terminator(kind: .jump(block), location: location)
    }

    // MARK: Nesting and what is not understood

    /// Runs `body` one level deeper, or `otherwise` where the nesting is beyond all reason.
    func nested<Result>(_ cursor: Cursor, _ body: () -> Result, otherwise: () -> Result) -> Result {
        guard depth < NestingLimit.depth else {
            builder.emit(.unsupported(kind: "nesting too deep"), place(of: cursor))
            return otherwise()
        }
        depth += 1
        defer { depth -= 1 }
        return body()
    }

    /// For constructs that are not understood, and so may have side effects: the instruction stops the analysis there.
    func unsupported(_ kind: String, _ cursor: Cursor, type: CType) -> ExpressionID {
        let location = place(of: cursor)
        builder.emit(.unsupported(kind: kind), location)
        return builder.add(.unsupported(kind: kind), type, location)
    }

    func unsupportedPlace(_ kind: String, _ cursor: Cursor) -> Place {
        let type = types.lower(cursor.type)
        let location = place(of: cursor)
        builder.emit(.unsupported(kind: kind), location)
        return Place(base: .local(builder.temporary(type, "unsupported", location)), type: type)
    }

    // MARK: Small makers of expressions

    func constant(_ bits: UInt64, _ type: CType, _ location: SourceLocation) -> ExpressionID {
        let normalized = type.scalarType.map { ConstantFolding.normalize(bits, to: $0) } ?? bits
        return builder.add(.constant(bits: normalized), type, location)
    }

    func constantBits(_ id: ExpressionID) -> UInt64? {
        if case .constant(let bits) = builder[id].kind { bits } else { nil }
    }

    func load(_ place: Place, _ location: SourceLocation) -> ExpressionID {
        builder.add(.load(place), place.type, location)
    }

    func place(_ local: LocalID) -> Place { Place(base: .local(local), type: builder[local].type) }

    /// Makes a temporary that holds `value` from here on.
    func hold(_ value: ExpressionID, _ hint: String) -> ExpressionID {
        let expression = builder[value]
        let target = place(builder.temporary(expression.type, hint, expression.location))
        builder.emit(.assign(target, value), expression.location)
        return load(target, expression.location)
    }

    /// Lowers operands from left to right; a value that a later operand's side effects could change is kept.
    func operands(_ cursors: [Cursor], _ lowerOne: (Cursor) -> ExpressionID) -> [ExpressionID] {
        var values: [ExpressionID] = []
        var marks: [FunctionBuilder.Mark] = []
        for cursor in cursors {
            values.append(lowerOne(cursor))
            marks.append(builder.mark)
        }
        for index in values.indices.dropLast().reversed() {
            values[index] = builder.snapshot(values[index], at: marks[index])
        }
        return values
    }
}

/// Where `break`, `continue`, `goto` and `case` go.
struct JumpTargets {
    struct OpenSwitch {
        var type: IntType
        var cases: [SwitchCase] = []
        var fallback: BlockID?
    }
    var breaks: [BlockID] = []
    var continues: [BlockID] = []
    var labels: [Cursor.Identity: BlockID] = [:]
    var switches: [OpenSwitch] = []
}
