import Foundation
import Reports
import Synchronization
import XenTree

/// Reads the lines of sources that reports quote: from the tree and from its build, and from nowhere else.
final class SourceReader: Sendable {
    private static let sizeLimit = 8 << 20
    private let tree: String
    private let build: String
    private let files = Mutex<[String: [String]]>([:])

    init(build: XenBuild) {
        tree = build.tree.root
        self.build = build.directory
    }

    func line(_ file: String, _ number: Int) -> String? {
        files.withLock { files in
            let lines = files[file] ?? lines(of: file)
            files[file] = lines
            return lines.indices.contains(number - 1) ? lines[number - 1] : nil
        }
    }

    private func lines(of file: String) -> [String] {
        guard let path = path(of: file),
            let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? Int, size <= Self.sizeLimit,
            let data = FileManager.default.contents(atPath: path)
        else { return [] }
        // Bytes, since a line break after a carriage return is no character of its own.
        return data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// A link in the tree must not make a report quote a file outside of it.
    private func path(of file: String) -> String? {
        let inBuild = "<build>/"
        let (root, rest) = file.hasPrefix(inBuild) ? (build, String(file.dropFirst(inBuild.count))) : (tree, file)
        guard !rest.hasPrefix("/"), !rest.utf8.contains(0), let resolved = realpath(root + "/" + rest, nil) else {
            return nil
        }
        defer { free(resolved) }
        guard let path = String(validatingCString: resolved) else { return nil }
        return [tree, build].contains { path.hasPrefix($0 + "/") } ? path : nil
    }
}

extension OpenedTree {
    /// The sources that the reports on this tree may quote.
    public var sourceLines: SourceLines {
        let reader = SourceReader(build: build)
        return SourceLines { reader.line($0, $1) }
    }
}
