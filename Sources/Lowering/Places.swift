import ClangAST
import ProgramModel

extension FunctionLowering {
    /// The object that an expression designates; a struct that is a value (of a call, say) is put into a temporary.
    func lower(place cursor: Cursor) -> Place {
        nested(cursor, { lowerPlace(cursor) }, otherwise: { unsupportedPlace("nesting too deep", cursor) })
    }

    private func lowerPlace(_ cursor: Cursor) -> Place {
        let children = cursor.children
        switch cursor.kind {
        case .parenExpr: if let inner = children.last { return lower(place: inner) }
        case .declRefExpr: return placeOfReference(cursor)
        case .memberRefExpr: return placeOfMember(cursor)
        case .arraySubscriptExpr: return placeOfSubscript(cursor, children)
        case .unaryOperator: return placeOfUnary(cursor, children)
        case .stringLiteral: return Place(base: .string, type: types.lower(cursor.type))
        case .compoundLiteralExpr: return placeOfCompoundLiteral(cursor, children)
        case .unexposedExpr: return placeOfUnexposed(cursor)
        case .genericSelectionExpr: if let chosen = GenericSelection.chosen(cursor) { return lower(place: chosen) }
        case .callExpr: return placeOfCall(cursor)
        case .conditionalOperator where children.count == 3: return placeOfConditional(cursor, children)
        case .stmtExpr: return placeOfStatementExpression(cursor)
        case .binaryOperator where children.count == 2:
            if cursor.binaryOperator == .comma {
                lower(effectsOf: children[0])
                return lower(place: children[1])
            }
            if cursor.binaryOperator == .assign { return placeOfAssignment(cursor, children) }
        case .cStyleCastExpr: return placeOfCast(cursor, children)
        default: break
        }
        return unsupportedPlace("place \(cursor.kind.name)", cursor)
    }

    /// Whether a node designates an object, so that a conversion of it reads that object.
    func isPlaceLike(_ cursor: Cursor) -> Bool {
        switch cursor.kind {
        case .declRefExpr: return cursor.referenced.kind == .varDecl || cursor.referenced.kind == .parmDecl
        case .memberRefExpr, .arraySubscriptExpr, .stringLiteral, .compoundLiteralExpr: return true
        case .unaryOperator:
            let op = cursor.unaryOperator
            if op == .extension, let inner = cursor.children.last { return isPlaceLike(inner) }
            return op == .dereference || op == .real || op == .imaginary
        case .parenExpr:
            guard let inner = cursor.children.last else { return false }
            return isPlaceLike(inner)
        case .genericSelectionExpr:
            guard let inner = GenericSelection.chosen(cursor) else { return false }
            return isPlaceLike(inner)
        case .unexposedExpr:
            if case .chosen(let inner) = Unexposed(cursor) { return isPlaceLike(inner) }
            return false
        default: return false
        }
    }

    private func placeOfReference(_ cursor: Cursor) -> Place {
        let declaration = cursor.referenced
        if let local = localOf[declaration.identity] { return place(local) }
        guard declaration.kind == .varDecl else {
            return unsupportedPlace("reference to \(declaration.kind.name)", cursor)
        }
        let type = types.lower(cursor.type)
        guard declaration.hasGlobalStorage else {
            // A `goto` or `switch` jumped over the declaration, or `typeof` names it: the object exists all the same.
            let local = builder.addLocal(
                Local(name: declaration.spelling, type: types.lower(declaration.type), location: place(of: declaration)))
            localOf[declaration.identity] = local
            return place(local)
        }
        return Place(base: .global(session.reference(toVariable: declaration)), type: type)
    }

    // MARK: Members and elements

