import ProgramModel

/// The memory that a function may write, by globals and by members of records.
struct WriteEffects: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        var record: String
        var name: String
    }

    private(set) var globals: Set<GlobalReference> = []
    private(set) var members: Set<Member> = []
    /// More than can be listed.
    private(set) var isEverything = false

    var isEmpty: Bool { globals.isEmpty && members.isEmpty && !isEverything }

    mutating func add(_ instruction: InstructionKind, callee: (FunctionReference) -> WriteEffects?) {
        switch instruction {
        case .assign(let place, _): add(place)
        case .zero(let place), .copy(let place, _):
            if case .local = place.base { return }
            isEverything = true
        case .declare: break
        case .assembly(let outputs, _, let clobbers):
            if clobbers { isEverything = true }
            outputs.forEach { add($0) }
        case .unsupported: isEverything = true
        case .call(let call):
            if call.isNoReturn { return }
            guard case .direct(let reference) = call.callee, let inner = callee(reference) else {
                isEverything = true
                return
            }
            globals.formUnion(inner.globals)
            members.formUnion(inner.members)
        }
    }

    private mutating func add(_ place: Place) {
        switch place.base {
        case .local, .string: break
        case .global(let reference): globals.insert(reference)
        case .dereference:
            if case .field(let record, let name, _, nil) = place.path.last {
                members.insert(Member(record: record, name: name))
            } else {
                isEverything = true
            }
        }
    }
}

extension Engine {
    /// Forgets what a function with these effects may have changed.
    func forget(_ effects: WriteEffects, in state: inout State) {
        if effects.isEmpty { return }
        let tags = Set(effects.members.map { names.tag(record: $0.record, name: $0.name) })
        for (id, contents) in state.objects where isShared(id, in: state) {
            if case .global(let reference) = names[id], effects.globals.contains(reference) {
                state.objects[id] = nil
                continue
            }
            // What has no member's name may be a member reached through a plain pointer, unless it is a variable.
            var isVariable = false
            if case .global = names[id] { isVariable = true }
            let commands = commandCells[id] ?? []
            let next = contents.dropping { cell in
                if commands.contains(cell.key) { return false }
                guard let tag = cell.tag else { return !isVariable && !tags.isEmpty }
                return tags.contains(tag)
            }.withoutZeros(unless: tags.isEmpty)
            if next !== contents { state.objects[id] = next }
        }
    }
}
