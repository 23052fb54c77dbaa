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
    /// Whether somebody named the guest classes.
    public let isGuestChosen: Bool
    /// What the tree's owner wants to be different; the pack has it already.
    public let configuration: Configuration
    /// Which results count as errors.
    public let convention: ErrorConvention

    /// - Parameter widths: of the results that guest classes see, where the request names no guest class.
    public static func open(
        _ request: AnalysisRequest, widths: ClosedRange<Int> = 32...32, observer: any RunObserver
    ) throws -> OpenedTree {
        let directory = try RulePack.locate(executablePath: request.executable, override: request.rules)
        let builtIn = try RulePack.load(directory: directory)
        observer.noted("rules: \(displayPath(directory))")
        let tree = try XenTree.find(from: request.tree)
        let configuration = request.ignoresConfiguration ? nil : try ConfigurationFile.load(tree: tree, pack: builtIn)
        let pack = builtIn.applying(configuration ?? Configuration())
        let build = try BuildChoice(tree: tree, request: request, observer: observer).open()
        let table = try build.hypercallTable(guestClasses: pack.guests.map {
            GuestClassDescription(name: $0.name, column: $0.column, architectures: $0.architectures)
        })
        let selection = GuestSelection(pack: pack, architecture: build.architecture.rawValue, table: table)
        let guests = try selection.guests(named: request.guests, widths: widths)
        let opened = OpenedTree(
            pack: pack, packDirectory: directory, build: build, table: table, guests: guests,
            isGuestChosen: !request.guests.isEmpty, configuration: configuration ?? Configuration(),
            convention: request.convention ?? configuration?.convention?.value ?? .standard)
        if configuration != nil { observer.detected("\(Configuration.fileName): the tree's own configuration applies") }
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
    public var cells: [TableCell] { cells(of: guests) }

    /// The cells that some guest classes call, in the same order.
    func cells(of guests: [GuestClass]) -> [TableCell] {
        let found = guests.enumerated().flatMap { order, guest in
            table.entries(inColumn: guest.column).map { TableCell(entry: $0, guest: guest, guestOrder: order) }
        }
        return (found + extraCells(of: guests)).sorted {
            ($0.entry.hypercall, $0.guestOrder, $0.entry.handler)
                < ($1.entry.hypercall, $1.guestOrder, $1.entry.handler)
        }.enumerated().map { position, cell in
            var cell = cell
            cell.position = position
            return cell
        }
    }

    /// Handlers that the tree's owner names and the table does not.
    private func extraCells(of guests: [GuestClass]) -> [TableCell] {
        guard !configuration.handlers.isEmpty else { return [] }
        let inTable = Set(table.entries.map { [$0.column, $0.handler] })
        return configuration.handlers.flatMap { extra -> [TableCell] in
            let names = build.symbols.functionNames.filter(extra.pattern.matches)
            return guests.enumerated().filter { extra.guests.contains($0.element.name) }.flatMap { order, guest in
                names.filter { !inTable.contains([guest.column, $0]) }.map { name in
                    let entry = HypercallEntry(
                        hypercall: extra.hypercall ?? name, column: guest.column, handler: name, argumentTypes: [],
                        location: TreeLocation(
                            file: extra.location.file, line: extra.location.line, column: extra.location.column))
                    return TableCell(entry: entry, guest: guest, guestOrder: order)
                }
            }
        }
    }

    private func announce(to observer: any RunObserver, absent: [String]) {
        for line in Detection(opened: self).lines { observer.detected(line) }
        // A guest class that a build leaves out is one that nobody asked about: it must be seen.
        for line in absent { observer.detected("not analysed: " + line) }
        for extra in configuration.handlers where !build.symbols.functionNames.contains(where: extra.pattern.matches) {
            observer.warned(
                "\(extra.location.file):\(extra.location.line):\(extra.location.column): no function of this build is "
                    + "named '\(displayPath(extra.pattern.text))'")
        }
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
    /// Among all cells of those guest classes, the same whatever part of them is analysed.
    var position = 0
}
