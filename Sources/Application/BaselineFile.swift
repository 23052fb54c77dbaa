import Foundation
import Reports
import Rules
import XenTree

/// Baselines on the disk.
public enum BaselineFile {
    /// Far above any baseline that a person would keep.
    private static let largest = 16 << 20

    public static func read(_ path: String) throws -> Baseline {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw ApplicationError("\(displayPath(path)): no such baseline: make it with `xenwidth baseline create`")
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= largest,
            let data = FileManager.default.contents(atPath: path)
        else { throw ApplicationError("\(displayPath(path)): not a file that can be read as a baseline") }
        return try Baseline.decode(data, file: displayPath(path))
    }

    /// A baseline that a tree's configuration names.
    static func read(_ path: Configured<String>, in tree: XenTree) throws -> Baseline {
        do {
            let bytes = try tree.bytes(ofFile: path.value, limit: largest)
            return try Baseline.decode(Data(bytes), file: displayPath(path.value))
        } catch let error as TreeFileError {
            let reason =
                switch error {
                case .missing: "there is no such file below the tree's root: make it with `xenwidth baseline create`"
                case .outside: "it leads out of the tree"
                case .unusable(let reason): reason
                }
            let place = path.location
            throw ApplicationError(
                "\(displayPath(place.file)):\(place.line):\(place.column): baseline '\(displayPath(path.value))': \(reason)")
        }
    }

    public static func write(_ baseline: Baseline, to path: String) throws {
        try AtomicFile(path: path).write(Array(BaselineReport().json(baseline).utf8))
    }
}
