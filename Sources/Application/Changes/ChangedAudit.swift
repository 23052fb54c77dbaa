import Foundation
import Rules
import ValueAnalysis
import XenTree

/// An audit of what a change touches: the handlers whose code, callees or headers differ from a revision.
///
/// Which files an answer depends on is recorded when it is found. A handler is analysed again if one of its files is no
/// longer what it was then, and its rows are reported if one of them is among the changed ones; all other rows are as
/// they were.
struct ChangedAudit {
    private let opened: OpenedTree
    private let request: AnalysisRequest
    private let rules: [Rule]
    private let observer: any RunObserver
    private let digests = FileDigests()
    private let index: BuildUnits

    /// - Parameter rules: those that the map is for.
    init(opened: OpenedTree, request: AnalysisRequest, rules: [Rule], observer: any RunObserver) {
        self.opened = opened
        self.request = request
        self.rules = rules
        self.observer = observer
        index = BuildUnits(build: opened.build)
    }

    struct Result {
        var audit: Audit
        var facts: TreeFacts
        var scope: FindingScope
    }

    func result(since revision: String) throws -> Result {
        let changes = try ChangedFiles.find(tree: opened.build.tree.root, since: revision)
        let changed = Set(changes.paths.map { opened.build.tree.root + "/" + $0 })
        var result = Result(
            audit: Audit(
                tree: opened.audited, rows: [], unsupported: [:], parseErrors: [], convention: opened.convention),
            facts: TreeFacts(),
            scope: .change(dispatcherFiles: [], changedFiles: Set(changes.paths)))
        guard !changed.isEmpty else {
            observer.detected("nothing changed since \(displayPath(revision))")
            return result
        }
        if let warning = BuildInputs(among: changes.paths).warning { observer.warned(warning) }
        let path = try recordPath()
        var record = DependencyRecord.load(path, key: key)
        let cells = opened.cells + opened.wideCells(for: rules)
        let handlers = Set(cells.map(\.entry.handler)).sorted()
        let touchesAll = isConfigurationChanged(changed) || isTableChanged(changed)
        let previous = PreviousText(tree: opened.build.tree.root, changes: changes)
        let wasTouched = Set(handlers.filter { touchesAll || isTouched($0, record, by: changed, previous) })
        let needed = handlers.filter { wasTouched.contains($0) || isStale($0, record) }
        let dispatcherFiles = dispatcherFiles(touchedBy: touchesAll ? nil : changed)
        guard !needed.isEmpty || !dispatcherFiles.isEmpty else {
            say(changes, touched: 0, analysed: 0, of: handlers.count)
            return result
        }
        if record.handlers.isEmpty { observer.detected("nothing is recorded of this tree yet: all of it is analysed once") }
        let outcome = try AuditRun(opened: opened, units: index, request: request, observer: observer)
            .outcome(.recorded(Set(needed)), for: rules)
        update(&record, with: outcome.uses)
        try record.save(path)
        let touched = Set(needed.filter { wasTouched.contains($0) || isTouched($0, record, by: changed, previous) })
        say(changes, touched: touched.count, analysed: needed.count, of: handlers.count)
        let hypercalls = Set(cells.filter { touched.contains($0.entry.handler) }.map {
            CellName(hypercall: $0.entry.hypercall, guest: $0.guest.name)
        })
        result.audit = outcome.audit
        // A row may name a function that the handler hands its work to; its cell is the handler's.
        result.audit.rows = outcome.audit.rows.filter {
            hypercalls.contains(CellName(hypercall: $0.hypercall, guest: $0.guest))
        }
        result.facts = outcome.facts
        result.scope = .change(dispatcherFiles: dispatcherFiles, changedFiles: Set(changes.paths))
        return result
    }

    /// The tree's own configuration bears on the answers about all handlers.
    private func isConfigurationChanged(_ changed: Set<String>) -> Bool {
        !request.ignoresConfiguration && changed.contains(configurationPath)
    }

    /// The header that all handlers include is made of the description of the table.
    private func isTableChanged(_ changed: Set<String>) -> Bool {
        changed.contains(opened.build.tree.xenDirectory + "/" + HypercallTable.descriptionFile)
    }

    private var configurationPath: String { opened.build.tree.root + "/" + Configuration.fileName }

