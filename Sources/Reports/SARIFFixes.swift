import Rules

/// Edits as SARIF wants them.
struct SARIFFixes {
    private let fixes: [Fix]

    init(_ finding: Finding) { fixes = finding.fixes }

    /// nil where there are none.
    var value: JSONValue? { fixes.isEmpty ? nil : .array(fixes.map(fix)) }

    private func fix(_ fix: Fix) -> JSONValue {
        let files = Set(fix.replacements.map(\.start.file)).sorted()
        return .members([
            "description": SARIFText.message(fix.title),
            "artifactChanges": .array(files.map { file in
                .members([
                    "artifactLocation": SARIFLocation.artifact(file),
                    "replacements": .array(fix.replacements.filter { $0.start.file == file }.map(replacement)),
                ])
            }),
        ])
    }

    private func replacement(_ replacement: Fix.Replacement) -> JSONValue {
        .members([
            "deletedRegion": .members([
                "startLine": .integer(replacement.start.line), "startColumn": .integer(replacement.start.column),
                "endLine": .integer(replacement.endLine), "endColumn": .integer(replacement.endColumn),
            ]),
            "insertedContent": .members(["text": .string(replacement.text)]),
        ])
    }
}
