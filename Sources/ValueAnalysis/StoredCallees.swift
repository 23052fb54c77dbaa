import IntegerDomain
import ProgramModel

// Calls through a member of a record: of the functions that the program stores there.

/// What is known of a call's callees.
struct Candidates {
    var functions: [FunctionReference]
    /// False: it may be any other function too.
    var isComplete = true
    /// Where they are stored, for the evidence; empty where the pointer itself tells.
    var storedIn = ""
}

extension Engine {
    /// The functions stored in the member that a call's pointer was loaded from. `nil`: not known, or of no use.
    func storedCallees(of call: Call) -> Candidates? {
        guard case .indirect(let pointer, _) = call.callee, let member = member(loadedBy: pointer, depth: 0),
            let stored = program.functions(storedIn: member.record, member: member.name), !stored.functions.isEmpty
        else { return nil }
        return Candidates(
            functions: stored.functions, isComplete: stored.isComplete, storedIn: "\(member.record).\(member.name)")
    }

    /// The member that an expression reads a function pointer from, also if it is kept in a variable on the way.
    private func member(loadedBy id: ExpressionID, depth: Int) -> WriteEffects.Member? {
        switch function[id].kind {
        case .convert(let inner, _): return member(loadedBy: inner, depth: depth)
        case .load(let place), .volatileLoad(let place):
            if case .local(let local) = place.base, place.path.isEmpty {
                guard depth < 4, let values = frame.facts.heldPointers.values(of: local) else { return nil }
                let members = Set(values.filter { !isNull($0) }.map { member(loadedBy: $0, depth: depth + 1) })
                return members.count == 1 ? members.first ?? nil : nil
            }
            guard case .field(let record, let name, _, nil)? = place.path.last, !name.isEmpty, !isInUnion(place) else {
                return nil
            }
            return WriteEffects.Member(record: record, name: name)
        default: return nil
        }
    }

    private func isNull(_ id: ExpressionID) -> Bool {
        switch function[id].kind {
        case .constant(let bits): bits == 0
        case .convert(let inner, _): isNull(inner)
        default: false
        }
    }

    /// Another member of a union may be what was written.
    private func isInUnion(_ place: Place) -> Bool {
        place.path.contains { step in
            if case .field(let record, _, _, _) = step { layout(record)?.isUnion ?? true } else { false }
        }
    }

    /// Adds to the evidence that the called function was one of several.
    func note(_ candidates: Candidates, _ call: Call, in state: inout State) throws {
        guard let place = call.result, let format = call.returnType.format, !candidates.storedIn.isEmpty else { return }
        let resolved = try resolve(place, in: &state)
        guard case .targets(let targets) = resolved.location, let target = targets.first, let offset = target.offset,
            case .exact(var cell)? = state.objects[target.object]?.lookup(CellKey(offset: offset, width: format.width))
        else { return }
        let count = candidates.functions.count
        let how = "\(count == 1 ? "the function" : "one of \(count) functions") stored in \(candidates.storedIn)"
        cell.value.origin = Origin(
            .returned(by: name(of: call.callee), how: how), at: location, range: cell.value.range,
            parent: cell.value.origin.flatMap { $0.depth < Origin.maximumDepth ? $0 : $0.parent })
        set(cell, in: target.object, &state)
    }

    /// What the functions that are known cut on their way, where others are possible too: those ways are real.
    func narrowings(of candidates: Candidates, _ arguments: [ArgumentValue], in state: State) throws -> [NarrowingEntry] {
        var found: [NarrowingEntry] = []
        for reference in candidates.functions {
            guard case .found(let body) = shared.body(of: reference, program), !body.isNoReturn else { continue }
            let summary = try self.chosenSummary(of: body, arguments, in: state)
            guard summary.taint == nil, let value = summary.value else { continue }
            found = Value.mergedNarrowings(found, value.narrowings)
        }
        return found
    }
}
