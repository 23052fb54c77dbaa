import Application
import ArgumentParser
import Foundation
import Reports
import Rules
import ValueAnalysis
import XenTree

/// `xenwidth merge`: what several machines found, as one report.
struct MergeCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Joins the reports of shards, architectures and configurations.",
        discussion: """
            Takes maps (audit --format json) or SARIF logs (lint --format sarif). The parts of a run with --shard give \
            what one run would have given; of several configurations, what they have in common comes once and names \
            them all. Maps can be written in every format, SARIF logs as SARIF, and those of one run's parts as gitlab, github \
            and junit too. Findings drawn from maps are those about rows; SARIF logs have all of them, and know which are \
            suppressed.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case json, text, html, sarif, gitlab, github, junit

        /// Drawn from the map by the rules.
        var isOfFindings: Bool { LintCommand.Format(rawValue: rawValue) != nil && ![.json, .text].contains(self) }
    }

    @Argument(help: "Reports to join.")
    var files: [String]

    @Option(help: "Format of the report: json (the map), text, html, sarif, gitlab, github, junit (default: that of the files).")
    var format: Format?

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("A rule pack in place of the built-in one.", valueName: "dir"))
    var rules: String?

    @OptionGroup var pages: PagesOption

    @OptionGroup var colours: ColourOption

    var outputPath: String? { output.plainPath }
    var console: Console { Console(verbosity: .normal, colour: colour) }
    var colour: ColourChoice { colours.color }

    /// Reports of the whole of Xen are a few megabytes.
    private static let sizeLimit = 512 << 20

    func report(console: Console, output: ReportOutput) throws -> Status {
        let others = try self.output.others(Format.self)
        let contents = try files.map(read)
        let logs = contents.map { $0.prefix(4096).range(of: Data("\"$schema\"".utf8)) != nil }
        if logs.allSatisfy({ $0 }) {
            try reportLogs(contents, to: [(format ?? .sarif, output)] + others)
            return .clean
        }
        guard !logs.contains(true) else {
            throw ApplicationError("maps and SARIF logs cannot be merged with each other: give files of one kind")
        }
        let pack = try RulePack.load(directory: try packDirectory)
        var documents: [AuditDocument] = []
        for (file, data) in zip(files, contents) {
            do {
                documents.append(try AuditDocument(json: data))
            } catch {
                throw ApplicationError("\(displayPath(file)): \(error)")
            }
        }
        if ([format ?? .json] + others.map(\.format)).contains(where: \.isOfFindings) {
            console.warned("maps know of rows only, not of dispatchers, declarations, suppressions and baselines: "
                + "for complete findings merge SARIF logs of `xenwidth lint`")
        }
        let order = pack.guests.map(\.name)
        let (audit, configurations) = try AuditMerge(documents: documents) { name in
            order.firstIndex(of: name) ?? order.count
        }.merged()
        for (format, output) in [(format ?? .json, output)] + others {
            try output.write(text(format, audit: audit, configurations: configurations, pack: pack, output: output))
        }
        return .clean
    }

    private var packDirectory: String {
        get throws { try RulePack.locate(executablePath: CommonOptions.executable, override: rules) }
    }

    /// Logs of whole runs are joined as they are; of the parts of a run the findings are drawn anew, from all of them.
    private func reportLogs(_ contents: [Data], to outputs: [(format: Format, output: ReportOutput)]) throws {
        var labels: [String] = []
        var parts: [String: [LintPart]] = [:]
        var wholes: [Data] = []
        for (file, data) in zip(files, contents) {
            do {
                guard let (part, label) = try LintPart.read(data) else {
                    wholes.append(data)
                    continue
                }
                if parts[label] == nil { labels.append(label) }
                parts[label, default: []].append(part)
            } catch {
                throw ApplicationError("\(displayPath(file)): \(error)")
            }
        }
        let isOneRun = wholes.isEmpty && labels.count == 1
        if let other = outputs.map(\.format).first(where: { $0 != .sarif && !(isOneRun && $0.isOfFindings) }) {
            throw ApplicationError("SARIF logs make no \(other.rawValue): they can be merged to sarif, and the parts of one run "
                + "also to gitlab, github and junit. For \(other.rawValue) merge maps (audit --format json)")
        }
        let merged = try labels.map { label in
            try LintMerge(packDirectory: packDirectory).merged(parts[label] ?? [], label: label)
        }
        for (format, output) in outputs {
            let texts = merged.map { rendered(format, $0, for: output) }
            try output.write(isOneRun ? texts[0] : SARIFMerge(logs: wholes + texts.map { Data($0.utf8) }).rendered())
        }
    }

    private func rendered(_ format: Format, _ lint: LintMerge.Result, for output: ReportOutput) -> String {
        FindingsRendering(
            tool: Program.identity, text: textOptions(for: output), sarif: lint.options, rules: lint.rules
        ).text(
            LintCommand.Format(rawValue: format.rawValue) ?? .sarif, findings: lint.findings, audit: lint.audit,
            fixed: lint.fixed)
    }

    private func text(
        _ format: Format, audit: Audit, configurations: MergedConfigurations?, pack: RulePack, output: ReportOutput
    ) -> String {
        switch format {
        case .json: return AuditJSONReport(tool: Program.identity).render(audit: audit, configurations: configurations)
        case .html: return AuditHTMLReport(tool: Program.identity).render(audit: audit, configurations: configurations)
        case .text: return AuditTextReport(options: textOptions(for: output)).render(audit: audit)
        case .sarif, .gitlab, .github, .junit:
            let rendering = FindingsRendering(
                tool: Program.identity, text: textOptions(for: output),
                sarif: SARIFOptions(helpBaseURI: pages.helpUri?.text),
                rules: pack.rules.filter(\.isEnabled))
            let findings = RuleEngine(pack: pack).findings(for: audit)
            return rendering.text(
                LintCommand.Format(rawValue: format.rawValue) ?? .sarif, findings: findings, audit: audit)
        }
    }

    private func read(_ file: String) throws(ApplicationError) -> Data {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let size = attributes?[.size] as? Int else {
            throw ApplicationError("\(displayPath(file)): no such file")
        }
        let isRegular = (try? URL(fileURLWithPath: file).resolvingSymlinksInPath()
            .resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false
        guard isRegular, size <= Self.sizeLimit, let data = FileManager.default.contents(atPath: file) else {
            throw ApplicationError("\(displayPath(file)): cannot be read as a report")
        }
        return data
    }
}
