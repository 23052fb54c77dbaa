/// Whether the hypercall table that a build generated is still the one that the tree describes.
///
/// Files are compared by what they say, not by their age: in a fresh clone all files are new.
struct TableFreshness {
    enum State {
        case current
        /// The description says something else now; this is the header that it makes.
        case changed(header: String)
        /// It says something else now, and how the build would read it is not known.
        case changedUnreadably
        /// There is nothing to compare.
        case unknown
    }

    /// - Parameters:
    ///   - description: the tree's description.
    ///   - preprocessed: what the build made of it when it last ran.
    ///   - macros: those of the build's configuration.
    ///   - isHeaderOfBuild: whether a header has the same table as the one that the build generated.
    static func state(
        description: String, preprocessed: String, macros: [String: String], isHeaderOfBuild: (String) -> Bool
    ) -> State {
        let before = builtLines(preprocessed)
        guard let now = try? DescriptionPreprocessor(description, macros: macros).lines else { return .unknown }
        if now.map(withoutSpace) == before.map(withoutSpace) { return .current }
        // What reads the old description as the build's script does can be trusted with the new one.
        guard let old = try? TableDescription(lines: before), isHeaderOfBuild(old.header),
            let new = try? TableDescription(lines: now)
        else { return .changedUnreadably }
        return .changed(header: new.header)
    }

    /// What the script takes of the preprocessor's output: other headers leave declarations in it.
    private static func builtLines(_ text: String) -> [String] {
        text.split(separator: "\n").map(\.trimmed).filter { line in
            !line.isEmpty && !line.hasPrefix("#") && line.split(whereSeparator: \.isWhitespace).first != "extern"
        }
    }

    /// Preprocessors space their output each in their own way.
    private static func withoutSpace(_ line: String) -> String { line.filter { !$0.isWhitespace } }
}
