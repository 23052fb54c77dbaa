import Foundation

/// SARIF logs of this program, for parts, architectures and configurations, as one log with one run.
public struct SARIFMerge {
    private let logs: [JSONValue]

    public init(logs: [Data]) throws(MergeError) {
        var parsed: [JSONValue] = []
        for log in logs {
            do {
                parsed.append(try JSONDecoder().decode(JSONValue.self, from: log))
            } catch {
                throw MergeError("a log is not JSON")
            }
        }
        self.logs = parsed
    }

    /// The document, ending with a line break.
    public func rendered() throws(MergeError) -> String {
        let runs = logs.flatMap { $0["runs"]?.items ?? [] }
        guard var run = runs.first, let driver = run["tool"]?["driver"], let document = logs.first else {
            throw MergeError("a log has no run")
        }
        for other in runs {
            let found = other["tool"]?["driver"]
            guard found?["name"] == driver["name"], found?["version"] == driver["version"] else {
                throw MergeError("the logs are of different programs or versions of it: use one for all parts")
            }
        }
        let rules = try rules(of: runs)
        run["tool"] = .object([.init(key: "driver", value: driver.replacing("rules", with: .array(rules)))])
        run["results"] = .array(results(of: runs, rules: rules))
        run["invocations"] = .array(runs.flatMap { $0["invocations"]?.items ?? [] }.uniqued())
        if Set(runs.map { $0["automationDetails"]?["id"] }).count > 1 { run["automationDetails"] = nil }
        return document.replacing("runs", with: .array([run])).rendered()
    }

    private func rules(of runs: [JSONValue]) throws(MergeError) -> [JSONValue] {
        var found: [JSONValue] = []
        for rule in runs.flatMap({ $0["tool"]?["driver"]?["rules"]?.items ?? [] }) where !found.contains(rule) {
            guard !found.contains(where: { $0["id"] == rule["id"] }) else {
                throw MergeError("rule \(rule["id"]?.string.map(DisplayText.escaped) ?? "") differs between the logs: "
                    + "use one rule pack for all parts")
            }
            found.append(rule)
        }
        return found.sorted { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
    }

    /// Each finding once, with the rows of all logs and the configurations that have it.
    private func results(of runs: [JSONValue], rules: [JSONValue]) -> [JSONValue] {
        struct Key: Hashable {
            var rule: JSONValue?
            var fingerprints: JSONValue?
        }
        let isSeveral = Set(runs.map { $0["automationDetails"]?["id"] }).count > 1
        var order: [Key] = []
        var merged: [Key: JSONValue] = [:]
        var configurations: [Key: [JSONValue]] = [:]
        for run in runs {
            let configuration = run["automationDetails"]?["id"] ?? .string("")
            for result in run["results"]?.items ?? [] {
                let key = Key(rule: result["ruleId"], fingerprints: result["partialFingerprints"])
                if merged[key] == nil { order.append(key) }
                merged[key] = merged[key].map { combined($0, result) } ?? result
                if configurations[key]?.contains(configuration) != true {
                    configurations[key, default: []].append(configuration)
                }
            }
        }
        return order.compactMap { key in
            guard var result = merged[key] else { return nil }
            result["ruleIndex"] = rules.firstIndex { $0["id"] == result["ruleId"] }.map(JSONValue.integer)
            if isSeveral, var properties = result["properties"] {
                properties["configurations"] = .array(configurations[key] ?? [])
                result["properties"] = properties
            }
            return result
        }
    }

    private func combined(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
        guard var properties = one["properties"], let rows = properties["rows"]?.items else { return one }
        properties["rows"] = .array((rows + (other["properties"]?["rows"]?.items ?? [])).uniqued())
        return one.replacing("properties", with: properties)
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in the order of their first occurrence.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
