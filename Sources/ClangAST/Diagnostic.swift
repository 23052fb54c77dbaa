import CLibclang

/// A message of the compiler.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable, Codable, Comparable {
        case note, warning, error, fatal
        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            case .fatal: 3
            }
        }
        public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    }

    public var severity: Severity
    public var message: String
    public var location: ClangLocation
}

extension TranslationUnit {
    /// All messages of the parse, in the compiler's order.
    public var diagnostics: [Diagnostic] {
        (0..<clang_getNumDiagnostics(raw)).compactMap { index in
            guard let diagnostic = clang_getDiagnostic(raw, index) else { return nil }
            defer { clang_disposeDiagnostic(diagnostic) }
            let severity: Diagnostic.Severity
            switch clang_getDiagnosticSeverity(diagnostic) {
            case CXDiagnostic_Fatal: severity = .fatal
            case CXDiagnostic_Error: severity = .error
            case CXDiagnostic_Warning: severity = .warning
            default: severity = .note
            }
            return Diagnostic(
                severity: severity, message: takeString(clang_getDiagnosticSpelling(diagnostic)),
                location: location(clang_getDiagnosticLocation(diagnostic), .file))
        }
    }
}
