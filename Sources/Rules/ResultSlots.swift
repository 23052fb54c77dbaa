import ValueAnalysis

extension TreeFacts {
    /// Where the guest sees a row's values; empty where it sees none, or none are known.
    public func slots(of row: AuditRow, for guest: GuestClass) -> [ResultSlot] {
        guard ![.unknown, .continuation, .registerRestore].contains(row.verdict), row.range != nil else { return [] }
        let subject = ConditionSubject(row: row, architecture: "", guest: guest, facts: self)
        return DispatchSite.Kind.allCases.compactMap { kind in
            guard let width = subject.visibleWidth(kind), let isCut = subject.isCut(by: kind) else { return nil }
            let name = kind == .register ? guest.resultSlot : kind.rawValue
            return ResultSlot(name: name, width: width, isCut: isCut || !row.narrowings.isEmpty)
        }
    }
}
