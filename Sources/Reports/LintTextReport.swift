import ProgramModel
import Rules
import ValueAnalysis

/// Findings as a compiler prints them, so that every editor finds the places.
public struct LintTextReport: Sendable {
    private let options: TextOptions
    private let style: TextStyle
    private let sources: SourceLines

    /// - Parameter sources: quoted under each step.
    /// - Parameter patches: suggested edits, which follow as diffs that `patch -p1` takes.
    public init(options: TextOptions = TextOptions(), sources: SourceLines = .none, patches: [FixPatch] = []) {
        self.options = options
        self.sources = sources
        self.patches = patches
        style = TextStyle(isColoured: options.isColoured)
    }

    private let patches: [FixPatch]

    /// The whole report, ending with a line break.
    public func render(
        findings: [Finding], audit: Audit, fixed: [Baseline.Entry] = [], mended: [MendedCase] = []
    ) -> String {
        var blocks = audit.parseErrors.sorted().map {
            message($0.location, .warning, "\($0.message) [parse-error]")
        }
        blocks += findings.filter(\.isReported).map(block)
        blocks += FixText(patches: patches).blocks
        blocks += fixed.map { "fixed since the baseline: \(BaselineReport.line($0))" }
        blocks += mended.map(Self.line)
        let outcome = counts(of: findings.filter(\.isReported)) + silence(findings, fixed: fixed.count)
        let summary = SummaryText(audit: audit, options: options).lines(outcome: outcome)
        return (blocks + summary).joined(separator: "\n") + "\n"
    }

    private func block(for finding: Finding) -> String {
        var lines = [message(finding.location, finding.severity, "\(finding.message) [\(finding.ruleID)]")]
        lines += quote(finding.location)
        for step in finding.evidence { lines += [message(step.location, .note, step.message)] + quote(step.location) }
        // What the message or the path already says is not said again.
        let told = Set(finding.evidence.map(\.location))
        let narrowings = finding.subject == .row ? finding.narrowings : []
        for narrowing in narrowings where !told.contains(narrowing.location) {
            let cut = "\(narrowing.range.shown) is cut from '\(narrowing.from)' to '\(narrowing.to)'"
            lines.append(message(narrowing.location, .note, "\(cut) in \(narrowing.function)()"))
            lines += quote(narrowing.location)
        }
        if let known = finding.knownCase {
            var text = "known case: \(known.title)"
            if !known.remedies.isEmpty { text += "; remedy: " + known.remedies.joined(separator: "; or ") }
            lines.append(message(finding.location, .note, text))
            let history = known.history.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            lines.append(message(finding.location, .note, "history: \(history)"))
        }
        return lines.joined(separator: "\n")
    }

    private func quote(_ location: SourceLocation) -> [String] {
        SourceQuote(style: style, width: options.width).lines(at: location, sources: sources)
    }

    private func message(_ location: SourceLocation, _ severity: Severity, _ text: String) -> String {
        let place = DisplayText.place(location)
        let origin = place.isEmpty ? "xenwidth" : place
        let colour: TextStyle.Colour =
            switch severity {
            case .error: .error
            case .warning: .warning
            case .note: .note
            }
        let body = DisplayText.wrapped(
            DisplayText.escaped(text), width: options.width,
            used: origin.count + severity.rawValue.count + 4, indent: 4)
        return "\(style(origin + ":", .bold)) \(style(severity.rawValue + ":", colour)) \(body)"
    }

    private static func line(_ mended: MendedCase) -> String {
        let guests = mended.guests.joined(separator: ", ")
        let reasons = mended.reasons.isEmpty ? "" : ": " + mended.reasons.joined(separator: "; ")
        return DisplayText.escaped("known case \(mended.knownCase.id): does no harm to \(guests) here\(reasons)")
    }

    /// What is not shown, but must not be forgotten.
    private func silence(_ findings: [Finding], fixed: Int) -> String {
        let suppressed = findings.count { !$0.suppressions.isEmpty }
        let known = findings.count { $0.suppressions.isEmpty && $0.baselineState == .unchanged }
        let parts = [(suppressed, "suppressed"), (known, "known to the baseline"), (fixed, "fixed")]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "" : " (\(told.joined(separator: ", ")))"
    }

    private func counts(of findings: [Finding]) -> String {
        func number(_ severity: Severity) -> String {
            DisplayText.count(findings.count { $0.severity == severity }, severity.rawValue)
        }
        guard !findings.isEmpty else { return "no findings" }
        return Severity.allCases.map(number).joined(separator: ", ")
    }
}
