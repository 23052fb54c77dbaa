import ProgramModel
import ValueAnalysis

/// A value of a tree's configuration, and where it stands.
public struct Configured<Value: Hashable & Sendable>: Hashable, Sendable {
    public var value: Value
    public var location: SourceLocation

    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

/// What a tree's owner wants to be different, `.xenwidth.yml`.
public struct Configuration: Hashable, Sendable {
    public static let fileName = ".xenwidth.yml"

    /// What is different about one rule.
    public struct RuleSetting: Hashable, Sendable {
        public var rule: String
        public var isEnabled: Configured<Bool>?
        public var severity: Configured<Severity>?
    }

    /// An entry of one of the lists of models, as YAML on one line.
    public struct Model: Hashable, Sendable {
        public var section: String
        public var entry: Configured<String>
    }

    /// Functions that are handlers though the hypercall table does not name them.
    public struct ExtraHandlers: Hashable, Sendable {
        public var pattern: WildcardPattern
        /// Guest classes that call them.
        public var guests: [String]
        /// The hypercall; nil: named as the function.
        public var hypercall: String?
        public var location: SourceLocation
    }

    /// Which 32-bit results guests take for errors.
    public var convention: Configured<ErrorConvention>?
    /// Relative to the tree's root.
    public var baseline: Configured<String>?
    /// Where the rules' pages are published.
    public var helpURI: Configured<PageAddress>?
    /// Files whose findings are not reported.
    public var excludes: [Configured<WildcardPattern>] = []
    public var rules: [RuleSetting] = []
    public var handlers: [ExtraHandlers] = []
    /// Models and vouched bounds beside those of the pack.
    var models = ScopedModels()
    /// The same as they stand there, for people.
    public var modelEntries: [Model] = []

    public init() {}

    public func excludes(_ file: String) -> Bool { excludes.contains { $0.value.matches(file) } }

    /// Reads the text of a configuration that is for trees judged by `pack`. `file` is for messages.
    public static func decode(_ text: String, file: String, pack: RulePack) throws -> Configuration {
        try ConfigurationDecoding(pack: pack).configuration(from: YAMLDocument.parse(text, file: file))
    }
}

extension RulePack {
    /// The pack as a tree's owner wants it.
    public func applying(_ configuration: Configuration) -> RulePack {
        var copy = self
        for setting in configuration.rules {
            guard let index = copy.rules.firstIndex(where: { $0.id == setting.rule }) else { continue }
            if let isEnabled = setting.isEnabled { copy.rules[index].isEnabled = isEnabled.value }
            if let severity = setting.severity { copy.rules[index].severity = severity.value }
        }
        copy.scopedModels = scopedModels.adding(configuration.models)
        return copy
    }
}

extension ScopedModels {
    /// With others added, which take the place of those for the same function, or of the same thing's bound, where both
    /// hold: on other architectures those that are there stay.
    func adding(_ other: ScopedModels) -> ScopedModels {
        var copy = self
        copy.functions += other.functions
        copy.bounds += other.bounds
        copy.accesses += other.accesses
        copy.registerRestore += other.registerRestore
        copy.justifications += other.justifications
        return copy
    }
}
