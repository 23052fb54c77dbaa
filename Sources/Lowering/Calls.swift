import ClangAST
import ProgramModel

extension FunctionLowering {
    func lowerCallValue(_ cursor: Cursor) -> ExpressionID {
        let location = place(of: cursor)
        if let builtin = Builtin(call: cursor, self), let value = lowerBuiltin(builtin, cursor) { return value }
        let type = types.lower(cursor.type)
        if case .record = type { return unsupported("struct where a scalar is wanted", cursor, type: type) }
        let result = lowerCall(cursor, returnType: type, isUsed: true)
        guard let result else { return builder.add(.anyValue(reason: "void"), type, location) }
        return load(result, location)
    }

    func lowerCallEffects(_ cursor: Cursor) {
        if let builtin = Builtin(call: cursor, self), lowerBuiltin(builtin, cursor) != nil { return }
        _ = lowerCall(cursor, returnType: types.lower(cursor.type), isUsed: false)
    }

    func placeOfCall(_ cursor: Cursor) -> Place {
        let type = types.lower(cursor.type)
        guard case .record = type, let result = lowerCall(cursor, returnType: type, isUsed: true) else {
            return unsupportedPlace("call as a place", cursor)
        }
        return result
    }

    private func lowerCall(_ cursor: Cursor, returnType: CType, isUsed: Bool) -> Place? {
        let children = cursor.children
        guard let calleeCursor = children.first else {
            malformed(cursor)
            return nil
        }
        let location = place(of: cursor)
        let function = functionDeclaration(calleeCursor)
        let (callee, arguments) = calleeAndArguments(cursor, calleeCursor, function, Array(children.dropFirst()))
        var result: Place?
        if isUsed, returnType != .void { result = place(builder.temporary(returnType, "call", location)) }
        let isNoReturn = function.map(session.isNoReturn) ?? session.isNoReturn(type: calleeCursor.type)
        builder.emit(
            .call(Call(
                callee: callee, arguments: arguments, result: result, returnType: returnType, isNoReturn: isNoReturn)),
            location)
        if isNoReturn {
            builder.terminate(.unreachable, location)
            builder.current = builder.newBlock()
        }
        return result
    }

    private func calleeAndArguments(
        _ cursor: Cursor, _ calleeCursor: Cursor, _ function: Cursor?, _ argumentCursors: [Cursor]
    ) -> (Callee, [Argument]) {
        let isScalar = argumentCursors.map { !isRecord($0) }
        // Scalars are read in order; structs are copied by the call itself.
        var values: [ExpressionID] = []
        var places: [Place] = []
        var marks: [FunctionBuilder.Mark] = []
        if function == nil {
            values.append(lower(value: calleeCursor))
            marks.append(builder.mark)
        }
        for (argument, scalar) in zip(argumentCursors, isScalar) {
            if scalar {
                values.append(lower(value: argument))
                marks.append(builder.mark)
            } else {
                places.append(lower(place: argument))
            }
        }
        for index in values.indices.reversed() { values[index] = builder.snapshot(values[index], at: marks[index]) }
        var remaining = values[...]
        var remainingPlaces = places[...]
        let callee: Callee
        if let function {
            callee = .direct(session.reference(toFunction: function, builtinPrefixDropped: true))
        } else {
            let pointer = remaining.popFirst() ?? values[0]
            callee = .indirect(pointer, type: builder[pointer].type.pointee ?? builder[pointer].type)
        }
        let arguments = isScalar.compactMap { scalar -> Argument? in
            scalar ? remaining.popFirst().map { .scalar($0) } : remainingPlaces.popFirst().map { .aggregate($0) }
        }
        return (callee, arguments)
    }

    private func isRecord(_ cursor: Cursor) -> Bool {
        if case .record = types.lower(cursor.type) { true } else { false }
    }
}

extension UnitSession {
    /// `__builtin_memcpy` is called as `memcpy`.
    func reference(toFunction cursor: Cursor, builtinPrefixDropped: Bool) -> FunctionReference {
        let name = cursor.spelling
        let prefix = "__builtin_"
        guard builtinPrefixDropped, name.hasPrefix(prefix) else { return reference(toFunction: cursor) }
        let plain = String(name.dropFirst(prefix.count))
        return declarations[plain].map { reference(toFunction: $0) } ?? FunctionReference(name: plain, unit: nil)
    }
}
