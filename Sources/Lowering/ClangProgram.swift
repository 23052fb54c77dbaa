import ClangAST
import ProgramModel

/// The program of a tree, parsed and lowered as it is asked for. Thread-safe.
///
/// Two threads that ask about different units parse at the same time; one that asks about a unit in use waits for it.
public final class ClangProgram: ProgramSource, @unchecked Sendable {
    let index: any UnitIndex
    let units: UnitCache
    private let lock = Lock()
    private var bodies: [FunctionReference: BodyLookup] = [:]
    private var consulted: [FunctionReference: [String]] = [:]
    private var layouts: [LayoutKey: RecordLayout?] = [:]
    private var globals: [GlobalKey: GlobalDefinition?] = [:]
    private var stored: [StoringPlace: StoredFunctions?] = [:]
    /// Held while it is searched who stores something, which parses many units: two threads would parse the same ones.
    private let searching = Lock()

    private enum StoringPlace: Hashable {
        case member(record: String, name: String)
        case variable(GlobalReference)
    }
    private struct LayoutKey: Hashable {
        var name: String
        var unit: String
    }
    private struct GlobalKey: Hashable {
        var reference: GlobalReference
        var unit: String
    }

    /// - Parameter maximumLiveUnits: how many parsed units are kept; beyond that the least recently used one is dropped and
    ///   parsed again when it is needed. What was lowered from it stays.
    public init(index: any UnitIndex, maximumLiveUnits: Int = 48) {
        self.index = index
        units = UnitCache(index: index, maximum: maximumLiveUnits)
    }

    /// What the parses so far complained about (warnings are off, so: errors), in a fixed order.
    public var diagnostics: [ParseDiagnostic] { units.diagnostics }

    // MARK: ProgramSource

    public func body(of function: FunctionReference) -> BodyLookup {
        if let known = lock.withLock({ bodies[function] }) { return known }
        let result = findBody(of: function)
        lock.withLock { bodies[function] = result }
        return result
    }

    public func layout(ofRecord name: String, unit: String) -> RecordLayout? {
        let key = LayoutKey(name: name, unit: unit)
        if let known = lock.withLock({ layouts[key] }) { return known }
        let result: RecordLayout? = units.use(unit) { session in session.layout(ofRecord: name) }.flatMap { $0 }
        lock.withLock { layouts[key] = .some(result) }
        return result
    }

    public func global(_ reference: GlobalReference, unit: String) -> GlobalDefinition? {
        let key = GlobalKey(reference: reference, unit: reference.unit ?? unit)
        if let known = lock.withLock({ globals[key] }) { return known }
        let result = findGlobal(reference, unit: key.unit)
        lock.withLock { globals[key] = .some(result) }
        return result
    }

    public func functions(storedIn record: String, member: String) -> StoredFunctions? {
        searched(.member(record: record, name: member)) { findFunctions(storedIn: record, member: member) }
    }

    public func functions(storedIn variable: GlobalReference) -> StoredFunctions? {
        searched(.variable(variable)) { findFunctions(storedIn: variable) }
    }

    private func searched(_ place: StoringPlace, _ search: () -> StoredFunctions?) -> StoredFunctions? {
        if let known = lock.withLock({ stored[place] }) { return known }
        return searching.withLock {
            if let known = lock.withLock({ stored[place] }) { return known }
            let result = search()
            lock.withLock { stored[place] = .some(result) }
            return result
        }
    }

    // MARK: More questions

    /// The declaration of a function that `unit` sees, nil if there is none.
    public func declaration(of function: String, unit: String) -> DeclarationInfo? {
        units.use(unit) { session in
            (session.definitions[function] ?? session.declarations[function]).map(session.declarationInfo)
        }.flatMap { $0 }
    }

    /// Parses units so that later questions about them find them there; errors come up when the units are asked about.
    public func prefetch(units names: [String], threads: Int = 2) {
        guard !names.isEmpty else { return }
        let queue = WorkQueue(names)
        BigStack.runInParallel(threads: min(max(1, threads), names.count)) {
            while let name = queue.next() { _ = self.units.use(name) { _ in () } }
        }
    }

