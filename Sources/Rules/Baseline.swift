import Foundation

/// The findings that are known already.
public struct Baseline: Hashable, Sendable {
    /// A known finding: what identifies it, and what it was, for people.
    public struct Entry: Hashable, Sendable, Codable {
        public var fingerprint: String
        public var rule: String
        public var architecture: String
        public var guests: [String]
        public var file: String
        public var message: String

        public init(
            fingerprint: String, rule: String, architecture: String, guests: [String], file: String, message: String
        ) {
            self.fingerprint = fingerprint
            self.rule = rule
            self.architecture = architecture
            self.guests = guests
            self.file = file
            self.message = message
        }
    }

    public static let schemaVersion = 1
    public var entries: [Entry]

    public init(entries: [Entry] = []) { self.entries = entries }

    /// The findings that count, on one architecture.
    public init(findings: [Finding], architecture: String) {
        entries = findings.filter { $0.suppressions.isEmpty }.map { finding in
            Entry(
                fingerprint: finding.fingerprint, rule: finding.ruleID, architecture: architecture,
                guests: finding.guests, file: finding.location.file, message: finding.message)
        }
    }

    /// With what is now known of one architecture in place of what was known of it.
    public func replacing(_ architecture: String, with other: Baseline) -> Baseline {
        Baseline(entries: entries.filter { $0.architecture != architecture } + other.entries)
    }

    // MARK: - Files

    private struct Document: Codable {
        var schemaVersion: Int
        var findings: [Entry]
    }

    /// Reads a baseline file's text. `file` is for messages.
    public static func decode(_ data: Data, file: String) throws -> Baseline {
        func failure(_ message: String) -> RulePackError {
            RulePackError(
                kind: .syntax, location: .init(file: file, line: 0, column: 0),
                message: "\(message): make a new one with `xenwidth baseline create`")
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: data)
            guard document.schemaVersion == schemaVersion else {
                throw failure("version \(document.schemaVersion) of the format is not supported")
            }
            return Baseline(entries: document.findings)
        } catch let error as DecodingError {
            throw failure("no baseline: \(text(of: error))")
        }
    }

    private static func text(of error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? "" : " at \(path)"
        }
        switch error {
        case .keyNotFound(let key, let context): return "'\(key.stringValue)' is missing\(place(context))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "a value has the wrong type\(place(context))"
        case .dataCorrupted(let context):
            let cause = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
            return cause ?? context.debugDescription
        @unknown default: return "not understood"
        }
    }

    // MARK: - Comparison

    /// Findings with what is known of them, and what is known and no longer found.
    public struct Comparison: Hashable, Sendable {
        public var findings: [Finding]
        public var fixed: [Entry]
    }

    /// Compares the findings of one architecture with what is known.
    ///
    /// - Parameter rules: that ran: nothing can be said of others.
    /// - Parameter guests: that were analysed, likewise.
    public func compared(
        with findings: [Finding], architecture: String, rules: Set<String>, guests: Set<String>
    ) -> Comparison {
        let known = entries.filter { $0.architecture == architecture }
        let fingerprints = Set(known.map(\.fingerprint))
        var seen: Set<String> = []
        let marked = findings.map { finding in
            var copy = finding
            copy.baselineState = fingerprints.contains(finding.fingerprint) ? .unchanged : .new
            seen.insert(finding.fingerprint)
            return copy
        }
        let fixed = known.filter { entry in
            !seen.contains(entry.fingerprint) && rules.contains(entry.rule) && guests.isSuperset(of: entry.guests)
        }
        return Comparison(findings: marked, fixed: fixed)
    }
}
