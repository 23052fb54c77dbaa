import ClangAST
import ProgramModel

/// A call that inline assembly makes through a pointer to a function, one of its operands: what x86 kernels patch into
/// direct calls at boot. Registers are those of the x86-64 psABI, section 3.2.3.
struct AssemblyCall {
    typealias Operand = (constraint: String, cursor: Cursor)

    /// The pointer.
    var callee: Cursor
    /// Places of the variables that stand for the registers of the arguments.
    var arguments: [Cursor]
    /// The output that the callee's result goes to, as an index.
    var result: Int

    private static let registers = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"]

    /// nil: no such call, or more than that.
    init?(_ text: PrintedAssembly, outputs: [Operand], inputs: [Operand]) {
        guard Self.onlyCalls(text.template), !text.isGoto,
            let result = outputs.firstIndex(where: { $0.constraint == "=a" || $0.constraint == "=&a" })
        else { return nil }
        let callees = inputs.filter { Self.isFunctionPointer($0.cursor.type) }
        guard callees.count == 1 else { return nil }
        callee = callees[0].cursor
        self.result = result
        let passed = outputs.filter { $0.constraint.hasPrefix("+") }.map(\.cursor) + inputs.map(\.cursor)
        arguments = []
        for register in Self.registers {
            guard let operand = passed.first(where: { Self.register(of: $0) == register }) else { break }
            arguments.append(operand)
        }
    }

    /// Whether the only instruction of a template, as printed, is `call`: beside it there may be labels, comments of the
    /// assembler, directives, what these put into other sections, and padding.
    static func onlyCalls(_ template: String) -> Bool {
        var isFound = false
        let lines = template.replacing("\\n", with: "\n").replacing("\\t", with: " ").split { $0 == "\n" || $0 == ";" }
        for line in lines {
            var words = line.split(separator: " ")[...]
            while let label = words.first, label.hasSuffix(":") { words.removeFirst() }
            guard let first = words.first, !first.hasPrefix("."), !first.hasPrefix("#") else { continue }
            if isPadding(words.dropFirst().joined(separator: " ")) { continue }
            guard first == "call" || first == "callq" else { return false }
            isFound = true
        }
        return isFound
    }

    /// Whether an operand is a number made of distances between local labels, in parentheses: no instruction takes that, but
    /// an assembler's macro does that fills up to the length of another instruction.
    private static func isPadding(_ operand: String) -> Bool {
        // `%=` is a number that is another one in each template.
        let text = operand.replacing("%=", with: "")
        guard text.first == "(", text.last == ")" else { return false }
        let words = text.split { "()+-*&|^~<>= ".contains($0) }
        let labels = words.filter { isLocalLabel($0) }
        return !labels.isEmpty && words.allSatisfy { isLocalLabel($0) || $0.allSatisfy(\.isNumber) }
    }

    /// `.Lname`, or `1b` and `1f` for what is before and after.
    private static func isLocalLabel(_ word: Substring) -> Bool {
        if word.hasPrefix(".L") { return word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } }
        return word.count > 1 && (word.last == "b" || word.last == "f") && word.dropLast().allSatisfy(\.isNumber)
    }

    private static func isFunctionPointer(_ type: ClangType) -> Bool {
        let type = type.canonical
        guard type.kind == .pointer else { return false }
        return type.pointee.canonical.kind == .function
    }

    private static func register(of operand: Cursor) -> String? {
        let cursor = operand.unwrapped
        guard cursor.kind == .declRefExpr else { return nil }
        return cursor.referenced.children.first { $0.kind == .asmLabelAttr }?.spelling
    }
}

extension FunctionLowering {
    /// Emits the call alone: what the statement does besides it does with or without a call. Where the result is, and whether
    /// the function takes all that is in registers for it; nil if it returns nothing.
    func lower(_ call: AssemblyCall, _ location: SourceLocation) -> (result: Place, takesAll: Bool)? {
        let type = types.lowerValue(call.callee.type)
        guard case .function(let returned, let parameters, _)? = type.pointee, returned.scalarType != nil else { return nil }
        let pointer = lower(value: call.callee)
        var arguments: [Argument] = []
        for (cursor, parameter) in zip(call.arguments, parameters) {
            guard parameter.scalarType != nil else { break }
            arguments.append(.scalar(convert(lower(value: cursor), to: parameter, isExplicit: true, location)))
        }
        let result = place(builder.temporary(returned, "call", location))
        builder.emit(
            .call(Call(
                callee: .indirect(pointer, type: type.pointee ?? returned), arguments: arguments, result: result,
                returnType: returned)),
            location)
        return (result, arguments.count == call.arguments.count)
    }
}
