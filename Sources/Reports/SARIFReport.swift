import ProgramModel
import Rules
import ValueAnalysis

/// What a SARIF log says of the run, besides the findings.
public struct SARIFOptions: Hashable, Sendable, Codable {
    /// URI of the tree's root; nil keeps the machine's paths out of the log.
    public var sourceRoot: String?
    /// Where the tree's repository can be fetched; without it there is no version control provenance.
    public var repositoryURI: String?
    public var branch: String?
    /// Before `RULE.md` gives the address of a rule's page; without it rules have their help, and no address.
    public var helpBaseURI: String?
    public var informationURI: String?
    /// What a merged log calls this configuration; nil: the architecture.
    public var label: String?
    /// Whether the run itself went through; parse errors in the tree do not make it fail.
    public var isSuccessful: Bool

    public init(
        sourceRoot: String? = nil, repositoryURI: String? = nil, branch: String? = nil, helpBaseURI: String? = nil,
        informationURI: String? = nil, label: String? = nil, isSuccessful: Bool = true
    ) {
        self.sourceRoot = sourceRoot
        self.repositoryURI = repositoryURI
        self.branch = branch
        self.helpBaseURI = helpBaseURI
        self.informationURI = informationURI
        self.label = label
        self.isSuccessful = isSuccessful
    }
}

/// Findings as SARIF 2.1.0.
public struct SARIFReport: Sendable {
    /// Name of the fingerprint; its number changes when its ingredients do.
    static let fingerprintKey = "xenwidthCause/v1"
    static let schemaURI = "https://json.schemastore.org/sarif-2.1.0.json"
    let tool: ToolIdentity
    let options: SARIFOptions

    public init(tool: ToolIdentity, options: SARIFOptions = SARIFOptions()) {
        self.tool = tool
        self.options = options
    }

    /// The log, ending with a line break.
    ///
    /// - Parameter rules: all rules that were looked for, whether they found anything or not.
    /// - Parameter fixed: what the baseline knows and is gone.
    /// - Parameter part: of a run that covers a part of the handlers only, what a merge has to know.
    public func render(
        findings: [Finding], audit: Audit, rules: [Rule], fixed: [Baseline.Entry] = [], part: LintPart? = nil
    ) -> String {
        JSONValue.members([
            "$schema": .string(Self.schemaURI),
            "version": .string("2.1.0"),
            "runs": .array([
                run(findings: findings, audit: audit, rules: rules.sorted { $0.id < $1.id }, fixed: fixed, part: part)
            ]),
        ]).rendered()
    }

    private func run(
        findings: [Finding], audit: Audit, rules: [Rule], fixed: [Baseline.Entry], part: LintPart?
    ) -> JSONValue {
        let descriptors = SARIFRules(rules: rules, helpBaseURI: options.helpBaseURI)
        return .members([
            "tool": .members(["driver": driver(descriptors)]),
            "invocations": .array([invocation(audit)]),
            "versionControlProvenance": provenance(audit.tree),
            "originalUriBaseIds": .members([
                SARIFLocation.baseID: .members([
                    "uri": options.sourceRoot.map { .string($0.hasSuffix("/") ? $0 : $0 + "/") },
                    "description": SARIFText.message("The root of the Xen tree."),
                ])
            ]),
            "automationDetails": .members([
                "id": .string("\(tool.name)/\(SARIFLocation.encoded(options.label ?? audit.tree.architecture))/"),
                "description": SARIFText.message(
                    "Hypercall return values of Xen \(audit.tree.version) on \(audit.tree.architecture)."),
            ]),
            "columnKind": .string("unicodeCodePoints"),
            "results": .array(
                findings.map { result($0, ruleIndex: descriptors.index(of: $0.ruleID)) }
                    + fixed.map { absent($0, ruleIndex: descriptors.index(of: $0.rule)) }),
            "taxonomies": descriptors.taxonomies,
            "properties": part?.json.map { .members([LintPart.property: $0]) },
        ])
    }

    private func driver(_ descriptors: SARIFRules) -> JSONValue {
        .members([
            "name": .string(tool.name),
            "version": .string(tool.version),
            "informationUri": options.informationURI.map(JSONValue.string),
            "rules": descriptors.descriptors,
            "supportedTaxonomies": descriptors.supportedTaxonomies,
            "notifications": .array([
                .members([
                    "id": .string("parse-error"),
                    "shortDescription": SARIFText.message("A source file did not parse; rows that need it are unknown."),
                ]),
                .members([
                    "id": .string("unsupported-construct"),
                    "shortDescription": SARIFText.message("C that is not understood; rows that need it are unknown."),
                ]),
            ]),
        ])
    }

