import ProgramModel

/// The functions that a program stores in a member or in a variable.
extension ClangProgram {
    /// Beyond these a member's name says too little, or the answer does.
    private static let maximumStoringUnits = 64
    private static let maximumStoredFunctions = 48

    func findFunctions(storedIn record: String, member: String) -> StoredFunctions? {
        guard let mentions = index.mentions(ofMember: member, record: record),
            mentions.units.count <= Self.maximumStoringUnits
        else { return nil }
        return stored(mentions.units) { session in
            var stores = MemberStores(session: session, record: record, member: member)
            stores.collect(mentioning: mentions.words)
            return stores.values
        }
    }

    func findFunctions(storedIn variable: GlobalReference) -> StoredFunctions? {
        guard let mentions = mentions(of: variable.name, in: variable.unit), mentions.units.count <= Self.maximumStoringUnits
        else { return nil }
        return stored(mentions.units) { session in
            var stores = VariableStores(session: session, variable: variable)
            stores.collect(mentioning: mentions.words)
            return stores.values
        }
    }

    /// What some units store, and what the callers of functions pass that store their parameters.
    private func stored(_ units: [String], _ collect: (UnitSession) -> FunctionValues) -> StoredFunctions? {
        var values = FunctionValues()
        for unit in units {
            if let found = self.units.use(unit, collect) { values.formUnion(found) } else { values.isComplete = false }
            guard values.functions.count <= Self.maximumStoredFunctions else { return nil }
        }
        let callers = addArguments(to: &values)
        guard values.functions.count <= Self.maximumStoredFunctions else { return nil }
        return StoredFunctions(
            functions: values.functions.sorted(), isComplete: values.isComplete, units: Set(units).union(callers).sorted())
    }

    /// Where a name is mentioned that one unit has for itself, or all share. A function's `static` goes by the function's name
    /// too (`function.name`).
    private func mentions(of name: String, in unit: String?) -> MemberMentions? {
        let word = String(name.split(separator: ".").last ?? "")
        return unit.map { MemberMentions(units: [$0], words: [word]) } ?? index.mentions(ofFunction: word)
    }

    /// Parameters that are asked about for one member.
    private static let maximumParameters = 8

    /// What callers pass for the parameters that are stored; returns the units that were looked through.
    private func addArguments(to values: inout FunctionValues) -> Set<String> {
        var seen: Set<ParameterReference> = []
        var read: Set<String> = []
        while let next = values.parameters.subtracting(seen).min() {
            seen.insert(next)
            guard let mentions = mentions(of: next.name, in: next.function.unit), seen.count <= Self.maximumParameters,
                mentions.units.count <= Self.maximumStoringUnits, values.functions.count <= Self.maximumStoredFunctions
            else {
                values.isComplete = false
                break
            }
            read.formUnion(mentions.units)
            for unit in mentions.units {
                let found = units.use(unit) { session in
                    var sites = CallSites(session: session, parameter: next)
                    sites.collect(mentioning: mentions.words)
                    return sites.values
                }
                if let found { values.formUnion(found) } else { values.isComplete = false }
            }
        }
        return read
    }
}
