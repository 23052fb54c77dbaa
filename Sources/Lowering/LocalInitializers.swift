import ClangAST
import ProgramModel

extension FunctionLowering {
    /// The initial value of a scalar, which may stand in braces.
    func lowerInitialValue(_ initializer: Cursor, _ type: CType) -> ExpressionID {
        convert(lower(value: initializer), to: type, isExplicit: false, place(of: initializer))
    }

    /// Initialises a struct, union or array with a list, a string or an expression of its type.
    func initialize(_ target: Place, _ type: ClangType, with initializer: Cursor) {
        let location = place(of: initializer)
        // A range designator sets many elements to a value that is computed once.
        var values: [Cursor.Identity: ExpressionID] = [:]
        var sources: [Cursor.Identity: Place] = [:]
        var walk = InitializerWalk { [self] event in
            switch event {
            case .zero(let part): builder.emit(.zero(place(of: part, in: target, location)), location)
            case .scalar(let part, let cursor):
                let member = place(of: part, in: target, location)
                let value = values[cursor.identity] ?? convert(
                    lower(value: cursor), to: member.type, isExplicit: false, place(of: cursor))
                values[cursor.identity] = value
                builder.emit(.assign(member, value), place(of: cursor))
            case .aggregate(let part, let cursor):
                let source = sources[cursor.identity] ?? lower(place: cursor)
                sources[cursor.identity] = source
                builder.emit(.copy(to: place(of: part, in: target, location), from: source), place(of: cursor))
            case .string(let part):
                let member = place(of: part, in: target, location)
                builder.emit(.copy(to: member, from: Place(base: .string, type: member.type)), location)
            case .unsupported(let kind, let cursor):
                builder.emit(.unsupported(kind: kind), place(of: cursor))
            }
        }
        walk.walk(type, initializer)
    }

    private func place(of part: Subobject, in target: Place, _ location: SourceLocation) -> Place {
        var result = target
        for step in part.path {
            switch step {
            case .field(let record, let field): result = project(result, record, field)
            case .element(let index, let size, let count):
                let element: CType = if case .array(let element, _) = result.type { element } else { .void }
                let position = constant(UInt64(index), .integer(.int), location)
                result.path.append(.element(index: position, elementSize: size, count: count))
                result.type = element
            }
        }
        return result
    }
}
