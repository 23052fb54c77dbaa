import ValueAnalysis

/// A model with the architectures that it speaks of; none means all.
struct Scoped<Value: Hashable & Sendable>: Hashable, Sendable {
    var value: Value
    var architectures: [String]

    func applies(to architecture: String) -> Bool {
        architectures.isEmpty || architectures.contains(architecture)
    }

    func overlaps(_ other: Scoped) -> Bool {
        architectures.isEmpty || other.architectures.isEmpty
            || !Set(architectures).isDisjoint(with: other.architectures)
    }
}

/// `models.yml` as decoded, before an architecture is chosen.
struct ScopedModels: Hashable, Sendable {
    var functions: [Scoped<FunctionModel>] = []
    var bounds: [Scoped<VouchedBound>] = []
    var accesses: [Scoped<ObjectRoot>] = []
    var registerRestore: [Scoped<String>] = []
    /// Databases of justified findings, relative to the tree's root.
    var justifications: [String] = []

    /// What holds on one architecture.
    func models(for architecture: String) -> AnalysisModels {
        func chosen<T>(_ scoped: [Scoped<T>]) -> [T] { scoped.filter { $0.applies(to: architecture) }.map(\.value) }
        var roots: [ObjectRoot] = []
        for part in chosen(accesses) {
            if let index = roots.firstIndex(where: { $0.name == part.name }) {
                roots[index].accesses += part.accesses
            } else {
                roots.append(part)
            }
        }
        // What was added later takes the place of what was there.
        var bounded: Set<VouchedBound.Subject> = []
        let bounds = chosen(bounds).reversed().filter { bounded.insert($0.subject).inserted }
        return AnalysisModels(
            functions: Dictionary(chosen(functions).map { ($0.name, $0) }) { _, last in last },
            bounds: bounds.reversed(), roots: roots, registerRestoreHandlers: chosen(registerRestore))
    }
}

extension VouchedBound.Subject {
    /// For people.
    var shown: String {
        switch self {
        case .global(let name): "global \(name)"
        case .field(let record, let name): "field \(record).\(name)"
        case .result(let function): "result of \(function)"
        }
    }
}

/// `models.yml`: functions whose meaning is not in their body, vouched bounds, object roots.
enum ModelDecoding {
    static let keys = ["roots", "registerRestore", "functions", "bounds", "justifications"]

    static func models(from document: YAMLValue) throws -> ScopedModels {
        let top = try document.mapping(of: "models", keys: Self.keys)
        return ScopedModels(
            functions: try functions(top["functions"]),
            bounds: try bounds(top["bounds"]),
            accesses: try top["roots"]?.list().flatMap(root) ?? [],
            registerRestore: try top["registerRestore"]?.list().flatMap(registerRestore) ?? [],
            justifications: try top["justifications"]?.list().map(justification) ?? [])
    }

    private static func justification(_ item: YAMLValue) throws -> String {
        let value = try item.mapping(of: "justifications", keys: ["file"]).required("file")
        return try TreePath(value).text
    }

    private static func functions(_ section: YAMLValue?) throws -> [Scoped<FunctionModel>] {
        var known: [String: [Scoped<FunctionModel>]] = [:]
        return try section?.list().flatMap { item in
            let models = try function(from: item)
            for model in models {
                if known[model.value.name]?.contains(where: { $0.overlaps(model) }) == true {
                    throw item.error(.duplicate, "function '\(model.value.name)' has two models")
                }
                known[model.value.name, default: []].append(model)
            }
            return models
        } ?? []
    }

    private static func function(from item: YAMLValue) throws -> [Scoped<FunctionModel>] {
        let map = try item.mapping(
            of: "function model",
            keys: [
                "names", "architectures", "continuation", "continuationTest", "minimum", "maximum", "atMostArgument",
                "insideArgument", "writes", "lengthArgument", "deferredCallback", "neverReturns", "reason",
            ])
        let hasBounds = map["minimum"] != nil || map["maximum"] != nil
        let bounds = hasBounds ? try Bounds(map) : nil
        let template = FunctionModel(
            name: "", isContinuation: try map["continuation"]?.boolean() ?? false,
            isContinuationTest: try map["continuationTest"]?.boolean() ?? false,
            minimum: bounds?.minimum, maximum: bounds?.maximum,
            atMostArgument: try map["atMostArgument"].map(argumentIndex),
            insideArgument: try map["insideArgument"].map(argumentIndex),
            writes: try map["writes"]?.list().map { FunctionModel.Write(argument: try argumentIndex($0)) } ?? [],
            lengthArgument: try map["lengthArgument"].map(argumentIndex),
            deferredCallback: try map["deferredCallback"].map(argumentIndex),
            neverReturns: try map["neverReturns"]?.boolean() ?? false,
            reason: try map.required("reason").text())
        let architectures = try self.architectures(map)
        return try map.required("names").oneOrMore().map { name in
            var model = template
            model.name = try identifier(name)
            return Scoped(value: model, architectures: architectures)
        }
    }

