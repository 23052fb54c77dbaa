import ProgramModel

/// Where a function that is not followed may leave what is left of a wider value. Any value of a type with 64 bits is wide
/// enough to be seen, and what a pointer holds is no number.
extension Engine {
    /// An integer type of less than 64 bits: a value of it may be what is left of a wider one.
    static func hidesCuts(_ type: CType) -> Bool { type.integerType.map { $0.width < 64 } ?? false }

    /// Whether such a type is in a local that a callee can reach.
    func hidesCuts(behind arguments: [ArgumentValue], in state: State) -> Bool {
        !localsHidingCuts(behind: arguments, in: state).isEmpty
    }

    /// The locals that a callee can reach, and that such a type is in.
    func localsHidingCuts(behind arguments: [ArgumentValue], in state: State) -> Set<ObjectID> {
        var found: Set<ObjectID> = []
        for argument in arguments {
            var pointers = cells(reachedBy: argument, in: state).map(\.value)
            if let value = argument.value { pointers.append(value) }
            for pointer in pointers {
                guard case .targets(let targets) = pointer.pointees else { continue }
                for target in targets where !found.contains(target.object) && hidesCuts(in: target.object) {
                    found.insert(target.object)
                }
            }
        }
        return found
    }

    private func hidesCuts(in object: ObjectID) -> Bool {
        guard case .local(let context, let local) = names[object] else { return false }
        guard let owner = frameOfContext[context] else { return true }
        return hasHidingPart(owner.function[local].type, depth: 0)
    }

    private func hasHidingPart(_ type: CType, depth: Int) -> Bool {
        switch type {
        case .integer: return Self.hidesCuts(type)
        case .pointer, .function, .void: return false
        case .array(let element, _): return hasHidingPart(element, depth: depth + 1)
        case .record(let name):
            guard depth < 16, let layout = layout(name) else { return true }
            return layout.fields.contains { $0.bitWidth != nil || hasHidingPart($0.type, depth: depth + 1) }
        case .opaque: return true
        }
    }
}
