/// Columns that line up; the last one is as long as it is.
struct TextTable {
    var rows: [[String]]

    /// One line a row, without blanks at its end. A style gets the padded cell.
    func lines(indent: Int = 0, gap: Int = 2, styled: (_ row: Int, _ column: Int, _ cell: String) -> String) -> [String] {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        let margin = String(repeating: " ", count: indent)
        return rows.enumerated().map { index, row in
            // Cells that are empty to the row's end would leave trailing blanks.
            let used = row.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
            let cells = row.prefix(used).enumerated().map { column, cell in
                let isLast = column == used - 1
                let padded = DisplayText.padded(cell, to: isLast ? 0 : widths[column] + gap)
                return styled(index, column, padded)
            }
            return margin + cells.joined()
        }
    }

    func lines(indent: Int = 0) -> [String] { lines(indent: indent) { $2 } }

    /// Columns that the widest line takes.
    func width(indent: Int) -> Int { lines(indent: indent).map(\.count).max() ?? 0 }
}
