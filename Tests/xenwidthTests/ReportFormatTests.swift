import Foundation
import Testing

/// What the program writes, against the schemas and read by other programs.
@Suite struct ReportFormatTests {
    private static let validator = """
        import json, sys, jsonschema
        schema, instance = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
        kind = jsonschema.validators.validator_for(schema)
        for error in kind(schema).iter_errors(instance):
            print(list(error.absolute_path), error.message[:400])
        """

    /// A Python that has the module; nil, and a line that says so, where there is none.
    private func python(with module: String) throws -> URL? {
        let named = ProcessInfo.processInfo.environment["XENWIDTH_PYTHON"].map { URL(fileURLWithPath: $0) }
        let candidates = [named, repositoryRoot.appendingPathComponent(".build-python/bin/python3")].compactMap { $0 }
        for candidate in candidates where FileManager.default.isExecutableFile(atPath: candidate.path) {
            let probe = try Program.runAny(
                candidate, ["-c", "import \(module)"], directory: nil, environment: [:], limit: 60)
            if probe.status == 0 { return candidate }
        }
        print("skipped: no Python with the module '\(module)'; `make python` installs it")
        return nil
    }

    private func problems(_ schema: URL, _ instance: URL, _ python: URL) throws -> String {
        let outcome = try Program.runAny(
            python, ["-c", Self.validator, schema.path, instance.path], directory: nil, environment: [:], limit: 120)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test(arguments: [("audit", "audit.schema.json"), ("lint", "lint.schema.json"), ("handlers", "handlers.schema.json")])
    func json(command: String, schema: String) throws {
        guard let python = try python(with: "jsonschema") else { return }
        try MiniXen.withBuild { tree in
            let file = tree.file("report.json")
            let outcome = try Program.run([command, tree.root.path, "--format", "json", "-o", file.path])
            #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
            let schema = repositoryRoot.appendingPathComponent("docs/\(schema)")
            #expect(try problems(schema, file, python) == "")
        }
    }

    @Test func sarif() throws {
        try MiniXen.withBuild { tree in
            let file = tree.file("report.sarif")
            let outcome = try Program.run(["lint", tree.root.path, "--format", "sarif", "-o", file.path])
            #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
            #expect(try !String(contentsOf: file, encoding: .utf8).contains(tree.root.path), "a path of this machine")

            let schema = repositoryRoot.appendingPathComponent("../shared/data/sarif-schema-2.1.0.json").standardized
            if !FileManager.default.fileExists(atPath: schema.path) {
                print("skipped: no SARIF schema beside the checkout")
            } else if let python = try python(with: "jsonschema") {
                #expect(try problems(schema, file, python) == "")
            }
            guard let python = try python(with: "sarif") else { return }
            let summary = try Program.runAny(
                python, ["-m", "sarif", "summary", file.path], directory: nil, environment: [:], limit: 120)
            #expect(summary.status == 0, "\(summary.errors)")
        }
    }
}
