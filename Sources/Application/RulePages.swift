import Foundation
import Reports
import Rules
import XenTree

/// The rules' pages on the disk.
public struct RulePages {
    private let rules: [Rule]

    public init(rules: [Rule]) { self.rules = rules }

    /// Writes all pages; Markdown files that are no rule's are removed, so that a renamed rule leaves nothing behind.
    public func write(into directory: String) throws {
        let root = URL(fileURLWithPath: directory, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let pages = RuleMarkdown(rules: rules).pages
            for name in try FileManager.default.contentsOfDirectory(atPath: root.path)
            where name.hasSuffix(".md") && !pages.contains(where: { $0.name == name }) {
                try FileManager.default.removeItem(at: root.appendingPathComponent(name))
            }
            for page in pages { try AtomicFile(path: root.appendingPathComponent(page.name).path).write(Array(page.text.utf8)) }
        } catch let error as ApplicationError {
            throw error
        } catch {
            throw ApplicationError("\(displayPath(directory)): cannot be written: \(error.localizedDescription)")
        }
    }
}
