import Lowering
import ProgramModel
import Synchronization

/// A program that remembers which units it was asked about, for one handler.
final class UseRecorder: ProgramSource {
    private let program: ClangProgram
    private let index: BuildUnits
    private let used = Mutex<Set<String>>([])
    private let searched = Mutex<[String: [String]]>([:])
    private let members = Mutex<Set<MemberSearch>>([])

    init(program: ClangProgram, index: BuildUnits) {
        self.program = program
        self.index = index
    }

    var units: [String] { used.withLock { $0.sorted() } }

    /// The functions that had to be looked for in the text of the sources, with the units that came into question.
    var searches: [String: [String]] { searched.withLock { $0 } }

    /// The members whose stores had to be looked for in the text of the tree, with what came into question.
    var memberSearches: [MemberSearch] { members.withLock { $0.sorted() } }

    func body(of function: FunctionReference) -> BodyLookup {
        note([function.unit].compactMap { $0 } + index.units(defining: function.name))
        if let candidates = program.candidatesConsulted(for: function) {
            note(candidates)
            searched.withLock { $0[function.name] = candidates }
        }
        return program.body(of: function)
    }

    func layout(ofRecord name: String, unit: String) -> RecordLayout? {
        note([unit])
        return program.layout(ofRecord: name, unit: unit)
    }

    func global(_ reference: GlobalReference, unit: String) -> GlobalDefinition? {
        note([unit, reference.unit].compactMap { $0 } + index.units(defining: reference.name))
        return program.global(reference, unit: unit)
    }

    func functions(storedIn record: String, member: String) -> StoredFunctions? {
        let found = program.functions(storedIn: record, member: member)
        let search = MemberSearch(record: record, member: member, index: index)
        members.withLock { _ = $0.insert(search) }
        // Of too many units nothing is asked.
        note(found?.units ?? [])
        return found
    }

    func functions(storedIn variable: GlobalReference) -> StoredFunctions? {
        let found = program.functions(storedIn: variable)
        note(found?.units ?? [])
        return found
    }

    private func note(_ units: [String]) { used.withLock { $0.formUnion(units) } }
}