    private func placeOfMember(_ cursor: Cursor) -> Place {
        let field = cursor.referenced
        guard field.kind == .fieldDecl, let base = cursor.children.last, base.isExpression else {
            return unsupportedPlace("member access", cursor)
        }
        var object: Place
        let recordType: ClangType
        if base.type.kind == .record {
            object = lower(place: base)
            recordType = base.type.canonical
        } else {
            // `p->f`, where `p` may be an array.
            let pointer = lower(value: base)
            recordType = (Unexposed.isArray(base.type) ? base.type.canonical.arrayElement : base.type.canonical.pointee).canonical
            object = dereference(pointer, types.lower(recordType))
        }
        guard recordType.kind == .record, let path = types.anonymousPath(from: recordType, to: field) else {
            return unsupportedPlace("member access", cursor)
        }
        var record = recordType
        for member in path + [field] {
            object = project(object, record, member)
            record = member.type.canonical
        }
        return object
    }

    /// The member of an object of type `record`.
    func project(_ object: Place, _ record: ClangType, _ field: Cursor) -> Place {
        var result = object
        result.path.append(.field(
            record: types.recordName(record.canonical), name: types.name(ofField: field),
            bitOffset: field.fieldBitOffset ?? 0, bitWidth: field.isBitField ? field.bitFieldWidth : nil))
        result.type = types.lower(field.type)
        return result
    }

    private func placeOfSubscript(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        guard children.count == 2 else { return unsupportedPlace("malformed subscript", cursor) }
        // `i[a]` is `a[i]`.
        let isReversed = types.lowerValue(children[0].type).integerType != nil
        let (array, subscriptCursor) = isReversed ? (children[1], children[0]) : (children[0], children[1])
        let type = types.lower(cursor.type)
        guard let size = byteSize(type) else { return unsupportedPlace("element of unknown size", cursor) }
        if let arrayPlace = placeOfDecayedArray(array) {
            let mark = builder.mark
            let index = lower(value: subscriptCursor)
            var target = snapshot(arrayPlace, at: mark)
            let count: Int? = if case .array(_, let count) = arrayPlace.type { count } else { nil }
            target.path.append(.element(index: index, elementSize: size, count: count))
            target.type = type
            return target
        }
        let values = operands([array, subscriptCursor]) { lower(value: $0) }
        if case .opaque(let name, _) = builder[values[0]].type { return unsupportedPlace("element of \(name)", cursor) }
        let pointer = constantBits(values[1]) == 0 ? values[0] : builder.add(
            .pointerAdd(pointer: values[0], index: values[1], elementSize: size, isSubtraction: false),
            builder[values[0]].type, place(of: cursor))
        return Place(base: .dereference(pointer), type: type)
    }

    /// The array object, if the node is an array turned into a pointer.
    private func placeOfDecayedArray(_ cursor: Cursor) -> Place? {
        var inner = cursor
        while inner.kind == .parenExpr, let child = inner.children.last { inner = child }
        guard inner.kind == .unexposedExpr, case .conversion(let operand) = Unexposed(inner),
            Unexposed.isArray(operand.type), !Unexposed.isArray(inner.type), isPlaceLike(operand)
        else { return nil }
        return lower(place: operand)
    }

    /// Keeps the values on the way to a place that later side effects could change.
    private func snapshot(_ target: Place, at mark: FunctionBuilder.Mark) -> Place {
        guard mark != builder.mark, !builder.isAddressStable(target) else { return target }
        return target.mapOperands { builder.snapshot($0, at: mark) }
    }

    private func placeOfUnary(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        guard let operand = children.last else { return unsupportedPlace("malformed operator", cursor) }
        switch cursor.unaryOperator {
        case .extension: return lower(place: operand)
        case .dereference:
            let type = types.lower(cursor.type)
            // `*array` is its first element, kept as such.
            if let array = placeOfDecayedArray(operand), let size = byteSize(type) {
                let count: Int? = if case .array(_, let count) = array.type { count } else { nil }
                var element = array
                element.path.append(
                    .element(index: constant(0, .integer(.int), place(of: cursor)), elementSize: size, count: count))
                element.type = type
                return element
            }
            return dereference(lower(value: operand), type)
        default: return unsupportedPlace("operator as a place", cursor)
        }
    }

