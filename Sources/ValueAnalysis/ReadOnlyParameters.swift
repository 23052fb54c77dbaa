import ProgramModel

/// The pointer parameters of a function that calls itself through which it only reads, and which go nowhere but to the
/// same parameter of the calls inside: what they point to stays what it is.
struct ReadOnlyParameters: Sendable {
    let indices: Set<Int>

    init(_ function: Function) {
        guard function.blocks.contains(where: { $0.instructions.contains { Self.calls($0, function.reference) } }) else {
            indices = []
            return
        }
        indices = Set(function.parameters.indices.filter { index in
            function[function.parameters[index]].type.isPointer && Uses(function, index).areReadsOnly
        })
    }

    private static func calls(_ instruction: Instruction, _ reference: FunctionReference) -> Bool {
        if case .call(let call) = instruction.kind { call.callee == .direct(reference) } else { false }
    }
}

/// What becomes of one parameter.
private struct Uses {
    private let function: Function
    private let index: Int
    private let parameter: LocalID
    /// Expressions that are the parameter's value, or an address computed from it.
    private var derived: [Bool]

    init(_ function: Function, _ index: Int) {
        self.function = function
        self.index = index
        parameter = function.parameters[index]
        derived = Array(repeating: false, count: function.expressions.count)
        for (number, expression) in function.expressions.enumerated() {
            derived[number] =
                switch expression.kind {
                case .load(let place): place.base == .local(parameter)
                case .convert(let inner, _): derived[inner.index]
                case .pointerAdd(let pointer, _, _, _): derived[pointer.index]
                case .addressOf(let place): isBehind(place)
                default: false
                }
        }
    }

    var areReadsOnly: Bool {
        function.expressions.allSatisfy(isRead) && function.blocks.allSatisfy { block in
            block.instructions.allSatisfy { isRead($0.kind) } && isRead(block.terminator.kind)
        }
    }

    private func isBehind(_ place: Place) -> Bool {
        if case .dereference(let pointer) = place.base { derived[pointer.index] } else { false }
    }

    private func isOther(_ id: ExpressionID) -> Bool { !derived[id.index] }

    private func isRead(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .constant, .functionAddress, .anyValue, .compare, .logicalNot, .logicalAnd, .logicalOr: true
        // A pointer that is read may point back.
        case .load(let place), .volatileLoad(let place): !isBehind(place) || !expression.type.isPointer
        case .addressOf(let place): place.base != .local(parameter)
        case .unary(_, let a): isOther(a)
        case .binary(_, let a, let b): isOther(a) && isOther(b)
        case .pointerAdd(_, let index, _, _): isOther(index)
        case .pointerDifference: true
        case .convert(let inner, _): isOther(inner) || expression.type.isPointer
        case .unsupported: false
        }
    }

    private func isRead(_ instruction: InstructionKind) -> Bool {
        switch instruction {
        case .assign(let place, let value): isElsewhere(place) && isOther(value)
        case .copy(let to, _): isElsewhere(to)
        case .zero(let place): isElsewhere(place)
        case .declare: true
        case .assembly(let outputs, let inputs, _): outputs.allSatisfy(isElsewhere) && inputs.allSatisfy(isOther)
        case .unsupported: false
        case .call(let call): isRead(call)
        }
    }

    private func isElsewhere(_ place: Place) -> Bool { !isBehind(place) && place.base != .local(parameter) }

    private func isRead(_ call: Call) -> Bool {
        if let result = call.result, !isElsewhere(result) { return false }
        if case .indirect(let pointer, _) = call.callee, !isOther(pointer) { return false }
        let isItself = call.callee == .direct(function.reference)
        return call.arguments.enumerated().allSatisfy { position, argument in
            guard case .scalar(let id) = argument, derived[id.index] else { return true }
            return isItself && position == index && !function.isVariadic
        }
    }

    private func isRead(_ terminator: TerminatorKind) -> Bool {
        switch terminator {
        case .returnScalar(let id): isOther(id)
        case .jump, .branch, .switching, .returnAggregate, .returnVoid, .anyOf, .unreachable: true
        }
    }
}
