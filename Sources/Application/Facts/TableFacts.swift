import Lowering
import Rules
import ValueAnalysis
import XenTree

extension OpenedTree {
    /// The facts of the named handlers.
    ///
    /// - Parameter recorders: of what is asked about each handler, where that is to be known.
    func facts(
        of handlers: [String], program: ClangProgram, recorders: [String: UseRecorder] = [:]
    ) -> TreeFacts {
        let collection = FactCollection(
            program: program, handlers: handlers.map(description), recorders: recorders)
        return TreeFacts(handlers: collection.handlerFacts, dispatchSites: dispatchSites(in: program))
    }

    /// Where the results of the table's guest classes are stored.
    func dispatchSites(in program: ClangProgram) -> [DispatchSite] {
        var columns: [String: Set<String>] = [:]
        for entry in table.entries { columns[entry.column, default: []].insert(entry.handler) }
        return DispatchSearch(program: program, columns: columns).sites(for: tableGuests, of: pack.dispatchers)
    }

    /// The functions that call the handlers of those guest classes.
    var dispatchers: [String] {
        let all = tableGuests.compactMap { pack.dispatchers[$0.name] }
        return Set(all.flatMap { dispatchers in DispatchSite.Kind.allCases.flatMap(dispatchers.names) }).sorted()
    }

    /// The guest classes of the architecture that have a column in the table, whatever was asked about.
    private var tableGuests: [GuestClass] {
        pack.guests(on: audited.architecture).filter { !table.entries(inColumn: $0.column).isEmpty }
    }

    private func description(of handler: String) -> HandlerDescription {
        let hypercall = table.entries.first { $0.handler == handler }?.hypercall
        var described = HandlerDescription(name: handler, prototypeType: table.prototypes[handler]?.returnType)
        if let hypercall, handler.hasSuffix("_" + hypercall) {
            described.className = String(handler.dropLast(hypercall.count + 1))
            described.classType = table.prefixReturnTypes[described.className]
        }
        return described
    }

    /// The cells of guest classes that see more than 32 bits, where rules may want them and nobody chose others.
    func wideCells(for rules: [Rule]) -> [TableCell] {
        guard !isGuestChosen, rules.contains(where: { $0.isEnabled && $0.wideGuests != .never }) else { return [] }
        let known = Set(guests.map(\.name))
        return cells(of: tableGuests.filter { $0.resultWidth > 32 && !known.contains($0.name) })
    }

    /// Those of the cells that the rules do want, now that the facts are known.
    func chosen(_ cells: [TableCell], for rules: [Rule], facts: TreeFacts) -> [TableCell] {
        let wishes = Set(rules.filter(\.isEnabled).map(\.wideGuests))
        if wishes.contains(.always) { return cells }
        return cells.filter { facts.handlers[$0.entry.handler]?.signLosses.isEmpty == false }
    }
}