    /// `*&x` is `x`.
    private func dereference(_ pointer: ExpressionID, _ type: CType) -> Place {
        if case .addressOf(let target) = builder[pointer].kind, target.type == type { return target }
        return Place(base: .dereference(pointer), type: type)
    }

    // MARK: Values of struct type

    private func placeOfUnexposed(_ cursor: Cursor) -> Place {
        switch Unexposed(cursor) {
        case .conversion(let operand):
            // Reading a struct: where it is copied to is for the caller to say.
            return lower(place: operand)
        case .chosen(let child): return lower(place: child)
        case .functionName: return Place(base: .string, type: types.lower(cursor.type))
        case .variadicArgument(let list):
            lower(effectsOf: list)
            return unknownTemporary(cursor)
        default: return unsupportedPlace("unexposed expression as a place", cursor)
        }
    }

    private func unknownTemporary(_ cursor: Cursor) -> Place {
        let local = builder.temporary(types.lower(cursor.type), "any", place(of: cursor))
        builder.emit(.declare(local), place(of: cursor))
        return place(local)
    }

    private func placeOfAssignment(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        let source = lower(place: children[1])
        let mark = builder.mark
        let target = lower(place: children[0])
        builder.emit(.copy(to: target, from: snapshot(source, at: mark)), place(of: cursor))
        return target
    }

    private func placeOfConditional(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        let location = place(of: cursor)
        let target = place(builder.temporary(types.lower(cursor.type), "cond", location))
        let (first, second, end) = (builder.newBlock(), builder.newBlock(), builder.newBlock())
        lower(condition: children[0], whenTrue: first, whenFalse: second)
        for (block, arm) in [(first, children[1]), (second, children[2])] {
            builder.current = block
            builder.emit(.copy(to: target, from: lower(place: arm)), place(of: arm))
            builder.terminate(.jump(end), location)
        }
        builder.current = end
        return target
    }

    private func placeOfStatementExpression(_ cursor: Cursor) -> Place {
        guard let last = lowerAllButLast(cursor), last.isExpression else {
            return unsupportedPlace("statement expression", cursor)
        }
        let target = place(builder.temporary(types.lower(cursor.type), "block", place(of: cursor)))
        builder.emit(.copy(to: target, from: lower(place: last)), place(of: cursor))
        return target
    }

    private func placeOfCompoundLiteral(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        let location = place(of: cursor)
        let type = types.lower(cursor.type)
        let local = builder.addLocal(Local(name: "literal$\(location.line)", type: type, location: location))
        builder.emit(.declare(local), location)
        let target = place(local)
        guard let initializer = children.last else { return unsupportedPlace("malformed literal", cursor) }
        if type.isAggregate {
            initialize(target, cursor.type, with: initializer)
        } else {
            builder.emit(.assign(target, lowerInitialValue(initializer, type)), location)
        }
        return target
    }

    /// A cast to the same struct does nothing; a cast to a union (GNU) sets the member of the operand's type.
    private func placeOfCast(_ cursor: Cursor, _ children: [Cursor]) -> Place {
        guard let operand = children.last, operand.isExpression else { return unsupportedPlace("malformed cast", cursor) }
        let type = cursor.type.canonical
        if types.lower(operand.type) == types.lower(type) { return lower(place: operand) }
        let wanted = types.lower(operand.type)
        guard let field = type.fields.first(where: { types.lower($0.type) == wanted }) else {
            return unsupportedPlace("cast to a union", cursor)
        }
        let location = place(of: cursor)
        let target = place(builder.temporary(types.lower(type), "union", location))
        builder.emit(.declare(builder.lastLocal), location)
        let member = project(target, type, field)
        if wanted.isAggregate {
            builder.emit(.copy(to: member, from: lower(place: operand)), location)
        } else {
            builder.emit(.assign(member, lower(value: operand)), location)
        }
        return target
    }
}
