import Foundation
import ProgramModel

extension RulePack {
    /// More rule files than this are a mistake in the path, not a rule pack.
    private static let mostFiles = 1000

    /// Reads and validates the pack in a directory.
    public static func load(directory: String) throws -> RulePack {
        let root = URL(fileURLWithPath: directory, isDirectory: true)
        let findings = root.appendingPathComponent(findingsDirectory, isDirectory: true)
        var files = try [guestsFile, modelsFile].map { name in
            RulePackFile(path: name, text: try text(of: root.appendingPathComponent(name)))
        }
        for name in try ruleFileNames(in: findings) {
            files.append(RulePackFile(
                path: "\(findingsDirectory)/\(name)", text: try text(of: findings.appendingPathComponent(name))))
        }
        return try decode(files: files, directory: directory)
    }

    /// The directory of the rule pack: the one that was asked for, else the installed one, else the checkout's.
    ///
    /// - Parameter executablePath: path of the running program; nothing but its ancestors is searched.
    public static func locate(executablePath: String, override: String?) throws -> String {
        if let override {
            guard isPack(URL(fileURLWithPath: override, isDirectory: true)) else {
                throw RulePackError(
                    kind: .notFound, location: SourceLocation(file: override, line: 0, column: 0),
                    message: "no rule pack: '\(guestsFile)' and '\(modelsFile)' are expected here")
            }
            return override
        }
        let executable = URL(fileURLWithPath: executablePath).resolvingSymlinksInPath()
        var directory = executable.deletingLastPathComponent()
        let prefix = directory.deletingLastPathComponent()
        var tried = [prefix.appendingPathComponent("share/xenwidth/rules", isDirectory: true)]
        // `pathComponents` of the root is ["/"]; its parent would be the root again.
        while directory.pathComponents.count > 1 {
            tried.append(directory.appendingPathComponent("rules", isDirectory: true))
            directory = directory.deletingLastPathComponent()
        }
        guard let found = tried.first(where: isPack) else {
            throw RulePackError(
                kind: .notFound, location: .unknown,
                message: "no rule pack found; looked for: " + tried.map(\.path).joined(separator: ", "))
        }
        return found.path
    }

    private static func isPack(_ directory: URL) -> Bool {
        [guestsFile, modelsFile].allSatisfy {
            FileManager.default.fileExists(atPath: directory.appendingPathComponent($0).path)
        }
    }

    private static func ruleFileNames(in directory: URL) throws -> [String] {
        let place = SourceLocation(file: directory.path, line: 0, column: 0)
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw RulePackError(kind: .unreadable, location: place, message: "cannot list the rule files")
        }
        let visible = entries.filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.sorted()
        guard visible.count <= mostFiles else {
            throw RulePackError(kind: .tooLarge, location: place, message: "more than \(mostFiles) rule files")
        }
        // A rule in a file that is silently skipped would be worse than an error.
        if let stray = visible.first(where: { !$0.hasSuffix(".yml") }) {
            throw RulePackError(
                kind: .invalidValue(nearest: nil),
                location: SourceLocation(file: directory.appendingPathComponent(stray).path, line: 0, column: 0),
                message: "only '.yml' files belong here")
        }
        return visible
    }

    private static func text(of url: URL) throws -> String {
        func failure(_ kind: RulePackError.Kind, _ message: String, line: Int = 0) -> RulePackError {
            RulePackError(
                kind: kind, location: SourceLocation(file: url.path, line: line, column: line > 0 ? 1 : 0),
                message: message)
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
        guard let attributes else { throw failure(.notFound, "no such file") }
        // A pipe would block, a device would never end.
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw failure(.unreadable, "not a regular file")
        }
        guard let size = attributes[.size] as? Int, size <= YAMLDocument.largestFile else {
            throw failure(.tooLarge, "larger than \(YAMLDocument.largestFile / 1024) KiB")
        }
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw failure(.unreadable, "cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let broken = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            throw failure(.syntax, "not UTF-8", line: broken + 1)
        }
        return text
    }
}
