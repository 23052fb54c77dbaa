import Rules
import XenTree

/// A tree's configuration on the disk.
public enum ConfigurationFile {
    /// The configuration of a tree; nil where it has none.
    public static func load(tree: XenTree, pack: RulePack) throws -> Configuration? {
        let shown = displayPath(tree.root + "/" + Configuration.fileName)
        let bytes: [UInt8]
        do {
            bytes = try tree.bytes(ofFile: Configuration.fileName, limit: 1 << 20)
        } catch {
            switch error {
            case .missing: return nil
            case .outside: throw ApplicationError("\(shown): it leads out of the tree, which a configuration must not")
            case .unusable(let reason): throw ApplicationError("\(shown): cannot be read: \(reason)")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let broken = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            throw ApplicationError("\(shown):\(broken + 1):1: error: not UTF-8")
        }
        return try Configuration.decode(text, file: shown, pack: pack)
    }
}
