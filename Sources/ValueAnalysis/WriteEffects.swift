import ProgramModel

/// The memory that a function may write, by globals and by members of records.
struct WriteEffects: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        var record: String
        var name: String
    }

    private(set) var globals: Set<GlobalReference> = []
    private(set) var members: Set<Member> = []
    /// What written globals look like through a pointer: their members, and the widths of scalars that are none.
    private(set) var globalMembers: Set<Member> = []
    private(set) var globalWidths: Set<Int> = []
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
            if let result = call.result {
                // The members of a whole struct are not listed.
                if case .local = result.base {} else if result.type.format == nil { isEverything = true }
                add(result)
            }
            globals.formUnion(inner.globals)
            members.formUnion(inner.members)
            globalMembers.formUnion(inner.globalMembers)
            globalWidths.formUnion(inner.globalWidths)
        }
    }

    private mutating func add(_ place: Place) {
        switch place.base {
        case .local, .string: break
        case .global(let reference):
            globals.insert(reference)
            if case .field(let record, let name, _, _) = place.path.last {
                globalMembers.insert(Member(record: record, name: name))
            } else if let format = place.type.format {
                globalWidths.insert(format.width)
            } else {
                isEverything = true
            }
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
        let pointedTags = tags.union(effects.globalMembers.map { names.tag(record: $0.record, name: $0.name) })
        for (id, contents) in state.objects where isShared(id, in: state) {
            var isScalar = false
            var isPointee = false
            switch names[id] {
            case .global(let reference):
                if effects.globals.contains(reference) {
                    state.objects[id] = nil
                    continue
                }
                isScalar = isScalarVariable(reference)
            // Only what a pointer names may be a global under another name.
            case .pointee, .root: isPointee = true
            default: break
            }
            let written = isPointee ? pointedTags : tags
            // What has no member's name may be a member reached through a plain pointer, unless it is a variable.
            let commands = commandCells[id] ?? []
            let forgetsZeros = isPointee || !written.isEmpty && !isScalar
            let next = contents.dropping(forgetsZeros: forgetsZeros, keepsCuts: isLocal(id)) { cell in
                if commands.contains(cell.key) { return false }
                if let tag = cell.tag { return written.contains(tag) }
                return !isScalar && !written.isEmpty || isPointee && effects.globalWidths.contains(cell.key.width)
            }
            if next !== contents { state.objects[id] = next }
        }
    }

    private func isScalarVariable(_ reference: GlobalReference) -> Bool {
        shared.global(reference, unit: function.unit, program)?.type.format != nil
    }
}
