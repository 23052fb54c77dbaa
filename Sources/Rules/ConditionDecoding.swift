import ValueAnalysis

/// `when:` of a rule. Several keys of one mapping must all hold.
struct ConditionDecoding {
    /// For spelling: conditions may name guest classes.
    let guestNames: [String]

    private static let keys =
        ["all", "any", "not", "verdict", "narrowings", "hasSubOperation", "range", "resultWidth"]
        + ["cutBy", "carriedBy", "everyRow", "someRow", "returnTypesDisagree", "losesSign"]
        + ["dispatcherKind", "dispatcherStores", "multicallCarries", "suppression"]
        + Condition.TextField.allCases.map(\.rawValue)

    func condition(from value: YAMLValue, depth: Int = 0) throws -> Condition {
        guard depth < 32 else { throw value.error(.invalidValue(nearest: nil), "conditions are nested too deeply") }
        let map = try value.mapping(of: "condition", keys: Self.keys)
        guard !map.entries.isEmpty else { throw value.error(.invalidValue(nearest: nil), "condition: empty") }
        // In the order of `keys`, so that equal rules decode to equal conditions.
        var parts: [Condition] = []
        for key in Self.keys {
            if let entry = map[key] { parts.append(try part(key, entry, depth: depth)) }
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private func part(_ key: String, _ value: YAMLValue, depth: Int) throws -> Condition {
        switch key {
        case "all": return .all(try value.oneOrMore().map { try condition(from: $0, depth: depth + 1) })
        case "any": return .any(try value.oneOrMore().map { try condition(from: $0, depth: depth + 1) })
        case "not": return .not(try condition(from: value, depth: depth + 1))
        case "verdict": return .verdict(try value.oneOrMore().map { try $0.choice(Verdict.self) })
        case "narrowings": return .hasNarrowings(try value.boolean())
        case "hasSubOperation": return .hasSubOperation(try value.boolean())
        case "range": return try range(value)
        case "resultWidth": return .resultWidth(Int(try value.integer(in: 8...64)))
        case "cutBy": return .cutBy(try value.choice(DispatchSite.Kind.self))
        case "carriedBy": return .carriedBy(try value.choice(DispatchSite.Kind.self))
        case "everyRow": return .everyRow(try condition(from: value, depth: depth + 1))
        case "someRow": return .someRow(try condition(from: value, depth: depth + 1))
        case "returnTypesDisagree": return .returnTypesDisagree(try value.boolean())
        case "losesSign": return .losesSign(try value.boolean())
        case "dispatcherKind": return .dispatcherKind(try value.choice(DispatchSite.Kind.self))
        case "dispatcherStores": return .dispatcherStores(try value.choice(Condition.Comparison.self))
        case "multicallCarries": return .multicallCarries(try value.choice(Condition.Comparison.self))
        case "suppression": return .suppression(try value.oneOrMore().map { try $0.choice(SuppressionProblem.self) })
        default: return try text(key, value)
        }
    }

    private func text(_ key: String, _ value: YAMLValue) throws -> Condition {
        guard let field = Condition.TextField(rawValue: key) else {
            throw value.error(.unknownKey(nearest: nil), "unknown condition '\(key)'")
        }
        let patterns = try value.oneOrMore().map { item in
            let pattern = field.isName ? try item.namePattern() : WildcardPattern(try item.text())
            if field == .guest, pattern.isLiteral { _ = try guestName(item) }
            return pattern
        }
        return .text(field, patterns)
    }

    /// The name of a guest class that the pack has.
    func guestName(_ value: YAMLValue) throws -> String {
        let name = try value.text()
        guard guestNames.contains(name) else {
            throw value.error(
                .invalidValue(nearest: Spelling.nearest(to: name, among: guestNames)),
                "unknown guest class '\(name.prefix(40))'" + Spelling.hint(for: name, among: guestNames))
        }
        return name
    }

    private func range(_ value: YAMLValue) throws -> Condition {
        let keys = ["within", "minAbove", "minBelow", "maxAbove", "maxBelow"]
        let map = try value.mapping(of: "range", keys: keys)
        var tests: [Condition] = []
        for key in keys {
            guard let entry = map[key] else { continue }
            switch key {
            case "within": tests.append(.range(try within(entry)))
            case "minAbove": tests.append(.range(.minAbove(try number(entry))))
            case "minBelow": tests.append(.range(.minBelow(try number(entry))))
            case "maxAbove": tests.append(.range(.maxAbove(try number(entry))))
            default: tests.append(.range(.maxBelow(try number(entry))))
            }
        }
        guard !tests.isEmpty else { throw value.error(.invalidValue(nearest: nil), "range: empty") }
        return tests.count == 1 ? tests[0] : .all(tests)
    }

    private func within(_ value: YAMLValue) throws -> Condition.RangeTest {
        let ends = try value.list()
        guard ends.count == 2 else { throw value.error(.invalidValue(nearest: nil), "expected [lowest, highest]") }
        let (low, high) = (try number(ends[0]), try number(ends[1]))
        guard low <= high else { throw value.error(.invalidValue(nearest: nil), "lowest is above highest") }
        return .within(low, high)
    }

    /// A number or the name of a C limit.
    private func number(_ value: YAMLValue) throws -> Int128 {
        let text = try value.anyText()
        if let number = YAMLValue.number(text) { return number }
        if let number = Self.limits[text] { return number }
        let names = Array(Self.limits.keys)
        throw value.error(
            .invalidValue(nearest: Spelling.nearest(to: text, among: names)),
            "'\(text.prefix(40))' is no number" + Spelling.hint(for: text, among: names))
    }

    private static let limits: [String: Int128] = [
        "INT_MIN": Int128(Int32.min), "INT_MAX": Int128(Int32.max), "UINT_MAX": Int128(UInt32.max),
        "INT64_MIN": Int128(Int64.min), "INT64_MAX": Int128(Int64.max), "UINT64_MAX": Int128(UInt64.max),
    ]
}