    /// The files of dispatchers that a change touches; nil: all of them.
    private func dispatcherFiles(touchedBy changed: Set<String>?) -> Set<String> {
        guard rules.contains(where: { $0.isEnabled && $0.subject == .dispatcher }) else { return [] }
        let scan = IncludeScan()
        var files: Set<String> = []
        for recipe in Set(opened.dispatchers.flatMap(index.units)).sorted().compactMap(index.recipe) {
            let found = scan.files(of: recipe)
            let isTouched = changed.map { changed in
                !found.files.isDisjoint(with: changed) || found.isComputed && changed.contains { $0.hasSuffix(".h") }
            } ?? true
            if isTouched { files.formUnion(found.files.map(index.displayPath)) }
        }
        return files
    }

    private struct CellName: Hashable {
        var hypercall: String
        var guest: String
    }

    private func isTouched(
        _ handler: String, _ record: DependencyRecord, by changed: Set<String>, _ previous: PreviousText
    ) -> Bool {
        guard let known = record.files(of: handler) else { return false }
        if !known.files.isDisjoint(with: changed) { return true }
        if known.isComputed && changed.contains(where: { $0.hasSuffix(".h") }) { return true }
        return previous.defined(record.searches[handler, default: [:]].keys)
            || previous.mentioned(record.members[handler, default: []])
    }

    private func isStale(_ handler: String, _ record: DependencyRecord) -> Bool {
        guard let known = record.files(of: handler) else { return true }
        let searches = record.searches[handler, default: [:]]
        if searches.contains(where: { index.candidates(defining: $0.key) != $0.value }) { return true }
        if known.files.contains(where: { record.digests[$0] != digests.digest(of: $0) }) { return true }
        // Last, since it reads the text of the whole tree.
        return !record.members[handler, default: []].allSatisfy { $0.isCurrent(in: index) }
    }

    private func update(_ record: inout DependencyRecord, with uses: AuditRun.Uses) {
        let scan = IncludeScan()
        for name in Set(uses.unitsByHandler.values.joined()).sorted() {
            guard let recipe = uses.index.recipe(forUnit: name) else {
                // Assembler, which has no flags here; the file itself is all that is known.
                record.units[name] = .init(files: [opened.build.tree.root + "/" + name], isComputed: false)
                continue
            }
            let found = scan.files(of: recipe)
            record.units[name] = .init(files: found.files.sorted(), isComputed: found.isComputed)
        }
        record.handlers.merge(uses.unitsByHandler) { $1 }
        record.searches.merge(uses.searchesByHandler) { $1 }
        record.members.merge(uses.membersByHandler) { $1 }
        for (handler, units) in record.handlers where uses.unitsByHandler[handler] != nil {
            for file in units.flatMap({ record.units[$0]?.files ?? [] }) { record.digests[file] = digests.digest(of: file) }
        }
    }

    private func say(_ changes: ChangedFiles, touched: Int, analysed: Int, of total: Int) {
        let files = changes.paths.count == 1 ? "1 file" : "\(changes.paths.count) files"
        observer.detected(
            "changed since \(displayPath(changes.revision)): \(files), touching \(touched) of \(total) handlers "
                + "(\(analysed) analysed)")
    }

    // MARK: Where records are, and what they are good for

    private func recordPath() throws(ApplicationError) -> String {
        let name = NameDigest.digest(opened.build.directory + "\n" + opened.build.tree.root)
        return try BuildCache.directory() + "/dependencies/" + name + ".json"
    }

    /// Program, rules, flags, options and guest classes.
    private var key: String {
        var parts = [digests.digest(of: request.executable), request.guests.joined(separator: ","), "\(request.budget)"]
        parts += opened.guests.map(\.name)
        let wishes = Set(rules.filter(\.isEnabled).map { "\($0.wideGuests)" }).sorted()
        parts += ["\(opened.convention)", wishes.joined(separator: ",")]
        if !request.ignoresConfiguration { parts.append(digests.digest(of: configurationPath)) }
        parts += opened.build.config.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        parts += opened.build.commands.all.map { "\($0.source) \($0.flags.joined(separator: " "))" }
        parts += opened.table.entries.map { "\($0.column) \($0.hypercall) \($0.handler)" }
        parts.append(PackDigest.digest(ofPackIn: opened.packDirectory, files: digests))
        return NameDigest.digest(parts.joined(separator: "\n"))
    }
}