    /// The declaration that comes with the definition of an external function, nil if there is no definition to be had.
    public func definition(of function: String) -> DeclarationInfo? {
        for unit in index.units(defining: function) {
            if let found = declaration(of: function, unit: unit), found.isDefinition { return found }
        }
        for unit in index.candidates(defining: function) {
            // A static function of that name is another one.
            guard let found = declaration(of: function, unit: unit), found.reference.unit == nil else { continue }
            if found.isDefinition { return found }
        }
        return nil
    }

    /// The units whose text was looked at for a function, beside those that are known to define it; nil if that was not
    /// necessary. Another answer of the index, later, may be another answer about the function.
    public func candidatesConsulted(for function: FunctionReference) -> [String]? {
        _ = body(of: function)
        return lock.withLock { consulted[function] }
    }

    // MARK: Finding

    private func findBody(of function: FunctionReference) -> BodyLookup {
        if let unit = function.unit {
            let own = body(named: function.name, in: unit)
            // An `inline` function without a body here has its external definition elsewhere.
            guard case .missing(.noBody) = own else { return own }
        }
        let known = index.units(defining: function.name).filter { $0 != function.unit }
        guard known.count <= 1 else { return .missing(.ambiguous("defined in \(known.sorted().joined(separator: ", "))")) }
        if let unit = known.first {
            let found = externalBody(named: function.name, in: unit)
            guard case .missing(.noBody) = found else { return found }
        }
        return findBodyByText(of: function, unitBefore: known.first)
    }

    /// What was built does not know the function, or where it is now: sources are edited after a build.
    private func findBodyByText(of function: FunctionReference, unitBefore: String?) -> BodyLookup {
        let candidates = index.candidates(defining: function.name)
        lock.withLock { consulted[function] = candidates }
        var found: [(unit: String, body: BodyLookup)] = []
        for unit in candidates where unit != function.unit && unit != unitBefore {
            let body = externalBody(named: function.name, in: unit)
            if case .missing(.noBody) = body { continue }
            found.append((unit, body))
        }
        guard let only = found.first else {
            guard let unitBefore else { return .missing(.noBody) }
            return .missing(.ambiguous(
                "\(unitBefore) defined \(function.name) when the build was made and does not any more, "
                    + "and no other file of the build is seen to"))
        }
        guard found.count == 1 else {
            return .missing(.ambiguous("defined in \(found.map(\.unit).joined(separator: ", "))"))
        }
        return only.body
    }

    private func externalBody(named name: String, in unit: String) -> BodyLookup {
        switch units.result(unit, { session in session.externalBody(named: name) }) {
        case .success(let lookup): return lookup
        case .failure(let failure): return .missing(.parseError(failure.message))
        }
    }

    private func body(named name: String, in unit: String) -> BodyLookup {
        switch units.result(unit, { session in session.body(named: name) }) {
        case .success(let lookup): return lookup
        case .failure(let failure): return .missing(.parseError(failure.message))
        }
    }

    private func findGlobal(_ reference: GlobalReference, unit: String) -> GlobalDefinition? {
        let own = units.use(unit) { session in session.global(reference) }.flatMap { $0 }
        guard reference.unit == nil, own?.elements == nil, own?.isConstant ?? true else { return own }
        let candidates = index.units(defining: reference.name).filter { $0 != unit }
        guard candidates.count == 1, let other = candidates.first else { return own }
        return units.use(other) { session in
            // What was external when the build was made may be static by now, and is another variable then.
            session.variable(named: reference.name)?.linkage == .internal ? nil : session.global(reference)
        }.flatMap { $0 } ?? own
    }
}

/// Hands out names to several threads.
private final class WorkQueue: @unchecked Sendable {
    private let lock = Lock()
    private var names: ArraySlice<String>
    init(_ names: [String]) { self.names = names[...] }
    func next() -> String? { lock.withLock { names.popFirst() } }
}
