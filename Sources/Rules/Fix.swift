import ProgramModel

/// An edit of one file that would mend a finding.
public struct Fix: Hashable, Sendable {
    /// A piece of text that takes the place of another. Lines and columns count from 1, columns in characters; the
    /// end is the place after the last character.
    public struct Replacement: Hashable, Sendable {
        public var start: SourceLocation
        public var endLine: Int
        public var endColumn: Int
        public var text: String

        public init(start: SourceLocation, endLine: Int, endColumn: Int, text: String) {
            self.start = start
            self.endLine = endLine
            self.endColumn = endColumn
            self.text = text
        }
    }

    /// What the edit does, as an order to whoever makes it.
    public var title: String
    public var replacement: Replacement

    public init(title: String, replacement: Replacement) {
        self.title = title
        self.replacement = replacement
    }
}

/// What became of a finding since a baseline was made.
public enum BaselineState: String, Hashable, Sendable, CaseIterable {
    case new, unchanged
    /// Known to the baseline, and no longer there.
    case absent
}
