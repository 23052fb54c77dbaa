import Foundation
import XenTree

/// What the changed sources of a tree said before the change.
///
/// What an answer depends on is recorded of the tree as it is. A change can also end a dependency that there was: by taking
/// away the body of a function, or what was stored in a member.
final class PreviousText {
    private let git: GitCommand
    private let changes: ChangedFiles
    private static let extensions = [".c", ".h", ".inc"]
    /// More files than that are as if they had said everything.
    private static let maximumFiles = 400

    init(tree root: String, changes: ChangedFiles) {
        git = GitCommand(directory: root)
        self.changes = changes
    }

    private lazy var sources = changes.paths.filter { path in Self.extensions.contains { path.hasSuffix($0) } }
    private lazy var isTooMuch = sources.count > Self.maximumFiles

    /// Files that are new said nothing.
    private lazy var texts: [[UInt8]] = sources.compactMap { path in
        // By the object, not by a diff: nothing that a repository could name is run.
        (try? git.output(["cat-file", "blob", "\(changes.revision):./\(path)"])).flatMap { $0 }.map(Array.init)
    }
    private lazy var definitions = texts.reduce(into: Set<String>()) { $0.formUnion(SourceIndex.definitions(in: $1)) }
    private lazy var words = texts.reduce(into: Set<String>()) { $0.formUnion(Self.words(of: $1)) }

    /// Whether one of the functions may have been defined.
    func defined(_ functions: some Collection<String>) -> Bool {
        if functions.isEmpty { return false }
        return isTooMuch || functions.contains(where: definitions.contains)
    }

    /// Whether one of the members was mentioned, by itself or by a macro that is known to.
    func mentioned(_ members: [MemberSearch]) -> Bool {
        if members.isEmpty { return false }
        return isTooMuch || members.contains { search in
            words.contains(search.member) || (search.words ?? []).contains(where: words.contains)
        }
    }

    private static func words(of text: [UInt8]) -> Set<String> {
        Set(text.split { !$0.isWordPart }.map { String(decoding: $0, as: UTF8.self) })
    }
}
