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
        guard text.isWhole else { return nil }
        var words = [name]
        var files: Set<Int> = []
        var index = 0
        while index < words.count {
            for place in text.places(of: words[index]) {
                guard let macro = text.macro(around: place) else {
                    files.insert(text.file(at: place))
                    continue
                }
                if !words.contains(macro) { words.append(macro) }
            }
            guard words.count <= Self.maximumWords, files.count <= Self.maximumFiles else { return nil }
            index += 1
        }
        return MemberMentions(units: text.units(of: files).sorted(), words: words)
    }
}
