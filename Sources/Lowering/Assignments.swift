import ClangAST
import ProgramModel

extension FunctionLowering {
    /// `place = value`; gives the new value of the place if it is wanted.
    func lowerAssignment(_ cursor: Cursor, isUsed: Bool) -> ExpressionID? {
        let children = cursor.children
        guard children.count == 2 else { return nil }
        let location = place(of: cursor)
        // C leaves open which side comes first. The right one does here, as in clang.
        let value = lower(value: children[1])
        let mark = builder.mark
        let target = lower(place: children[0])
        let stable = builder.snapshot(value, at: mark)
        return store(stable, to: target, location, isUsed: isUsed)
    }

    /// Stores a value of the place's type and gives what the place holds then.
    func store(_ value: ExpressionID, to target: Place, _ location: SourceLocation, isUsed: Bool) -> ExpressionID? {
        let converted = convert(value, to: target.type, isExplicit: false, location)
        guard isUsed else {
            builder.emit(.assign(target, converted), location)
            return nil
        }
        if isPlain(target) {
            builder.emit(.assign(target, converted), location)
            return load(target, location)
        }
        // The way to the place may lead through what is overwritten, so it is not taken again.
        let kept = hold(converted, "assigned")
        builder.emit(.assign(target, kept), location)
        return cut(kept, toBitFieldOf: target, location)
    }

    private func isPlain(_ target: Place) -> Bool {
        switch target.base {
        case .local, .global: builder.isAddressStable(target)
        default: false
        }
    }

    /// What is left of a value after it was stored in a bit-field.
    private func cut(_ value: ExpressionID, toBitFieldOf target: Place, _ location: SourceLocation) -> ExpressionID {
        guard case .field(_, _, _, .some(let width)) = target.path.last, let type = target.type.integerType, width > 0,
            width < type.width, !type.isBool
        else { return value }
        let narrow = convert(
            value, to: .integer(IntType(width: width, isSigned: type.isSigned)), isExplicit: false, location)
        return convert(narrow, to: target.type, isExplicit: false, location)
    }

    // MARK: Compound assignment

    func lowerCompoundAssignment(_ cursor: Cursor, isUsed: Bool) -> ExpressionID? {
        let children = cursor.children
        guard children.count == 2, case .compound(let op) = cursor.binaryOperator else { return nil }
        let location = place(of: cursor)
        let right = lower(value: children[1])
        let mark = builder.mark
        let target = lower(place: children[0])
        let value = builder.snapshot(right, at: mark)
        let old = load(target, location)
        if target.type.isPointer {
            return store(pointerArithmetic(op, old, value, cursor), to: target, location, isUsed: isUsed)
        }
        guard target.type.integerType != nil, builder[value].type.integerType != nil else {
            let any = builder.add(.anyValue(reason: "arithmetic on an unfollowed type"), target.type, location)
            return store(any, to: target, location, isUsed: isUsed)
        }
        // clang converts the right side to the type that is computed in, and does not say so on the left; a shift is
        // computed in the promoted type of its left side.
        let isShift = op == .shiftLeft || op == .shiftRight
        let computation = isShift ? promoted(target) : builder[value].type
        let left = convert(old, to: computation, isExplicit: false, location)
        let result = combine(op, left, value, computation, cursor)
        return store(result, to: target, location, isUsed: isUsed)
    }

    /// The type after integer promotion; a bit-field counts with its own width.
    private func promoted(_ target: Place) -> CType {
        guard let type = target.type.integerType else { return target.type }
        var width = type.width
        if case .field(_, _, _, .some(let bits)) = target.path.last { width = bits }
        let fits = type.isSigned ? width <= IntType.int.width : width < IntType.int.width
        return fits && type.width <= IntType.int.width ? .integer(.int) : target.type
    }

    // MARK: ++ and --

    func lowerIncrement(_ cursor: Cursor, _ operand: Cursor, isUsed: Bool) -> ExpressionID? {
        let location = place(of: cursor)
        let op = cursor.unaryOperator
        let isIncrement = op == .postIncrement || op == .preIncrement
        let isPost = op == .postIncrement || op == .postDecrement
        let target = lower(place: operand)
        var old = load(target, location)
        if isUsed, isPost { old = hold(old, "old") }
        let new = step(old, target, isIncrement: isIncrement, location)
            ?? unsupported("increment", cursor, type: target.type)
        let stored = store(new, to: target, location, isUsed: isUsed && !isPost)
        return isUsed && isPost ? old : stored
    }

    private func step(
        _ old: ExpressionID, _ target: Place, isIncrement: Bool, _ location: SourceLocation
    ) -> ExpressionID? {
        if let pointee = target.type.pointee {
            guard let size = byteSize(pointee) else { return nil }
            let one = constant(1, .integer(.int), location)
            return builder.add(
                .pointerAdd(pointer: old, index: one, elementSize: size, isSubtraction: !isIncrement), target.type,
                location)
        }
        guard target.type.integerType != nil else {
            return builder.add(.anyValue(reason: "arithmetic on an unfollowed type"), target.type, location)
        }
        let type = promoted(target)
        let value = convert(old, to: type, isExplicit: false, location)
        return builder.add(
            .binary(isIncrement ? .add : .subtract, value, constant(1, type, location)), type, location)
    }
}
