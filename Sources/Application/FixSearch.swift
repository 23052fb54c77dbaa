import Rules
import XenTree

extension FixBuilding {
    /// Edits of the files of a tree, each of which is read once.
    init(tree: XenTree) {
        let texts = ReadTexts(tree: tree)
        self.init(source: texts.text)
    }
}

private final class ReadTexts {
    private let tree: XenTree
    private var known: [String: SourceText?] = [:]

    init(tree: XenTree) { self.tree = tree }

    func text(of file: String) -> SourceText? {
        if let known = known[file] { return known }
        let text = (try? tree.bytes(ofFile: file)).map { SourceText(file: file, bytes: $0) }
        known[file] = .some(text)
        return text
    }
}