    private func invocation(_ audit: Audit) -> JSONValue {
        func notification(_ id: String, level: String, _ message: String, _ location: SourceLocation?) -> JSONValue {
            .members([
                "descriptor": .members(["id": .string(id)]),
                "level": .string(level),
                "message": SARIFText.message(message),
                "locations": location.flatMap { SARIFLocation.physical($0) }.map {
                    .array([.members(["physicalLocation": $0])])
                },
            ])
        }
        let notifications =
            audit.parseErrors.sorted().map { notification("parse-error", level: "warning", $0.message, $0.location) }
            + audit.unsupported.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
                notification("unsupported-construct", level: "note", "\($0.key): \($0.value)", nil)
            }
        return .members([
            "executionSuccessful": .boolean(options.isSuccessful),
            "toolExecutionNotifications": .array(notifications),
        ])
    }

    private func provenance(_ tree: AuditedTree) -> JSONValue? {
        guard let repository = options.repositoryURI, let revision = tree.revision else { return nil }
        return .array([
            .members([
                "repositoryUri": .string(repository),
                "revisionId": .string(revision),
                "branch": options.branch.map(JSONValue.string),
                "mappedTo": .members(["uriBaseId": .string(SARIFLocation.baseID)]),
            ])
        ])
    }

    private func result(_ finding: Finding, ruleIndex: Int?) -> JSONValue {
        // What the finding itself is about needs no second mention.
        let narrowings = finding.subject == .row ? finding.narrowings : []
        let related = narrowings.enumerated().compactMap { index, narrowing -> JSONValue? in
            let text = "\(narrowing.range.shown) is cut from '\(narrowing.from)' to '\(narrowing.to)'"
            return SARIFLocation.location(narrowing.location, message: text, functions: [narrowing.function], id: index + 1)
        }
        return .members([
            "ruleId": .string(finding.ruleID),
            "ruleIndex": ruleIndex.map(JSONValue.integer),
            "kind": .string("fail"),
            "level": .string(finding.severity.rawValue),
            "message": SARIFText.message(finding.message),
            "locations": .array([SARIFLocation.location(finding.location, functions: functions(of: finding))].compactMap { $0 }),
            "relatedLocations": related.isEmpty ? nil : .array(related),
            "codeFlows": codeFlows(finding),
            "suppressions": suppressions(of: finding),
            "fixes": SARIFFixes(finding).value,
            "baselineState": finding.baselineState.map { .string($0.rawValue) },
            "partialFingerprints": .members([Self.fingerprintKey: .string(finding.fingerprint)]),
            "properties": properties(finding),
        ])
    }

    /// An empty list would say that somebody looked, and that the finding counts: only suppressed ones have one.
    private func suppressions(of finding: Finding) -> JSONValue? {
        guard !finding.suppressions.isEmpty else { return nil }
        return .array(finding.suppressions.map { suppression in
            .members([
                "kind": .string("inSource"),
                "justification": .string(suppression.reason),
                "location": SARIFLocation.location(suppression.location),
            ])
        })
    }

    /// What the baseline knows and is gone.
    private func absent(_ entry: Baseline.Entry, ruleIndex: Int?) -> JSONValue {
        .members([
            "ruleId": .string(entry.rule),
            "ruleIndex": ruleIndex.map(JSONValue.integer),
            "message": SARIFText.message(entry.message),
            "locations": .array([
                SARIFLocation.location(SourceLocation(file: entry.file, line: 0, column: 0))
            ].compactMap { $0 }),
            "partialFingerprints": .members([Self.fingerprintKey: .string(entry.fingerprint)]),
            "baselineState": .string(BaselineState.absent.rawValue),
        ])
    }

    /// The functions that the finding's place is known to lie in, else the handlers it was reached from.
    private func functions(of finding: Finding) -> [String] {
        guard finding.subject == .narrowing, let narrowing = finding.narrowings.first else { return finding.handlers }
        return [narrowing.function]
    }

    private func codeFlows(_ finding: Finding) -> JSONValue? {
        guard !finding.evidence.isEmpty else { return nil }
        let steps = finding.evidence.enumerated().map { index, step -> JSONValue in
            .members([
                "location": SARIFLocation.location(step.location, message: step.message)
                    ?? .members(["message": SARIFText.message(step.message)]),
                "executionOrder": .integer(index + 1),
            ])
        }
        return .array([.members(["threadFlows": .array([.members(["locations": .array(steps)])])])])
    }

    private func properties(_ finding: Finding) -> JSONValue {
        let rows = finding.rows.map { row -> JSONValue in
            .members([
                "hypercall": .string(row.hypercall),
                "handler": .string(row.handler),
                "subOperation": .text(row.subOperation),
                "guest": .string(row.guest),
                "verdict": .string(row.verdict.rawValue),
                "range": row.range.map { .members(["min": .string($0.min), "max": .string($0.max)]) } ?? .null,
            ])
        }
        let known = finding.knownCase.map { known -> JSONValue in
            .members([
                "id": .string(known.id), "title": .string(known.title), "history": .string(known.history),
                "remedies": .array(known.remedies.map(JSONValue.string)),
            ])
        }
        return .members(["rows": .array(rows), "knownCase": known])
    }
}
