/// Why a file of a tree was not read.
public enum TreeFileError: Error, Hashable, Sendable {
    case missing
    /// It lies, or a symbolic link leads, out of the tree.
    case outside
    case unusable(reason: String)
}

extension XenTree {
    /// The bytes of a file below the root, by its path relative to it. Neither `..` nor a link leads out of the tree.
    public func bytes(ofFile path: String, limit: Int = 16 << 20) throws(TreeFileError) -> [UInt8] {
        guard !path.hasPrefix("/"), !PathText.hasParentStep(path) else { throw .outside }
        let absolute = PathText.join(root, path)
        guard let canonical = BoundedFile.canonicalPath(absolute) else { throw .missing }
        guard PathText.relative(canonical, to: root) != nil else { throw .outside }
        do {
            return try BoundedFile.read(canonical, limit: limit)
        } catch {
            switch error {
            case .missing: throw .missing
            case .unusable(let reason): throw .unusable(reason: reason)
            }
        }
    }
}
