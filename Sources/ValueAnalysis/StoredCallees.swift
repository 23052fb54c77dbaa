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
    /// The functions stored in the member that a call's pointer was loaded from, or in the variable that holds it. `nil`: not
    /// known, or of no use.
    func storedCallees(of call: Call) -> Candidates? {
        guard case .indirect(let pointer, _) = call.callee else { return nil }
        return functions(heldBy: pointer)
    }

    /// The functions that an expression can be the address of, by what the function's text assigns to its variables and the
    /// program to the members that it reads; nil: not known, or none.
    func functions(heldBy id: ExpressionID) -> Candidates? {
        guard let found = functions(heldBy: id, depth: 0), !found.functions.isEmpty else { return nil }
        return found
    }

    private func functions(heldBy id: ExpressionID, depth: Int) -> Candidates? {
        switch function[id].kind {
        case .convert(let inner, _): return functions(heldBy: inner, depth: depth)
        case .functionAddress(let reference): return Candidates(functions: [reference])
        case .constant(0): return Candidates(functions: [])
        case .load(let place), .volatileLoad(let place):
            if case .local(let local) = place.base, place.path.isEmpty { return functions(heldIn: local, depth) }
            if case .global(let variable) = place.base, place.path.isEmpty {
                guard let stored = program.functions(storedIn: variable), !stored.functions.isEmpty else { return nil }
                return Candidates(
                    functions: stored.functions, isComplete: stored.isComplete, storedIn: "'\(variable.name)'")
            }
            guard case .field(let record, let name, _, nil)? = place.path.last, !name.isEmpty, !isInUnion(place),
                let stored = program.functions(storedIn: record, member: name), !stored.functions.isEmpty
            else { return nil }
            return Candidates(functions: stored.functions, isComplete: stored.isComplete, storedIn: "\(record).\(name)")
        default: return nil
        }
    }

    /// Whether a call's pointer is behind a pointer to it (as in a payload that is loaded), in a constant array that the linker
    /// puts together, or in a member into which the program stores nothing.
    func comesFromOutside(_ call: Call) -> Bool {
        guard case .indirect(var id, _) = call.callee else { return false }
        while case .convert(let inner, _) = function[id].kind { id = inner }
        guard case .load(let place) = function[id].kind else { return false }
        switch (place.base, place.path.last) {
        case (.dereference, nil): return true
        case (.global(let array), .element?) where place.path.count == 1:
            guard let definition = shared.global(array, unit: function.unit, program) else { return false }
            return definition.isConstant && !definition.isDefined
        case (_, .field(let record, let name, _, nil)?) where !name.isEmpty && !isInUnion(place):
            guard let stored = program.functions(storedIn: record, member: name) else { return false }
            return stored.isComplete && stored.functions.isEmpty
        default: return false
        }
    }

    /// What it holds before anything is assigned is called by no program that works.
    private func functions(heldIn local: LocalID, _ depth: Int) -> Candidates? {
        guard depth < 4, let values = frame.facts.heldPointers.values(of: local) else { return nil }
        var result = Candidates(functions: [])
        var places: [String] = []
        for value in values {
            guard let found = functions(heldBy: value, depth: depth + 1) else { return nil }
            result.functions += found.functions.filter { !result.functions.contains($0) }
            result.isComplete = result.isComplete && found.isComplete
            let place = found.storedIn.isEmpty && !found.functions.isEmpty ? "'\(function[local].name)'" : found.storedIn
            if !place.isEmpty, !places.contains(place) { places.append(place) }
        }
        result.storedIn = places.joined(separator: " and ")
        return result
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
            found = Value.mergedNarrowings(found, narrowings(of: value.sources, arguments, in: state))
        }
        return found
    }
}
