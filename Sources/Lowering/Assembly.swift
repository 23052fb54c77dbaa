import ClangAST
import ProgramModel

extension FunctionLowering {
    /// Inline assembly. What each operand is comes from its constraint as printed; where print and tree disagree, an operand
    /// that is not read is taken to be written, and all memory too.
    func lowerAssembly(_ cursor: Cursor) {
        let location = place(of: cursor)
        let operands = cursor.children.filter { $0.kind != .addrLabelExpr }
        guard let text = printed.assembly(cursor) else { return lowerOpaqueAssembly(cursor, operands) }
        let outputs = zip(text.outputs, operands).map { (constraint: $0, cursor: $1) }
        let inputs = zip(text.inputs, operands.dropFirst(text.outputs.count)).map { (constraint: $0, cursor: $1) }
        if text.isEmpty, text.labels.isEmpty, lowerHiddenValue(outputs, inputs, location) { return }
        var read = inputs.compactMap { assemblyInput($0.cursor) }
        var written = outputs.map { lower(place: $0.cursor) }
        for (output, target) in zip(outputs, written) where output.constraint.hasPrefix("+") {
            if target.type.scalarType != nil { read.append(load(target, place(of: output.cursor))) }
        }
        // The call comes first: it reads the registers that the statement changes.
        let called = AssemblyCall(text, outputs: outputs, inputs: inputs).flatMap { call in
            lower(call, location).map { (target: written.remove(at: call.result), value: $0.result, isAll: $0.takesAll) }
        }
        // What a call gets and changes, the function that is called does.
        let isCallOnly = called?.isAll ?? false
        if isCallOnly { read = [] }
        // An empty template executes nothing, whatever it tells the optimiser to forget.
        let clobbers = text.clobbersMemory && !text.isEmpty && !isCallOnly
        if !(text.isEmpty && outputs.isEmpty) {
            builder.emit(.assembly(outputs: written, inputs: read, clobbersMemory: clobbers), location)
        }
        if let called {
            let value = convert(load(called.value, location), to: called.target.type, isExplicit: true, location)
            builder.emit(.assign(called.target, value), location)
        }
        if text.isGoto { lowerAssemblyJumps(text, cursor) }
    }

    private func lowerAssemblyJumps(_ text: PrintedAssembly, _ cursor: Cursor) {
        let location = place(of: cursor)
        let next = builder.newBlock()
        var targets = [next]
        for name in text.labels {
            guard let label = printed.labels[name] ?? nil else { return malformed(cursor) }
            targets.append(block(ofLabel: label))
        }
        builder.terminate(.anyOf(targets), location)
        builder.current = next
    }

    private func lowerOpaqueAssembly(_ cursor: Cursor, _ operands: [Cursor]) {
        let location = place(of: cursor)
        // Whether it is an `asm goto` cannot be told then.
        guard printed.labels.isEmpty else {
            return builder.emit(.unsupported(kind: "asm in a function with labels"), location)
        }
        let written = operands.filter(isPlaceLike).map { lower(place: $0) }
        let read = operands.filter { !isPlaceLike($0) }.map { lower(value: $0) }
        builder.emit(.assembly(outputs: written, inputs: read, clobbersMemory: true), location)
    }

    /// What an input operand reads: a value, or the memory behind it.
    private func assemblyInput(_ cursor: Cursor) -> ExpressionID? {
        if types.lower(cursor.type).isAggregate {
            let target = lower(place: cursor)
            guard target.type.isAggregate else { return load(target, place(of: cursor)) }
            return builder.add(.addressOf(target), types.pointer(to: target.type), place(of: cursor))
        }
        if case .void = types.lower(cursor.type) { return nil }
        return lower(value: cursor)
    }

    /// `asm ( "" : "=r" (v) : "0" (e) )` is `v = e`, and `asm ( "" : "+r" (v) )` is nothing: Xen's RELOC_HIDE and
    /// OPTIMIZER_HIDE_VAR, through which all per-CPU accesses and bounds against speculation go.
    private func lowerHiddenValue(
        _ outputs: [(constraint: String, cursor: Cursor)], _ inputs: [(constraint: String, cursor: Cursor)],
        _ location: SourceLocation
    ) -> Bool {
        guard outputs.count == 1, let output = outputs.first else { return false }
        if inputs.isEmpty, output.constraint.hasPrefix("+") { return true }
        guard inputs.count == 1, let input = inputs.first, input.constraint == "0", output.constraint.hasPrefix("="),
            let from = types.lowerValue(input.cursor.type).scalarType, let to = types.lower(output.cursor.type).scalarType,
            from.width == to.width
        else { return false }
        let value = lower(value: input.cursor)
        let mark = builder.mark
        let target = lower(place: output.cursor)
        let stable = builder.snapshot(value, at: mark)
        builder.emit(.assign(target, convert(stable, to: target.type, isExplicit: true, location)), location)
        return true
    }
}