    /// Two bounds of one thing could contradict each other: nothing would be left, and nothing exceeds anything.
    private static func bounds(_ section: YAMLValue?) throws -> [Scoped<VouchedBound>] {
        var known: [VouchedBound.Subject: [Scoped<VouchedBound>]] = [:]
        return try section?.list().map { item in
            let bound = try bound(from: item)
            if known[bound.value.subject]?.contains(where: { $0.overlaps(bound) }) == true {
                throw item.error(.duplicate, "\(bound.value.subject.shown) has two bounds")
            }
            known[bound.value.subject, default: []].append(bound)
            return bound
        } ?? []
    }

    private static func bound(from item: YAMLValue) throws -> Scoped<VouchedBound> {
        let map = try item.mapping(
            of: "bound", keys: ["global", "field", "result", "value", "minimum", "maximum", "reason", "architectures"])
        let subjects = ["global", "field", "result"].compactMap { key in map[key].map { (key, $0) } }
        guard let (kind, value) = subjects.first else {
            throw item.error(.missingKey("global"), "bound: one of 'global', 'field', 'result' is missing")
        }
        guard subjects.count == 1 else {
            throw item.error(.invalidValue(nearest: nil), "bound: only one of 'global', 'field', 'result' is possible")
        }
        let subject: VouchedBound.Subject
        switch kind {
        case "field":
            let field = try recordField(value)
            subject = .field(record: field.record, name: field.name)
        case "result": subject = .result(function: try identifier(value))
        default: subject = .global(try identifier(value))
        }
        let bounds = try Bounds(map)
        return Scoped(
            value: VouchedBound(
                subject: subject, minimum: bounds.minimum, maximum: bounds.maximum,
                reason: try map.required("reason").text()),
            architectures: try architectures(map))
    }

    /// One part for each access: accesses differ between architectures, the root is the same.
    private static func root(from item: YAMLValue) throws -> [Scoped<ObjectRoot>] {
        let map = try item.mapping(of: "root", keys: ["name", "record", "accesses"])
        let name = try identifier(map.required("name"))
        let record = try identifier(map.required("record"))
        return try map.required("accesses").oneOrMore().map { entry in
            let access = try entry.mapping(of: "access", keys: ["field", "global", "result", "architectures", "reason"])
            let kinds = ["field", "global", "result"].compactMap { key in access[key].map { (key, $0) } }
            guard kinds.count == 1, let (kind, value) = kinds.first else {
                throw entry.error(.missingKey("field"), "access: exactly one of 'field', 'global', 'result' is needed")
            }
            let decoded: ObjectRoot.Access
            switch kind {
            case "field":
                let field = try recordField(value)
                decoded = .field(record: field.record, name: field.name)
            case "global": decoded = .global(try identifier(value))
            default: decoded = .result(function: try identifier(value))
            }
            return Scoped(
                value: ObjectRoot(name: name, record: record, accesses: [decoded]),
                architectures: try architectures(access))
        }
    }

    private static func registerRestore(from item: YAMLValue) throws -> [Scoped<String>] {
        let map = try item.mapping(of: "register restore", keys: ["names", "reason", "architectures"])
        _ = try map.required("reason").text()
        let architectures = try self.architectures(map)
        return try map.required("names").oneOrMore().map {
            Scoped(value: try identifier($0), architectures: architectures)
        }
    }

    private static func architectures(_ map: YAMLMapping) throws -> [String] {
        try map["architectures"]?.oneOrMore().map { try $0.word() } ?? []
    }

    private static func identifier(_ value: YAMLValue) throws -> String {
        let path = try FieldPath(value)
        guard path.steps.count == 1 else { throw value.error(.invalidValue(nearest: nil), "expected one C name") }
        return path.steps[0]
    }

    private static func recordField(_ value: YAMLValue) throws -> (record: String, name: String) {
        let path = try FieldPath(value)
        guard path.steps.count == 2 else {
            throw value.error(.invalidValue(nearest: nil), "expected 'record.field'")
        }
        return (path.steps[0], path.steps[1])
    }

    private static func argumentIndex(_ value: YAMLValue) throws -> Int { Int(try value.integer(in: 0...31)) }
}
