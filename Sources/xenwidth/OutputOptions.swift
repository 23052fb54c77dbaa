import Application
import ArgumentParser

/// `-o FILE` and `--output FORMAT=FILE`.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: ArgumentHelp(
        "Write the report to a file; with FORMAT= one more report in that format (repeatable).",
        valueName: "[format=]file"))
    var output: [String] = []

    func validate() throws {
        if output.count(where: { Self.split($0) == nil }) > 1 {
            throw ValidationError("--output: more than one file without a format: name each one's, as in json=FILE")
        }
        let files = output.map { Self.split($0)?.file ?? $0 }
        if Set(files).count < files.count { throw ValidationError("--output: the same file twice") }
    }

    /// Where the report in the format of `--format` goes; nil for standard output.
    var plainPath: String? { output.first { Self.split($0) == nil } }

    /// The other reports, with places that were checked: nobody wants to learn of a typing mistake after the work.
    func others<Format: RawRepresentable & CaseIterable>(
        _: Format.Type
    ) throws(ApplicationError) -> [(format: Format, output: ReportOutput)] where Format.RawValue == String {
        var outputs: [(format: Format, output: ReportOutput)] = []
        for (name, file) in output.compactMap(Self.split) {
            guard let format = Format(rawValue: name) else {
                let known = Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw ApplicationError("--output: no format '\(name)' (there are \(known)): "
                    + "for a file of that name write ./\(name)=...")
            }
            let output = ReportOutput(path: file)
            try output.check()
            outputs.append((format, output))
        }
        return outputs
    }

    /// For commands that write one report in the one way they have.
    func refuseOthers() throws(ApplicationError) {
        if output.contains(where: { Self.split($0) != nil }) {
            throw ApplicationError("--output: this command has no formats: for a file of that name write ./NAME")
        }
    }

    private static func split(_ text: String) -> (name: String, file: String)? {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
        let name = text[..<equals]
        guard name.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else { return nil }
        return (String(name), String(text[text.index(after: equals)...]))
    }
}
