import ProgramModel

/// An edit that would mend a finding.
public struct Fix: Hashable, Sendable {
    /// A piece of text that takes the place of another. Lines and columns count from 1, columns in characters of
    /// Unicode; the end is the place after the last character.
    public struct Replacement: Hashable, Sendable, Codable {
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
    /// Ordered by place, without overlaps.
    var edits: [PlacedEdit]
    public var replacements: [Replacement] { edits.map(\.replacement) }
}

/// How a rule's findings can be mended.
public struct FixTemplate: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A check of the value before the return; `{value}` stands for it.
        case returnGuard = "return-guard"
        /// Saturation at the limits of the type that a conversion cuts to.
        case clamp
    }

    public var title: String
    public var kind: Kind
    /// The check; empty for a clamp.
    public var guardText: String
}

/// What became of a finding since a baseline was made.
public enum BaselineState: String, Hashable, Sendable, CaseIterable {
    case new, unchanged
    /// Known to the baseline, and no longer there.
    case absent
}
