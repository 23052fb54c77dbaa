import ProgramModel

/// `__builtin_add_overflow()` and its kin (GCC manual, "Built-in Functions to Perform Arithmetic with Overflow Checking"): the
/// result of infinite precision is cut to the type behind the last argument; the value tells whether that lost anything.
extension FunctionLowering {
    func lowerOverflow(_ builtin: Builtin, _ type: CType, _ location: SourceLocation) -> ExpressionID? {
        guard builtin.arguments.count == 3 else { return nil }
        let values = operands(builtin.arguments) { lower(value: $0) }
        let any = builder.add(.anyValue(reason: builtin.name), .integer(.bool), location)
        // gcc's `_p` variants only ask.
        if builtin.name.hasSuffix("_p") { return hold(convert(any, to: type, isExplicit: false, location), "overflow") }
        guard let pointee = builder[values[2]].type.pointee else { return nil }
        let target: Place
        if case .addressOf(let direct) = builder[values[2]].kind, direct.type == pointee {
            target = direct
        } else {
            target = Place(base: .dereference(values[2]), type: pointee)
        }
        guard let sum = wideResult(builtin, values[0], values[1], location), case .integer(let kept) = pointee else {
            builder.emit(.assign(target, builder.add(.anyValue(reason: builtin.name), pointee, location)), location)
            return hold(convert(any, to: type, isExplicit: false, location), "overflow")
        }
        let wide = hold(sum.value, "wide")
        let cut = convert(wide, to: pointee, isExplicit: false, location)
        builder.emit(.assign(target, cut), location)
        let back = convert(cut, to: builder[wide].type, isExplicit: false, location)
        let isCut = builder.add(.compare(.notEqual, wide, back), .integer(.int), location)
        let isTold = sum.isExact && kept.width < 64
        // Held, so that it has a name: where neither is the case, both are known.
        let truth = isTold ? isCut
            : builder.add(
                .binary(.or, isCut, convert(hold(any, "more"), to: .integer(.int), isExplicit: false, location)),
                .integer(.int), location)
        return hold(convert(truth, to: type, isExplicit: false, location), "overflow")
    }

    /// The result modulo 2^64, and whether 64 bits always hold it.
    private func wideResult(
        _ builtin: Builtin, _ a: ExpressionID, _ b: ExpressionID, _ location: SourceLocation
    ) -> (value: ExpressionID, isExact: Bool)? {
        let families: [(String, BinaryOperator)] = [("add", .add), ("sub", .subtract), ("mul", .multiply)]
        guard let (_, operation) = families.first(where: { builtin.name.contains($0.0) }),
            let left = builder[a].type.integerType, let right = builder[b].type.integerType
        else { return nil }
        let areUnsigned = !left.isSigned && !right.isSigned
        let isWide = left.width > 32 || right.width > 32
        let hasWideUnsigned = [left, right].contains { !$0.isSigned && $0.width > 32 }
        let isSigned = !(hasWideUnsigned || operation == .multiply && areUnsigned)
        let format = CType.integer(IntType(width: 64, isSigned: isSigned))
        let value = builder.add(
            .binary(
                operation, convert(a, to: format, isExplicit: false, location),
                convert(b, to: format, isExplicit: false, location)), format, location)
        return (value, !isWide)
    }
}
