import ProgramModel
import Rules

/// Texts as SARIF wants them.
enum SARIFText {
    /// A plain message. Braces are doubled: single ones are placeholders (3.11.5). A backslash keeps `[a](b)` from
    /// being taken for a link.
    static func message(_ text: String) -> JSONValue {
        .members(["text": .string(escaped(text))])
    }

    static func escaped(_ text: String) -> String {
        text.replacing("{", with: "{{").replacing("}", with: "}}").replacing("](", with: "\\](")
    }
}

/// Places as SARIF wants them.
enum SARIFLocation {
    static let baseID = "SRCROOT"

    /// nil where not even the file is known.
    static func physical(_ location: SourceLocation) -> JSONValue? {
        guard !location.file.isEmpty else { return nil }
        var region: JSONValue?
        // A region must have a line of at least 1; a file as a whole has no region.
        if location.line > 0 {
            region = .members([
                "startLine": .integer(location.line),
                "startColumn": location.column > 0 ? .integer(location.column) : nil,
            ])
        }
        return .members(["artifactLocation": artifact(location.file), "region": region])
    }

    /// A location with what is known of it; nil where there is nothing to say.
    static func location(
        _ place: SourceLocation, message: String? = nil, functions: [String] = [], id: Int? = nil
    ) -> JSONValue? {
        let physical = physical(place)
        guard physical != nil || message != nil || !functions.isEmpty else { return nil }
        return .members([
            "id": id.map(JSONValue.integer),
            "physicalLocation": physical,
            "logicalLocations": functions.isEmpty ? nil : .array(functions.map {
                .members(["name": .string($0), "kind": .string("function")])
            }),
            "message": message.map(SARIFText.message),
        ])
    }

    /// Files below the tree's root are relative to it; others keep what the compiler called them.
    static func artifact(_ file: String) -> JSONValue {
        if file.hasPrefix("/") { return .members(["uri": .string("file://" + encoded(file))]) }
        let leavesTree = file.split(separator: "/").contains("..")
        return .members([
            "uri": .string(encoded(file)), "uriBaseId": leavesTree ? nil : .string(baseID),
        ])
    }

    /// Percent-encodes all but unreserved characters and the slash: a colon in the first part would be a scheme.
    static func encoded(_ path: String) -> String {
        path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                String(UnicodeScalar(byte))
            default:
                "%" + DisplayText.hex(UInt32(byte), digits: 2).uppercased()
            }
        }.joined()
    }
}

/// The rules of a run, and the weaknesses that they speak of.
struct SARIFRules {
    let rules: [Rule]
    let helpBaseURI: String?
    private static let taxonomy = "CWE"

    func index(of id: String) -> Int? { rules.firstIndex { $0.id == id } }

    var descriptors: JSONValue { .array(rules.map(descriptor)) }

    private var weaknesses: [Int] { Set(rules.compactMap(\.cwe)).sorted() }

    var supportedTaxonomies: JSONValue? {
        weaknesses.isEmpty ? nil : .array([.members(["name": .string(Self.taxonomy), "index": .integer(0)])])
    }

    var taxonomies: JSONValue? {
        guard !weaknesses.isEmpty else { return nil }
        return .array([
            .members([
                "name": .string(Self.taxonomy),
                "organization": .string("MITRE"),
                "informationUri": .string("https://cwe.mitre.org/"),
                "shortDescription": SARIFText.message("The MITRE Common Weakness Enumeration."),
                "taxa": .array(weaknesses.map { number in
                    .members([
                        "id": .string(String(number)),
                        "helpUri": .string("https://cwe.mitre.org/data/definitions/\(number).html"),
                    ])
                }),
            ])
        ])
    }

    private func descriptor(_ rule: Rule) -> JSONValue {
        .members([
            "id": .string(rule.id),
            "name": .string(name(of: rule)),
            "shortDescription": SARIFText.message(rule.title),
            "fullDescription": SARIFText.message(rule.title),
            "helpUri": helpBaseURI.map { .string($0 + (($0.hasSuffix("/")) ? "" : "/") + rule.id + ".md") },
            // Viewers show the Markdown as it stands, so its braces are left alone.
            "help": .members(["text": .string(SARIFText.escaped(plain(rule))), "markdown": .string(markdown(rule))]),
            "defaultConfiguration": .members([
                "enabled": .boolean(rule.isEnabled), "level": .string(rule.severity.rawValue),
            ]),
            "relationships": rule.cwe.map { number in
                .array([
                    .members([
                        "target": .members([
                            "id": .string(String(number)),
                            "index": weaknesses.firstIndex(of: number).map(JSONValue.integer),
                            "toolComponent": .members(["name": .string(Self.taxonomy), "index": .integer(0)]),
                        ]),
                        "kinds": .array([.string("superset")]),
                    ])
                ])
            },
            "properties": .members([
                "tags": .array(tags(of: rule).map(JSONValue.string)),
                "precision": .string("high"),
                "problem.severity": .string(rule.severity == .note ? "recommendation" : rule.severity.rawValue),
                "security-severity": rule.securitySeverity.map(JSONValue.string),
            ]),
        ])
    }

    /// `return-exceeds-32-bit` as the name that viewers show: `ReturnExceeds32Bit`.
    private func name(of rule: Rule) -> String {
        rule.id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private func tags(of rule: Rule) -> [String] {
        ["correctness"] + (rule.securitySeverity == nil ? [] : ["security"])
            + (rule.cwe.map { ["external/cwe/cwe-\($0)"] } ?? [])
    }

    private func plain(_ rule: Rule) -> String {
        ([rule.help] + rule.references.map { "\($0.title): \($0.url)" }).joined(separator: "\n")
    }

    private func markdown(_ rule: Rule) -> String {
        guard !rule.references.isEmpty else { return rule.help }
        let list = rule.references.map { "- [\($0.title)](\($0.url))" }.joined(separator: "\n")
        return rule.help + "\n## References\n\n" + list + "\n"
    }
}
