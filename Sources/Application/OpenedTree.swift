import Rules
import ValueAnalysis
import XenTree

/// Everything that is known before any C is parsed: the rules, the tree, its build, its hypercall table and which guest
/// classes are asked about.
public struct OpenedTree: Sendable {
    public let pack: RulePack
    /// Where the pack was read from.
    let packDirectory: String
    public let build: XenBuild
    public let table: HypercallTable
    /// In the order of the rule pack.
    public let guests: [GuestClass]

    /// - Parameter widths: of the results that guest classes see, where the request names no guest class.
    public static func open(
        _ request: AnalysisRequest, widths: ClosedRange<Int> = 32...32, observer: any RunObserver
    ) throws -> OpenedTree {
        let directory = try RulePack.locate(executablePath: request.executable, override: request.rules)
        let pack = try RulePack.load(directory: directory)
        observer.noted("rules: \(displayPath(directory))")
        let tree = try XenTree.find(from: request.tree)
        let build = try BuildChoice(tree: tree, request: request, observer: observer).open()
        let table = try build.hypercallTable(guestClasses: pack.guests.map {
            GuestClassDescription(name: $0.name, column: $0.column, architectures: $0.architectures)
        })
        let selection = GuestSelection(pack: pack, architecture: build.architecture.rawValue, table: table)
        let guests = try selection.guests(named: request.guests, widths: widths)
        let opened = OpenedTree(
            pack: pack, packDirectory: directory, build: build, table: table, guests: guests)
        // Whoever names the guest classes knows what is left out.
        let absent = request.guests.isEmpty ? selection.absent(widths: widths) : []
        opened.announce(to: observer, absent: absent.map(selection.missing))
        return opened
    }

    /// What the reports say of the tree.
    public var audited: AuditedTree {
        AuditedTree(
            version: build.tree.version, architecture: build.architecture.rawValue, revision: build.tree.revision)
    }

    /// The cells of the table that the selected guest classes call: by hypercall, then guest class.
    public var cells: [TableCell] {
        let found = guests.enumerated().flatMap { order, guest in
            table.entries(inColumn: guest.column).map { TableCell(entry: $0, guest: guest, guestOrder: order) }
        }
        return found.sorted {
            ($0.entry.hypercall, $0.guestOrder, $0.entry.handler)
                < ($1.entry.hypercall, $1.guestOrder, $1.entry.handler)
        }
    }

    private func announce(to observer: any RunObserver, absent: [String]) {
        for line in Detection(opened: self).lines { observer.detected(line) }
        // A guest class that a build leaves out is one that nobody asked about: it must be seen.
        for line in absent { observer.detected("not analysed: " + line) }
        for diagnostic in build.diagnostics + table.diagnostics {
            switch diagnostic.severity {
            case .warning: observer.warned("\(diagnostic)")
            case .note: observer.noted("\(diagnostic)")
            }
        }
    }
}

/// A cell of the hypercall table, as one guest class sees it.
public struct TableCell: Sendable {
    public var entry: HypercallEntry
    public var guest: GuestClass
    var guestOrder: Int
}
