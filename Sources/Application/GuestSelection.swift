import Rules
import ValueAnalysis
import XenTree

/// Which guest classes are analysed.
struct GuestSelection {
    let pack: RulePack
    let architecture: String
    let table: HypercallTable

    /// The named guest classes, each once and in the pack's order, or those of the given result widths.
    func guests(named names: [String], widths: ClosedRange<Int>) throws(ApplicationError) -> [GuestClass] {
        guard names.isEmpty else {
            for name in names { try check(name) }
            return pack.guests.filter { names.contains($0.name) }
        }
        let found = candidates(widths: widths).filter(isInTable)
        guard !found.isEmpty else {
            let known = candidates(widths: widths).map(\.name).joined(separator: ", ")
            throw ApplicationError(
                "the build has no hypercall table column of a guest class that is analysed (\(known)): "
                    + "enable one of them in its configuration, or name another with --guest")
        }
        return found
    }

    /// Guest classes that the architecture has but this build does not.
    func absent(widths: ClosedRange<Int>) -> [GuestClass] { candidates(widths: widths).filter { !isInTable($0) } }

    private func candidates(widths: ClosedRange<Int>) -> [GuestClass] {
        pack.guests(on: architecture).filter { widths.contains($0.resultWidth) }
    }

    private func isInTable(_ guest: GuestClass) -> Bool { !table.entries(inColumn: guest.column).isEmpty }

    private func check(_ name: String) throws(ApplicationError) {
        guard let guest = pack.guest(named: name) else {
            let known = pack.guests(on: architecture).map(\.name).joined(separator: ", ")
            throw ApplicationError("unknown guest class '\(displayPath(name))': \(architecture) has \(known)")
        }
        guard guest.architectures.contains(architecture) else {
            throw ApplicationError(
                "guest class \(name) exists on \(guest.architectures.joined(separator: ", ")), but the build is for "
                    + "\(architecture): give --build-dir of a build for one of them")
        }
        guard isInTable(guest) else {
            throw ApplicationError(missing(guest) + " and run `make build` again")
        }
    }

    /// Says that the build has no such guests, and what would change that.
    func missing(_ guest: GuestClass) -> String {
        let remedy = pack.options.byGuest[guest.name].map { "set \($0)=y" } ?? "enable that kind of guest"
        return "guest class \(guest.name): this build's hypercall table has no column '\(guest.column)': \(remedy)"
    }
}
