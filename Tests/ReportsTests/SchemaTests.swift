import Foundation
import Testing

@testable import Reports
@testable import Rules

/// The outputs against their schemas, and the rule pack against its own.
@Suite struct SchemaTests {
    /// Prints the problems of an instance, JSON or YAML, one a line.
    static let validator = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1], encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
        for path in sys.argv[2:]:
            with open(path, encoding="utf-8") as file:
                if path.endswith(".yml"):
                    import yaml
                    instance = yaml.safe_load(file)
                else:
                    instance = json.load(file)
            for error in validator.iter_errors(instance):
                print(path, list(error.absolute_path), error.message[:400])
        """

    private func problems(_ python: Python, schema: URL, files: [URL]) throws -> String {
        let outcome = try python.run(["-c", Self.validator, schema.path] + files.map(\.path))
        #expect(outcome.status == 0, "\(outcome.output)")
        return outcome.output
    }

    private func sarifLogs() throws -> [String] {
        let rules = try bundledPack().rules
        let full = SARIFOptions(
            sourceRoot: "file:///src/xen", repositoryURI: "https://xenbits.xen.org/git-http/xen.git", branch: "master",
            helpBaseURI: "https://example.org/docs/rules", informationURI: "https://example.org/xenwidth")
        let hostileFindings = RuleEngine(pack: try bundledPack()).findings(for: hostileAudit())
        return [
            SARIFReport(tool: tool).render(findings: try sampleFindings(), audit: sampleAudit(), rules: rules),
            SARIFReport(tool: tool, options: full).render(findings: try sampleFindings(), audit: sampleAudit(), rules: rules),
            SARIFReport(tool: tool, options: full).render(findings: hostileFindings, audit: hostileAudit(), rules: rules),
            SARIFReport(tool: tool).render(findings: [], audit: sampleAudit(), rules: []),
        ]
    }

    @Test func auditJSON() throws {
        guard let python = Python.with(module: "jsonschema") else { return }
        let schema = repositoryRoot.appendingPathComponent("docs/audit.schema.json")
        try withTemporaryDirectory { directory in
            var signed = sampleAudit()
            signed.convention = .signed
            for (index, audit) in [sampleAudit(), hostileAudit(), signed].enumerated() {
                let file = directory.appendingPathComponent("audit\(index).json")
                try AuditJSONReport(tool: tool).render(audit: audit).write(to: file, atomically: true, encoding: .utf8)
                #expect(try problems(python, schema: schema, files: [file]) == "")
            }
            // The schema is strict: an unknown key must be noticed, or the checks above mean nothing.
            let extended = AuditJSONReport(tool: tool).render(audit: sampleAudit())
                .replacing("\"handler\":", with: "\"extra\": 1, \"handler\":")
            let file = directory.appendingPathComponent("extended.json")
            try extended.write(to: file, atomically: true, encoding: .utf8)
            #expect(try problems(python, schema: schema, files: [file]).contains("extra"))
        }
    }

    @Test func sarif() throws {
        let schema = repositoryRoot.appendingPathComponent("../shared/data/sarif-schema-2.1.0.json").standardizedFileURL
        guard FileManager.default.fileExists(atPath: schema.path) else {
            print("skipped: no SARIF schema at \(schema.path)")
            return
        }
        guard let python = Python.with(module: "jsonschema") else { return }
        try withTemporaryDirectory { directory in
            for (index, log) in try sarifLogs().enumerated() {
                let file = directory.appendingPathComponent("log\(index).sarif")
                try log.write(to: file, atomically: true, encoding: .utf8)
                #expect(try problems(python, schema: schema, files: [file]) == "")
            }
        }
    }

    @Test func sarifTools() throws {
        guard let python = Python.with(module: "sarif") else { return }
        try withTemporaryDirectory { directory in
            for (index, log) in try sarifLogs().enumerated() {
                let file = directory.appendingPathComponent("log\(index).sarif")
                try log.write(to: file, atomically: true, encoding: .utf8)
                for command in ["summary", "ls"] {
                    let outcome = try python.run(["-m", "sarif", command, file.path])
                    #expect(outcome.status == 0, "\(outcome.output)")
                    if index == 0, command == "summary" {
                        #expect(outcome.output.contains("error: 2"), "\(outcome.output)")
                        #expect(outcome.output.contains("return-exceeds-32-bit"))
                    }
                }
            }
        }
    }

    @Test func rulePack() throws {
        guard Python.with(module: "jsonschema") != nil, let python = Python.with(module: "yaml") else { return }
        let rules = repositoryRoot.appendingPathComponent("rules")
        let findings = rules.appendingPathComponent("findings")
        let files = [rules.appendingPathComponent("guests.yml"), rules.appendingPathComponent("models.yml")]
            + (try FileManager.default.contentsOfDirectory(atPath: findings.path)).sorted().map(findings.appendingPathComponent)
        let schema = repositoryRoot.appendingPathComponent("docs/rule.schema.json")
        #expect(try problems(python, schema: schema, files: files) == "")
    }

    /// Words that the schema and the decoder must agree on.
    @Test func schemaNamesEveryPlaceholder() throws {
        let schema = try String(
            contentsOf: repositoryRoot.appendingPathComponent("docs/rule.schema.json"), encoding: .utf8)
        for placeholder in MessageTemplate.Placeholder.allCases {
            #expect(schema.contains("{\(placeholder.rawValue)}"))
        }
    }
}
