import Foundation
import ProgramModel
import Yams

/// Reads one YAML document within bounds.
enum YAMLDocument {
    /// Far above any sensible rule file, far below what costs noticeable time.
    static let largestFile = 256 * 1024

    /// Parses `text`; every failure carries a place in `file`.
    static func parse(_ text: String, file: String) throws -> YAMLValue {
        let whole = SourceLocation(file: file, line: 1, column: 1)
        guard text.utf8.count <= largestFile else {
            throw RulePackError(
                kind: .tooLarge, location: whole, message: "larger than \(largestFile / 1024) KiB")
        }
        if let place = AliasGuard.firstExcess(in: text) {
            throw RulePackError(
                kind: .alias, location: SourceLocation(file: file, line: place.line, column: place.column),
                message: "aliases that multiply the document; repeat the value instead")
        }
        return try compose(text, file: file, whole: whole)
    }

    private static func compose(_ text: String, file: String, whole: SourceLocation) throws -> YAMLValue {
        do {
            // `.basic`: scalars are typed here, by the key they belong to; YAML's guessing (`no` is false) is not
            // wanted. The encoding is given because Yams otherwise asks the environment.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                throw RulePackError(kind: .syntax, location: whole, message: "empty document")
            }
            // Nodes hold their anchors weakly, the parser holds them strongly.
            try withExtendedLifetime(parser) { try rejectAnchors(root, file: file) }
            return YAMLValue(node: root, file: file)
        } catch let error as YamlError {
            throw located(error, file: file, text: text)
        }
    }

    /// The walk ends at the first anchor, so it never enters an alias: an anchor comes before its aliases.
    private static func rejectAnchors(_ node: Node, file: String) throws {
        if node.anchor != nil {
            throw RulePackError(
                kind: .alias, location: YAMLValue(node: node, file: file).location,
                message: "anchors and aliases are not supported; repeat the value instead")
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                try rejectAnchors(key, file: file)
                try rejectAnchors(value, file: file)
            }
        case .sequence(let sequence):
            for item in sequence { try rejectAnchors(item, file: file) }
        case .scalar, .alias:
            break
        }
    }

    private static func located(_ error: YamlError, file: String, text: String) -> RulePackError {
        func make(_ mark: Mark?, _ message: String, _ kind: RulePackError.Kind = .syntax) -> RulePackError {
            RulePackError(
                kind: kind, location: SourceLocation(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0),
                message: message)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return make(mark, context.map { "\($0.text) \(problem)" } ?? problem)
        case .reader(let problem, let offset, _, _):
            let place = offset.map { Place.of(characterOffset: $0, in: text) }
            return RulePackError(
                kind: .syntax,
                location: SourceLocation(file: file, line: place?.line ?? 0, column: place?.column ?? 0),
                message: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return make(context.mark, "duplicate key '\(duplicates.first ?? "")'", .duplicate)
        default:
            return make(nil, "not valid YAML: \(error)")
        }
    }
}

/// A line and column in a text, both from 1.
struct Place: Hashable {
    var line = 1
    var column = 1

    static func of(characterOffset offset: Int, in text: String) -> Place {
        var place = Place()
        for character in text.prefix(offset) {
            if character.isNewline { place = Place(line: place.line + 1, column: 1) } else { place.column += 1 }
        }
        return place
    }
}
