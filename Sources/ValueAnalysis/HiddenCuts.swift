import ProgramModel

/// Where a function that is not followed may leave what is left of a wider value. Any value of a type with 64 bits is wide
/// enough to be seen, and what a pointer holds is no number.
extension Engine {
    /// Whether an integer of less than 64 bits is in a type: a value of it may be what is left of a wider one.
    func hidesCuts(_ type: CType) -> Bool { hidesCuts(type, depth: 0) }

    private func hidesCuts(_ type: CType, depth: Int) -> Bool {
        switch type {
        case .integer(let integer): return integer.width < 64
        case .pointer, .function, .void: return false
        case .array(let element, _): return hidesCuts(element, depth: depth + 1)
        case .record(let name):
            guard depth < 16, let layout = layout(name) else { return true }
            return layout.fields.contains { $0.bitWidth != nil || hidesCuts($0.type, depth: depth + 1) }
        case .opaque: return true
        }
    }

    /// Whether such a type is in a local that a callee can reach.
    func hidesCuts(behind arguments: [ArgumentValue], in state: State) -> Bool {
        arguments.contains { argument in
            let pointers = cells(reachedBy: argument, in: state).map(\.value) + (argument.value.map { [$0] } ?? [])
            return pointers.contains { targets(of: $0).contains { hidesCuts(in: $0.object) } }
        }
    }

    func hidesCuts(in object: ObjectID) -> Bool {
        guard case .local(let context, let local) = names[object] else { return false }
        guard let owner = frameOfContext[context] else { return true }
        return hidesCuts(owner.function[local].type)
    }

    /// What is known of where a value points.
    func targets(of value: Value) -> [Pointees.Target] {
        if case .targets(let targets) = value.pointees { targets } else { [] }
    }
}
