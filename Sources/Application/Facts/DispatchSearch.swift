import ProgramModel
import Rules
import ValueAnalysis

/// Finds the places where dispatchers store what handlers return.
struct DispatchSearch {
    let program: any ProgramSource
    /// The handlers of each column of the hypercall table.
    let columns: [String: Set<String>]

    /// A call of a handler, and where its result goes.
    private struct Store {
        var handler: String
        var function: String
        var location: SourceLocation
        var target: String
        var width: Int
    }

    /// The places that serve guest classes, by the dispatchers of each.
    func sites(for guests: [GuestClass], of dispatchers: [String: Dispatchers]) -> [DispatchSite] {
        guests.flatMap { guest in dispatchers[guest.name].map { sites(for: guest, dispatchers: $0) } ?? [] }
    }

    /// The places that serve a guest class.
    func sites(for guest: GuestClass, dispatchers: Dispatchers) -> [DispatchSite] {
        let sites = DispatchSite.Kind.allCases.flatMap { kind -> [DispatchSite] in
            var seen: Set<FunctionReference> = []
            let stores = dispatchers.names(kind).flatMap {
                self.stores(in: FunctionReference(name: $0, unit: nil), seen: &seen)
            }
            return grouped(stores).compactMap { group in
                guard column(of: Set(group.map(\.handler))) == guest.column else { return nil }
                // The narrowest store of a dispatcher is what the guest can rely on.
                guard let least = group.min(by: { $0.width < $1.width }) else { return nil }
                return DispatchSite(
                    guest: guest.name, kind: kind, function: least.function, location: least.location,
                    target: least.target, width: least.width)
            }
        }
        return Array(Set(sites)).sorted { ($0.kind.rawValue, $0.location) < ($1.kind.rawValue, $1.location) }
    }

    /// One macro makes all calls of a column: they share its place.
    private func grouped(_ stores: [Store]) -> [[Store]] {
        Dictionary(grouping: stores) { $0.location }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The column whose handlers are most like those that are called at one place.
    private func column(of handlers: Set<String>) -> String? {
        columns.min { a, b in
            let (left, right) = (a.value.symmetricDifference(handlers).count, b.value.symmetricDifference(handlers).count)
            return (left, a.key) < (right, b.key)
        }?.key
    }

    private func stores(in reference: FunctionReference, seen: inout Set<FunctionReference>) -> [Store] {
        guard seen.insert(reference).inserted, case .found(let function) = program.body(of: reference) else { return [] }
        var found: [Store] = []
        let handlers = columns.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        for instruction in function.blocks.flatMap(\.instructions) {
            guard case .call(let call) = instruction.kind, case .direct(let callee) = call.callee else { continue }
            if handlers.contains(callee.name) {
                if let store = store(of: call, at: instruction.location, in: function, handler: callee.name) {
                    found.append(store)
                }
            } else if callee.unit == function.unit {
                // A dispatcher is often a static function behind the entry that the assembly knows.
                found += stores(in: callee, seen: &seen)
            }
        }
        return found
    }

    private func store(of call: Call, at location: SourceLocation, in function: Function, handler: String) -> Store? {
        guard let result = call.result?.local else { return nil }
        for instruction in function.blocks.flatMap(\.instructions) {
            guard case .assign(let place, let value) = instruction.kind, place.local != result,
                comes(value, from: result, function), let width = place.type.scalarType?.width
            else { continue }
            return Store(
                handler: handler, function: function.reference.name, location: location,
                target: Self.name(of: place, function), width: width)
        }
        return nil
    }

    private func comes(_ id: ExpressionID, from local: LocalID, _ function: Function) -> Bool {
        switch function[id].kind {
        case .convert(let operand, _): comes(operand, from: local, function)
        case .load(let place): place.local == local
        default: false
        }
    }

    private static func name(of place: Place, _ function: Function) -> String {
        var field: String?
        for step in place.path.reversed() {
            guard case .field(let record, let name, _, _) = step else { continue }
            field = field ?? name
            // Anonymous records have made-up names, which say nothing.
            if let field, !record.contains(" ") { return "\(record).\(field)" }
        }
        if let field { return field }
        if let local = place.local { return function[local].name }
        if case .global(let global) = place.base { return global.name }
        return "memory"
    }
}
