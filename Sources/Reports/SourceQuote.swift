import ProgramModel

/// A line of the source with a mark under the place, as compilers print it.
struct SourceQuote {
    var style: TextStyle
    var width: Int?

    private static let gutter = 5

    /// Nothing where the source is not known.
    func lines(at location: SourceLocation, sources: SourceLines) -> [String] {
        guard let excerpt = sources.excerpt(at: location) else { return [] }
        let number = String(location.line)
        let margin = String(repeating: " ", count: max(0, Self.gutter - number.count))
        let blank = String(repeating: " ", count: max(Self.gutter, number.count))
        let space = width.map { max(20, $0 - blank.count - 3) } ?? Int.max
        // What a narrow terminal cannot show is left out at the end; the mark must stay.
        let isCut = excerpt.line.count > space && excerpt.column < space
        let text = isCut ? String(excerpt.line.prefix(space - 3)) + "..." : excerpt.line
        var lines = ["\(margin)\(number) | \(text)"]
        if excerpt.column > 0 {
            lines.append("\(blank) | \(String(repeating: " ", count: excerpt.column - 1))\(style("^", .good))")
        }
        return lines
    }
}
