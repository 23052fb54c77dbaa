import ProgramModel
import ValueAnalysis

/// `guests.yml`: who calls hypercalls, and what is known of the caller.
struct GuestDecoding {
    /// Names of the objects that facts may start at.
    let roots: [String]

    /// The guest classes, and what the file says of the options of a build.
    struct Decoded {
        var guests: [GuestClass] = []
        var options = BuildOptions()
        var dispatchers: [String: Dispatchers] = [:]
    }

    func decode(_ document: YAMLValue) throws -> Decoded {
        let top = try document.mapping(of: "guest classes", keys: ["guests", "options"])
        var decoded = Decoded()
        decoded.options.notable = try top["options"]?.list().map { try $0.word() } ?? []
        for item in try top.required("guests").list() {
            let guest = try guest(from: item)
            guard !decoded.guests.contains(where: { $0.name == guest.name }) else {
                throw item.error(.duplicate, "guest class '\(guest.name)' is defined twice")
            }
            decoded.guests.append(guest)
            decoded.options.byGuest[guest.name] = try option(of: item)
            decoded.dispatchers[guest.name] = try dispatchers(of: item)
        }
        return decoded
    }

    private func option(of item: YAMLValue) throws -> String? {
        try item.mapping(of: "guest class", keys: Self.keys)["option"]?.word()
    }

    private func dispatchers(of item: YAMLValue) throws -> Dispatchers? {
        guard let value = try item.mapping(of: "guest class", keys: Self.keys)["dispatchers"] else { return nil }
        let map = try value.mapping(of: "dispatchers", keys: DispatchSite.Kind.allCases.map(\.rawValue))
        func names(_ kind: DispatchSite.Kind) throws -> [String] {
            try map[kind.rawValue]?.oneOrMore().map { try $0.word() } ?? []
        }
        return Dispatchers(register: try names(.register), multicall: try names(.multicall))
    }

    private static let keys = [
        "name", "column", "option", "architectures", "argumentWidth", "resultWidth", "resultSlot", "facts",
        "dispatchers",
    ]

    private func guest(from item: YAMLValue) throws -> GuestClass {
        let map = try item.mapping(of: "guest class", keys: Self.keys)
        return GuestClass(
            name: try map.required("name").word(),
            column: try map.required("column").word(),
            architectures: try map.required("architectures").oneOrMore().map { try $0.word() },
            argumentWidth: try width(map.required("argumentWidth")),
            resultWidth: try resultWidth(map.required("resultWidth")),
            resultSlot: try map.required("resultSlot").word(),
            facts: try map["facts"]?.list().map(fact) ?? [])
    }

    private func width(_ value: YAMLValue) throws -> Int {
        let width = try value.integer(in: 8...64)
        guard width.isMultiple(of: 8) else { throw value.error(.invalidValue(nearest: nil), "expected whole bytes") }
        return Int(width)
    }

    /// Verdicts speak of 32 bits: of a guest that sees 16 of them they would say that what it cannot see fits.
    private func resultWidth(_ value: YAMLValue) throws -> Int {
        let width = try value.integer()
        guard width == 32 || width == 64 else { throw value.error(.invalidValue(nearest: nil), "expected 32 or 64") }
        return Int(width)
    }

    private func fact(from item: YAMLValue) throws -> GuestClass.Fact {
        let map = try item.mapping(of: "fact", keys: ["path", "value", "minimum", "maximum", "reason"])
        let path = try FieldPath(map.required("path"))
        guard path.steps.count >= 2 else {
            throw path.value.error(.invalidValue(nearest: nil), "expected a root and at least one field")
        }
        guard roots.contains(path.steps[0]) else {
            throw path.value.error(
                .invalidValue(nearest: Spelling.nearest(to: path.steps[0], among: roots)),
                "unknown root '\(path.steps[0])'" + Spelling.hint(for: path.steps[0], among: roots))
        }
        let bounds = try Bounds(map)
        return GuestClass.Fact(
            root: path.steps[0], path: Array(path.steps.dropFirst()),
            minimum: bounds.minimum ?? .min, maximum: bounds.maximum ?? .max)
    }
}

/// `current->domain->arch.type` or `cpu_info.current_vcpu`, cut at its `->` and `.`.
struct FieldPath {
    let value: YAMLValue
    let steps: [String]

    init(_ value: YAMLValue) throws {
        self.value = value
        let text = try value.text()
        var steps: [String] = [""]
        var rest = text[...]
        while let character = rest.first {
            if rest.hasPrefix("->") || character == "." {
                rest = rest.dropFirst(character == "." ? 1 : 2)
                steps.append("")
            } else {
                steps[steps.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        guard steps.allSatisfy(Self.isIdentifier) else {
            throw value.error(.invalidValue(nearest: nil), "'\(text.prefix(60))' is not a path of C names")
        }
        self.steps = steps
    }

    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
    }
}

/// A path below the tree's root, that does not lead out of it by itself.
struct TreePath {
    let text: String

    init(_ value: YAMLValue) throws {
        let text = try value.text()
        let isInside = !text.hasPrefix("/") && !text.split(separator: "/").contains("..")
        guard isInside, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw value.error(.invalidValue(nearest: nil), "expected a path below the tree's root, without '..'")
        }
        self.text = text
    }
}

/// `value:`, or `minimum:` and `maximum:` with at least one of them.
struct Bounds {
    var minimum: Int64?
    var maximum: Int64?

    init(_ map: YAMLMapping) throws {
        if let exact = map["value"] {
            guard map["minimum"] == nil, map["maximum"] == nil else {
                throw exact.error(.invalidValue(nearest: nil), "'value' excludes 'minimum' and 'maximum'")
            }
            minimum = try exact.integer()
            maximum = minimum
            return
        }
        minimum = try map["minimum"]?.integer()
        maximum = try map["maximum"]?.integer()
        guard minimum != nil || maximum != nil else {
            throw map.value.error(.missingKey("maximum"), "\(map.what): a bound is missing")
        }
        if let minimum, let maximum, minimum > maximum {
            throw map.value.error(.invalidValue(nearest: nil), "\(map.what): minimum is above maximum")
        }
    }
}
