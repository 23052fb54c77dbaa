import ValueAnalysis
import XenTree

/// The cells of the table that one handler stands in.
struct FocusedCells {
    let opened: OpenedTree
    let focus: AuditFocus

    var cells: [TableCell] {
        get throws(ApplicationError) {
            let all = opened.cells
            let found = all.filter { $0.entry.handler == focus.handler }
            guard found.isEmpty else { return found }
            let guests = opened.guests.map(\.name).joined(separator: ", ")
            var text = "no handler '\(displayPath(focus.handler))' in the hypercall table of \(guests)"
            // A hypercall's name is what many will try first.
            let named = Set(all.filter { $0.entry.hypercall == focus.handler }.map(\.entry.handler)).sorted()
            text += named.isEmpty
                ? ": `xenwidth handlers` lists them"
                : ": hypercall \(focus.handler) is handled by \(named.joined(separator: ", "))"
            throw ApplicationError(text)
        }
    }
}

extension AuditFocus {
    /// The rows of the sub-operation; an error that names those there are where it is none of them.
    func filtered(_ rows: [AuditRow]) throws(ApplicationError) -> [AuditRow] {
        guard let subOperation else { return rows }
        let found = rows.filter { $0.subOperation == subOperation }
        guard found.isEmpty else { return found }
        let known = Set(rows.compactMap(\.subOperation)).sorted().map(displayPath)
        let remedy = known.isEmpty
            ? "none of its sub-operations are told apart" : "those told apart are " + known.joined(separator: ", ")
        throw ApplicationError(
            "\(displayPath(handler)) has no sub-operation '\(displayPath(subOperation))': \(remedy)")
    }
}
