import Lowering

/// The units that mention a function's name, or a macro that does.
struct FunctionMentions {
    private let text: TreeText
    private let name: String
    private static let maximumWords = 16
    private static let maximumFiles = 200

    init(text: TreeText, name: String) {
        self.text = text
        self.name = name
    }

    var mentions: MemberMentions? {
        guard text.isWhole,
            let found = text.mentions(of: name, maximumWords: Self.maximumWords, maximumFiles: Self.maximumFiles)
        else { return nil }
        return MemberMentions(units: text.units(of: found.files).sorted(), words: found.words)
    }
}
