import Foundation
import Lowering

/// Which files a unit can include: by their `#include` lines, whatever conditions these stand under. More than a compiler
/// reads for one configuration, and never less.
final class IncludeScan {
    struct Result {
        /// Absolute paths, canonical if they exist: the unit's source among them, and places where a file would be included
        /// if there were one.
        var files: Set<String> = []
        /// Some `#include` names its file by a macro.
        var isComputed = false
    }

    private struct Directive: Hashable {
        var name: String
        var isQuoted: Bool
    }

    private struct Lookup: Hashable {
        var directive: Directive
        var from: String
        var path: [String]
    }

    private struct Target {
        var file: String?
        /// Where it was looked for before.
        var missing: [String] = []
    }

    private static let sizeLimit = 16 << 20
    private var directives: [String: (all: [Directive], isComputed: Bool)] = [:]
    private var found: [Lookup: Target] = [:]
    private var canonical: [String: String?] = [:]

    func files(of recipe: UnitRecipe) -> Result {
        var quoted: [String] = []
        var plain: [String] = []
        var waiting = [recipe.path]
        var flags = recipe.flags[...]
        while let flag = flags.popFirst() {
            switch flag {
            case "-include": waiting += flags.popFirst().map { [$0] } ?? []
            case "-iquote": quoted += flags.popFirst().map { [$0] } ?? []
            case "-isystem", "-idirafter": plain += flags.popFirst().map { [$0] } ?? []
            default: if flag.hasPrefix("-I") { plain.append(String(flag.dropFirst(2))) }
            }
        }
        var result = Result()
        // One that was deleted has no canonical path, and is a change all the same.
        if canonicalPath(recipe.path) == nil { result.files.insert(recipe.path) }
        while let next = waiting.popLast() {
            guard let file = canonicalPath(next), result.files.insert(file).inserted else { continue }
            let content = content(of: file)
            if content.isComputed { result.isComputed = true }
            // A link's directory and the file's own: compilers look beside the name that they were given.
            let places = [next, file].map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
            for directive in content.all {
                for from in Set(places) {
                    let path = directive.isQuoted ? [from] + quoted + plain : plain
                    let key = Lookup(directive: directive, from: directive.isQuoted ? from : "", path: path)
                    let target = resolve(key)
                    result.files.formUnion(target.missing)
                    if let file = target.file { waiting.append(file) }
                }
            }
        }
        return result
    }

    private func resolve(_ key: Lookup) -> Target {
        if let known = found[key] { return known }
        var target = Target()
        for directory in key.path {
            let path = directory + "/" + key.directive.name
            if access(path, R_OK) == 0 {
                target.file = path
                break
            }
            // It would come first as soon as somebody adds it; or it is there no longer, which is a change too.
            target.missing.append(placeOfMissing(directory, key.directive.name))
        }
        found[key] = target
        return target
    }

    /// By the name that it would have.
    private func placeOfMissing(_ directory: String, _ name: String) -> String {
        let path = (canonicalPath(directory) ?? directory) + "/" + name
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private func canonicalPath(_ path: String) -> String? {
        if let known = canonical[path] { return known }
        var resolved: String?
        if let pointer = realpath(path, nil) {
            resolved = String(cString: pointer)
            free(pointer)
        }
        canonical[path] = .some(resolved)
        return resolved
    }

    private func content(of file: String) -> (all: [Directive], isComputed: Bool) {
        if let known = directives[file] { return known }
        var all: Set<Directive> = []
        var isComputed = false
        if let data = FileContent.read(file, limit: Self.sizeLimit) {
            for line in data.split(separator: UInt8(ascii: "\n")) where line.contains(UInt8(ascii: "#")) {
                switch Self.directive(in: line) {
                case .some(.some(let directive)): all.insert(directive)
                case .some(.none): isComputed = true
                case .none: break
                }
            }
        }
        let result = (all.sorted { ($0.name, $0.isQuoted ? 1 : 0) < ($1.name, $1.isQuoted ? 1 : 0) }, isComputed)
        directives[file] = result
        return result
    }

    /// nil: no include; some nil: one whose file a macro names.
    private static func directive(in line: some Sequence<UInt8>) -> Directive?? {
        var rest = Substring(decoding: Array(line), as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        guard rest.first == "#" else { return nil }
        rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        guard let word = ["include_next", "include"].first(where: rest.hasPrefix) else { return nil }
        rest = rest.dropFirst(word.count).drop { $0 == " " || $0 == "\t" }
        guard let open = rest.first, open == "<" || open == "\"" else { return .some(nil) }
        let name = rest.dropFirst().prefix { $0 != (open == "<" ? ">" : "\"") }
        return Directive(name: String(name), isQuoted: open == "\"")
    }
}

/// Regular files that somebody else wrote.
enum FileContent {
    static func read(_ path: String, limit: Int) -> Data? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else { return nil }
        return FileManager.default.contents(atPath: path)
    }
}
