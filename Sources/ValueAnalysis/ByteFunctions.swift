import IntegerDomain
import ProgramModel

// The functions of C's library that fill and copy memory (C11 7.24.2, 7.24.6.1), where it is clear how much.

enum ByteFunction: String {
    case memset, memcpy, memmove

    /// Whether what is in one object gets into another.
    var copies: Bool { self != .memset }
}

extension Engine {
    /// Runs a byte function on known objects; false where that is not possible.
    func storesBytes(
        _ name: String, _ call: Call, _ arguments: [ArgumentValue], in state: inout State
    ) throws -> Bool {
        guard let operation = ByteFunction(rawValue: name), arguments.count == 3, let target = arguments[0].value,
            let source = arguments[1].value, let size = arguments[2].value,
            let bytes = currentRange(of: size, in: state).constantValue, bytes > 0, bytes <= 1 << 20,
            let to = place(target, bytes)
        else { return false }
        if !operation.copies {
            let isZero = currentRange(of: source, in: state).constantValue == 0
            fill(to, isZero ? .zero : .unknown, in: &state)
        } else {
            guard let from = place(source, bytes) else { return false }
            copy(to: to, from: from, in: &state)
        }
        if let result = call.result { try store(target, to: result, in: &state) }
        return true
    }

    private func place(_ pointer: Value, _ bytes: Int128) -> ResolvedPlace? {
        guard case .targets(let targets) = pointer.pointees, targets.count == 1, targets[0].offset != nil else { return nil }
        return ResolvedPlace(location: .targets(targets), tag: nil, width: Int(bytes) * 8)
    }
}
