import ValueAnalysis

/// `.xenwidth.yml`.
struct ConfigurationDecoding {
    let pack: RulePack

    private static let keys = ["convention", "baseline", "helpUri", "exclude", "rules", "handlers", "models"]

    func configuration(from document: YAMLValue) throws -> Configuration {
        let top = try document.mapping(of: "configuration", keys: Self.keys)
        var configuration = Configuration()
        configuration.convention = try top["convention"].map {
            Configured(try $0.choice(ErrorConvention.self), at: $0.location)
        }
        configuration.baseline = try top["baseline"].map { Configured(try TreePath($0).text, at: $0.location) }
        configuration.helpURI = try top["helpUri"].map(pageAddress)
        configuration.excludes = try top["exclude"]?.oneOrMore().map(pathPattern) ?? []
        configuration.rules = try rules(top["rules"])
        configuration.handlers = try handlers(top["handlers"])
        if let models = top["models"] {
            configuration.models = try ModelDecoding.models(from: models)
            configuration.modelEntries = try modelEntries(models)
        }
        return configuration
    }

    private func pathPattern(_ value: YAMLValue) throws -> Configured<WildcardPattern> {
        let text = try TreePath(value).text
        // Nobody names files so, and as a part of a regular expression it would exclude nothing, without a word.
        guard !text.contains(where: "[](){}|^$\\".contains) else {
            throw value.error(
                .invalidValue(nearest: nil), "'\(text.prefix(40))' is no pattern of a path: \(WildcardPattern.meaning)")
        }
        return Configured(WildcardPattern(text), at: value.location)
    }

    private func pageAddress(_ value: YAMLValue) throws -> Configured<PageAddress> {
        guard let address = PageAddress(try value.text()) else {
            throw value.error(.invalidValue(nearest: nil), "helpUri: \(PageAddress.expectation)")
        }
        return Configured(address, at: value.location)
    }

    // MARK: - Rules

    private func rules(_ value: YAMLValue?) throws -> [Configuration.RuleSetting] {
        guard let value else { return [] }
        let ids = pack.rules.map(\.id)
        let map = try value.mapping(of: "rules", keys: ids)
        return try ids.compactMap { id in try map[id].map { try setting(of: id, $0) } }
    }

    /// A word, or a mapping where both things are to be said.
    private func setting(of id: String, _ value: YAMLValue) throws -> Configuration.RuleSetting {
        var setting = Configuration.RuleSetting(rule: id)
        if value.isMapping {
            let map = try value.mapping(of: "rule setting", keys: ["enabled", "severity"])
            setting.isEnabled = try map["enabled"].map { Configured(try $0.boolean(), at: $0.location) }
            setting.severity = try map["severity"].map { Configured(try $0.choice(Severity.self), at: $0.location) }
            return setting
        }
        let word = try value.choice(ShortSetting.self)
        setting.isEnabled = Configured(word != .off, at: value.location)
        setting.severity = Severity(rawValue: word.rawValue).map { Configured($0, at: value.location) }
        return setting
    }

    private enum ShortSetting: String, CaseIterable {
        case on, off, error, warning, note
    }

    private func modelEntries(_ models: YAMLValue) throws -> [Configuration.Model] {
        let map = try models.mapping(of: "models", keys: ModelDecoding.keys)
        return try ModelDecoding.keys.flatMap { section in
            try map[section]?.list().map {
                Configuration.Model(section: section, entry: Configured($0.flow, at: $0.location))
            } ?? []
        }
    }

    // MARK: - Handlers

    private func handlers(_ section: YAMLValue?) throws -> [Configuration.ExtraHandlers] {
        var known: [String: Set<String>] = [:]
        return try section?.list().map { item in
            let extra = try extraHandlers(item)
            if let guest = extra.guests.first(where: { known[extra.pattern.text, default: []].contains($0) }) {
                throw item.error(.duplicate, "handlers: '\(extra.pattern.text)' is named twice for \(guest)")
            }
            known[extra.pattern.text, default: []].formUnion(extra.guests)
            return extra
        } ?? []
    }

    private func extraHandlers(_ value: YAMLValue) throws -> Configuration.ExtraHandlers {
        let map = try value.mapping(of: "handlers", keys: ["function", "guests", "hypercall"])
        let conditions = ConditionDecoding(guestNames: pack.guests.map(\.name))
        return Configuration.ExtraHandlers(
            pattern: try map.required("function").namePattern(),
            guests: try map.required("guests").oneOrMore().map(conditions.guestName),
            hypercall: try map["hypercall"]?.word(), location: value.location)
    }
}
