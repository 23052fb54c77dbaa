import ClangAST
import Lowering
import ProgramModel
import Reports
import XenTree

/// The hypercall table with the places where its handlers are defined.
public struct HandlerListing: Sendable {
    public var entries: [HandlerEntry]
    /// Functions that look like handlers but that no column of the table names.
    public var unreachable: [UnreachableEntry]

    public static func list(opened: OpenedTree, jobs: Int, observer: any RunObserver) throws -> HandlerListing {
        try BigStack.run { listOnThisThread(opened: opened, jobs: jobs, observer: observer) }
    }

    private static func listOnThisThread(
        opened: OpenedTree, jobs: Int, observer: any RunObserver
    ) -> HandlerListing {
        let units = BuildUnits(build: opened.build)
        let cells = opened.cells
        let unreached = opened.build.unreachableHandlers(of: opened.table)
        let names = Set(cells.map(\.entry.handler)).union(unreached.map(\.name)).sorted()
        let needed = Set(names.flatMap(units.units)).filter { units.recipe(forUnit: $0) != nil }.sorted()
        let program = ClangProgram(index: units, maximumLiveUnits: needed.count + 1)
        observer.progressed(phase: "parsing", finished: 0, total: needed.count, label: "")
        program.prefetch(units: needed, threads: jobs)

        let definitions = Dictionary(
            names.map { ($0, program.definition(of: $0)) }) { first, _ in first }
        func known(_ name: String) -> DeclarationInfo? { definitions[name].flatMap { $0 } }
        func returnType(_ name: String) -> String? {
            known(name)?.returnTypeSpelling ?? opened.table.prototypes[name]?.returnType
        }
        return HandlerListing(
            entries: cells.map { cell in
                HandlerEntry(
                    hypercall: cell.entry.hypercall, guest: cell.guest.name, handler: cell.entry.handler,
                    location: known(cell.entry.handler)?.location, returnType: returnType(cell.entry.handler))
            },
            unreachable: unreached.map { handler in
                UnreachableEntry(
                    handler: handler.name, location: known(handler.name)?.location,
                    returnType: returnType(handler.name))
            })
    }
}
