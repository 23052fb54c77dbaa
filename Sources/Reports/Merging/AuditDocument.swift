import Foundation
import ProgramModel
import ValueAnalysis

/// `audit --format json`, read back.
public struct AuditDocument: Sendable {
    public var audit: Audit
    public var part: AuditPart?
    /// What a merged document calls it.
    public var label: String

    public init(audit: Audit, part: AuditPart?, label: String) {
        self.audit = audit
        self.part = part
        self.label = label
    }

    /// - Throws: `MergeError` with what is wrong with the document.
    public init(json: Data) throws(MergeError) {
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: json)
        } catch {
            throw MergeError("it is not the output of `xenwidth audit --format json`: " + MergeError.reason(error))
        }
        guard wire.schemaVersion == AuditJSONReport.schemaVersion else {
            throw MergeError("it has version \(wire.schemaVersion) of the format, this program reads "
                + "\(AuditJSONReport.schemaVersion): use one version of xenwidth for all parts")
        }
        guard wire.configurations == nil else {
            throw MergeError("it is a merged map: merge the maps that it was made of, all at once")
        }
        audit = Audit(
            tree: wire.tree, rows: wire.rows.map(\.row), unsupported: wire.unsupported,
            parseErrors: wire.parseErrors.map { AuditDiagnostic(location: $0.location, message: $0.message) },
            convention: wire.convention ?? .standard)
        part = wire.part
        label = wire.label ?? wire.tree.architecture
    }

    // MARK: The format

    private struct Wire: Decodable {
        var schemaVersion: Int
        var tree: AuditedTree
        var convention: ErrorConvention?
        var label: String?
        var part: AuditPart?
        var configurations: [Ignored]?
        var rows: [WireRow]
        var unsupported: [String: Int]
        var parseErrors: [Step]
    }

    private struct Ignored: Decodable {}

    private struct Step: Decodable {
        var file: String
        var line: Int
        var column: Int
        var message: String
        var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }
        var step: EvidenceStep { EvidenceStep(location: location, message: message) }
    }

    private struct Cut: Decodable {
        var file: String
        var line: Int
        var column: Int
        var from: String
        var to: String
        var range: ValueRange
        var function: String
    }

    private struct Place: Decodable {
        var file: String
        var line: Int
        var column: Int
        var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }
    }

    private struct WirePath: Decodable {
        var range: ValueRange
        var location: Place
        var evidence: [Step]

        var path: ReturnPath {
            ReturnPath(range: range, location: location.location, evidence: evidence.map(\.step))
        }
    }

    private struct WireRow: Decodable {
        var hypercall: String
        var handler: String
        var returnType: String
        var subOperation: String?
        var guest: String
        var verdict: Verdict
        var range: ValueRange?
        var location: Place
        var evidence: [Step]
        var narrowings: [Cut]
        var reason: String?
        var explanation: String?
        /// Older documents have none of these.
        var slots: [ResultSlot]?
        var furtherPaths: [WirePath]?

        var row: AuditRow {
            AuditRow(
                hypercall: hypercall, handler: handler, subOperation: subOperation, guest: guest, verdict: verdict,
                range: range,
                location: location.location, evidence: evidence.map(\.step),
                narrowings: narrowings.map {
                    Narrowing(
                        location: SourceLocation(file: $0.file, line: $0.line, column: $0.column), from: $0.from,
                        to: $0.to, range: $0.range, function: $0.function)
                },
                reason: reason, returnType: returnType, explanation: explanation,
                slots: slots ?? [], furtherPaths: (furtherPaths ?? []).map(\.path))
        }
    }
}

/// Why documents cannot be merged, without the name of the file.
public struct MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }

    /// A decoding error as people read it: where in the document, and what.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined()
            return path.isEmpty ? "" : DisplayText.escaped(String(path.drop { $0 == "." }.prefix(200))) + ": "
        }
        return switch error {
        case .keyNotFound(let key, let context): place(context) + "no member '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): place(context) + "a value of another type"
        case .dataCorrupted(let context): place(context) + "not understood"
        @unknown default: "not understood"
        }
    }
}
