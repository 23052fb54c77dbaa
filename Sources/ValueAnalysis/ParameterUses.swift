import ProgramModel

/// What a function does with its pointer parameters, as far as its own text shows.
struct ParameterUses: Sendable {
    /// Parameters whose addresses are nowhere when the function has returned: it reads and writes through them, and hands
    /// them to nothing but the same parameter of calls of itself.
    let uncaptured: Set<Int>
    /// Those of them through which it only reads: what they point to stays what it is.
    let readOnly: Set<Int>

    init(_ function: Function) {
        let pointers = function.parameters.indices.filter { function[function.parameters[$0]].type.isPointer }
        let uses = pointers.map { Uses(function, $0) }.filter(\.areAllowed)
        uncaptured = Set(uses.map(\.index))
        readOnly = Set(uses.map(\.readingOnly).filter(\.areAllowed).map(\.index))
    }
}

/// What becomes of one parameter.
private struct Uses {
    let index: Int
    private let function: Function
    private let parameter: LocalID
    private var areWritesAllowed = true
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
                case .load(let place), .volatileLoad(let place): place.base == .local(parameter)
                case .convert(let inner, _): derived[inner.index]
                case .pointerAdd(let pointer, _, _, _): derived[pointer.index]
                case .addressOf(let place): isBehind(place)
                default: false
                }
        }
    }

    /// The same where writing through it is not allowed.
    var readingOnly: Uses {
        var uses = self
        uses.areWritesAllowed = false
        return uses
    }

    var areAllowed: Bool {
        function.expressions.allSatisfy(isAllowed) && function.blocks.allSatisfy { block in
            block.instructions.allSatisfy { isAllowed($0.kind) } && isAllowed(block.terminator.kind)
        }
    }

    private func isBehind(_ place: Place) -> Bool {
        if case .dereference(let pointer) = place.base { derived[pointer.index] } else { false }
    }

    private func isOther(_ id: ExpressionID) -> Bool { !derived[id.index] }

    private func isAllowed(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .constant, .functionAddress, .anyValue, .compare, .logicalNot, .logicalAnd, .logicalOr: true
        // A pointer that is read may be written through.
        case .load(let place), .volatileLoad(let place): areWritesAllowed || !isBehind(place) || !expression.type.isPointer
        case .addressOf(let place): place.base != .local(parameter)
        case .unary(_, let a): isOther(a)
        case .binary(_, let a, let b): isOther(a) && isOther(b)
        case .pointerAdd(_, let index, _, _): isOther(index)
        case .pointerDifference: true
        case .convert(let inner, _): isOther(inner) || expression.type.isPointer
        case .unsupported: false
        }
    }

    private func isAllowed(_ instruction: InstructionKind) -> Bool {
        switch instruction {
        case .assign(let place, let value): isElsewhere(place) && isOther(value)
        case .copy(let to, _): isElsewhere(to)
        case .zero(let place): isElsewhere(place)
        case .declare: true
        case .assembly(let outputs, let inputs, _): outputs.allSatisfy(isElsewhere) && inputs.allSatisfy(isOther)
        case .unsupported: false
        case .call(let call): isAllowed(call)
        }
    }

    private func isElsewhere(_ place: Place) -> Bool {
        (areWritesAllowed || !isBehind(place)) && place.base != .local(parameter)
    }

    private func isAllowed(_ call: Call) -> Bool {
        if let result = call.result, !isElsewhere(result) { return false }
        if case .indirect(let pointer, _) = call.callee, !isOther(pointer) { return false }
        let isItself = call.callee == .direct(function.reference)
        return call.arguments.enumerated().allSatisfy { position, argument in
            guard case .scalar(let id) = argument, derived[id.index] else { return true }
            return isItself && position == index && !function.isVariadic
        }
    }

    private func isAllowed(_ terminator: TerminatorKind) -> Bool {
        switch terminator {
        case .returnScalar(let id): isOther(id)
        case .jump, .branch, .switching, .returnAggregate, .returnVoid, .anyOf, .unreachable: true
        }
    }
}
