import Rules
import ValueAnalysis
import XenTree

/// Suggests edits for findings.
struct FixSearch {
    let tree: XenTree
    let rules: [Rule]
    let audit: Audit

    func adding(to findings: [Finding]) -> [Finding] {
        var texts: [String: SourceText?] = [:]
        let building = FixBuilding { file in
            if let known = texts[file] { return known }
            let text = (try? tree.bytes(ofFile: file)).map { SourceText(file: file, bytes: $0) }
            texts[file] = .some(text)
            return text
        }
        let templates = Dictionary(rules.map { ($0.id, $0.fixes) }) { first, _ in first }
        return findings.map { finding in
            var copy = finding
            let wanted = Set(finding.rows)
            copy.fixes = building.fixes(
                for: finding, templates: templates[finding.ruleID, default: []],
                rows: audit.rows.filter { wanted.contains(Finding.Row($0)) })
            return copy
        }
    }
}
