import ProgramModel
import ValueAnalysis

/// The map as one page that needs nothing else: no network, nothing that the tree's names could make run.
public struct AuditHTMLReport: Sendable {
    private let tool: ToolIdentity
    private let sources: SourceLines

    public init(tool: ToolIdentity, sources: SourceLines = .none) {
        self.tool = tool
        self.sources = sources
    }

    /// The document, ending with a line break.
    public func render(audit: Audit, configurations: MergedConfigurations? = nil) -> String {
        let table = HTMLTable(audit: audit)
        let data = HTMLData(audit: audit, configurations: configurations, sources: sources)
        let title = "Hypercall return values of Xen \(audit.tree.version), \(audit.tree.architecture)"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(text(title))</title>
            <style>\(HTMLStyle.text)</style>
            </head>
            <body>
            <header>
            <h1>\(text(title))</h1>
            <p class="soft">\(text(subtitle(audit)))</p>
            </header>
            <noscript><p>Without scripts the map can be read, but not filtered, and the paths cannot be opened.</p></noscript>
            \(controls(audit))
            <p class="soft">A cell shows the verdict that needs a look first; press it for the path. Arrow keys move, \
            / searches, Escape closes.</p>
            <main class="layout" id="layout">
            <div class="scroll\(table.isWide ? " wide" : "")" id="map">
            \(table.markup)
            </div>
            <aside id="details" aria-label="Details" tabindex="-1" hidden></aside>
            </main>
            <script type="application/json" id="data">\(data.embedded)</script>
            <script>\(HTMLScript.text)</script>
            </body>
            </html>

            """
    }

    /// Only what stands in this page, and nothing that a name from the tree could have brought into it.
    private var policy: String {
        "default-src 'none'; style-src '\(ContentDigest.source(HTMLStyle.text))'; "
            + "script-src '\(ContentDigest.source(HTMLScript.text))'; base-uri 'none'; form-action 'none'"
    }

    private func subtitle(_ audit: Audit) -> String {
        var parts: [String] = []
        if let revision = audit.tree.revision { parts.append("revision \(revision.prefix(12))") }
        if audit.convention != .standard { parts.append("by convention '\(audit.convention.rawValue)'") }
        parts.append(DisplayText.count(audit.rows.count, "row"))
        if !audit.parseErrors.isEmpty { parts.append(DisplayText.count(audit.parseErrors.count, "parse error")) }
        parts.append("\(tool.name) \(tool.version)")
        return parts.joined(separator: ", ")
    }

    private func controls(_ audit: Audit) -> String {
        let summary = audit.summary
        let boxes = HTMLVerdict.order.filter { summary[$0] != nil }.map { verdict in
            "<label class=\"chip \(HTMLVerdict.style(verdict))\"><input type=\"checkbox\" name=\"verdict\" "
                + "value=\"\(verdict.rawValue)\" checked>\(HTMLVerdict.sign(verdict)) \(verdict.rawValue) "
                + "<span>\(summary[verdict] ?? 0)</span></label>"
        }
        let total = HTMLTable(audit: audit).lineCount
        return """
            <div class="controls" role="search">
            <label>Search <input type="search" id="search" placeholder="hypercall, handler, sub-operation" aria-keyshortcuts="/"></label>
            <fieldset><legend>Verdicts</legend>\(boxes.joined())</fieldset>
            <button type="button" class="chip" id="unfold" aria-pressed="false">Unfold all</button>
            <span class="soft" id="status" role="status" data-total="\(total)"></span>
            </div>
            """
    }

    private func text(_ value: String) -> String { MarkupText.escaped(DisplayText.escaped(value)) }
}

/// How a verdict is shown.
enum HTMLVerdict {
    /// What needs a look first.
    static let order: [Verdict] = [
        .exceeds32Bit, .unknown, .errnoAmbiguous, .fitsUnsigned, .registerRestore, .continuation, .fitsInt,
    ]

    static func style(_ verdict: Verdict) -> String {
        switch verdict {
        case .exceeds32Bit: "bad"
        case .unknown: "open"
        case .errnoAmbiguous, .fitsUnsigned: "fair"
        case .fitsInt, .continuation, .registerRestore: "good"
        }
    }

    static func sign(_ verdict: Verdict) -> String {
        switch verdict {
        case .exceeds32Bit: "\u{2715}"
        case .unknown: "?"
        case .errnoAmbiguous, .fitsUnsigned: "!"
        case .fitsInt, .continuation, .registerRestore: "\u{2713}"
        }
    }

    /// The one of several that needs a look first.
    static func worst(_ verdicts: [Verdict]) -> Verdict { order.first(where: verdicts.contains) ?? .unknown }
}
