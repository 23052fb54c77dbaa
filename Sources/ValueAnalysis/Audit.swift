import ProgramModel

/// What can be said of the values that a handler returns to a 32-bit guest, from best to worst.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// Within [INT_MIN, INT_MAX].
    case fitsInt = "fits-int"
    /// Above INT_MAX, and taken for no error: up to 2^32-4096 by `ErrorConvention.errno`, never by the other.
    case fitsUnsigned = "fits-unsigned"
    /// A successful value that a guest takes for an error, by the convention of the audit.
    case errnoAmbiguous = "errno-ambiguous"
    /// Does not fit 32 bits, or was cut on the way.
    case exceeds32Bit = "exceeds-32-bit"
    /// The guest never sees it: the hypercall is re-executed.
    case continuation
    /// The handlers that restore the guest's registers (iret).
    case registerRestore = "register-restore"
    /// Not decided; the row's reason says why.
    case unknown
}

/// A range of C values as decimal strings: 64-bit values do not survive JSON readers that use doubles.
public struct ValueRange: Hashable, Sendable, Codable {
    public var min: String
    public var max: String

    public init(min: String, max: String) {
        self.min = min
        self.max = max
    }
}

/// One step on the way of a value from its source to the return.
public struct EvidenceStep: Hashable, Sendable, Codable {
    public var location: SourceLocation
    public var message: String

    public init(location: SourceLocation, message: String) {
        self.location = location
        self.message = message
    }
}

/// A conversion on the way to the return that loses bits of a reachable value.
public struct Narrowing: Hashable, Sendable, Codable, Comparable {
    public var location: SourceLocation
    /// C spellings, such as `unsigned long` and `int`.
    public var from: String
    public var to: String
    /// The range of the value before it was cut.
    public var range: ValueRange
    /// The function that the conversion stands in.
    public var function: String

    public init(location: SourceLocation, from: String, to: String, range: ValueRange, function: String) {
        self.location = location
        self.from = from
        self.to = to
        self.range = range
        self.function = function
    }

    public static func < (a: Narrowing, b: Narrowing) -> Bool {
        (a.location, a.from, a.to, a.function, a.range.min, a.range.max)
            < (b.location, b.from, b.to, b.function, b.range.min, b.range.max)
    }
}

/// A value that a handler returns besides the one that its row shows, and that is as bad: the verdict is the row's.
public struct ReturnPath: Hashable, Sendable, Codable {
    /// As a row's.
    public var range: ValueRange
    public var location: SourceLocation
    /// Source first.
    public var evidence: [EvidenceStep]

    public init(range: ValueRange, location: SourceLocation, evidence: [EvidenceStep]) {
        self.range = range
        self.location = location
        self.evidence = evidence
    }
}

/// One line of the map: a handler, a sub-operation and a guest class, with the verdict and its evidence.
public struct AuditRow: Hashable, Sendable, Codable {
    public var hypercall: String
    public var handler: String
    /// nil for the paths outside any `case`.
    public var subOperation: String?
    public var guest: String
    public var verdict: Verdict
    /// The C value before it is cut; nil if nothing returns.
    public var range: ValueRange?
    /// What the handler returns, after all cuts: what a program that runs is compared with.
    public var returned: ValueRange?
    /// The return, or the assignment that carries the extreme value.
    public var location: SourceLocation
    /// Source first.
    public var evidence: [EvidenceStep]
    public var narrowings: [Narrowing]
    /// From other sources than `evidence`, by source; not all if there are many.
    public var furtherPaths: [ReturnPath]
    /// Why the verdict is `unknown`.
    public var reason: String?
    /// The handler's declared return type.
    public var returnType: String
    /// The decisive reason of a `fits` verdict.
    public var explanation: String?
    /// Where the guest sees the value; empty where that is not known.
    public var slots: [ResultSlot]

    public init(
        hypercall: String, handler: String, subOperation: String?, guest: String, verdict: Verdict, range: ValueRange?,
        location: SourceLocation, evidence: [EvidenceStep], narrowings: [Narrowing], reason: String?,
        returnType: String, explanation: String?, slots: [ResultSlot] = [], furtherPaths: [ReturnPath] = []
    ) {
        self.hypercall = hypercall
        self.handler = handler
        self.subOperation = subOperation
        self.guest = guest
        self.verdict = verdict
        self.range = range
        self.location = location
        self.evidence = evidence
        self.narrowings = narrowings
        self.furtherPaths = furtherPaths
        self.reason = reason
        self.returnType = returnType
        self.explanation = explanation
        self.slots = slots
    }
}

extension AuditRow {
    /// The row once for each of its paths, as if each were the only one.
    public var paths: [AuditRow] {
        guard !furtherPaths.isEmpty else { return [self] }
        let others = furtherPaths.map { path in
            var row = self
            row.range = path.range
            row.location = path.location
            row.evidence = path.evidence
            row.narrowings = narrowingsPassed(by: path.evidence)
            row.furtherPaths = []
            return row
        }
        var first = self
        // Each cut has a path: what no evidence passes (it is not endless) stays with the first.
        let cutElsewhere = Set(others.flatMap(\.narrowings)).subtracting(narrowingsPassed(by: evidence))
        first.narrowings.removeAll(where: cutElsewhere.contains)
        return [first] + others
    }

    private func narrowingsPassed(by evidence: [EvidenceStep]) -> [Narrowing] {
        let places = Set(evidence.map(\.location))
        return narrowings.filter { places.contains($0.location) }
    }
}

/// A message about something that stood in the way, such as a parse error.
public struct AuditDiagnostic: Hashable, Sendable, Codable, Comparable {
    public var location: SourceLocation
    public var message: String

    public init(location: SourceLocation, message: String) {
        self.location = location
        self.message = message
    }

    public static func < (a: AuditDiagnostic, b: AuditDiagnostic) -> Bool {
        (a.location, a.message) < (b.location, b.message)
    }
}

/// What was audited.
public struct AuditedTree: Hashable, Sendable, Codable {
    public var version: String
    public var architecture: String
    /// Git revision, nil outside a git checkout.
    public var revision: String?

    public init(version: String, architecture: String, revision: String?) {
        self.version = version
        self.architecture = architecture
        self.revision = revision
    }
}

/// The return-value map of a tree.
public struct Audit: Hashable, Sendable, Codable {
    public var tree: AuditedTree
    /// Ordered by hypercall as in the table, guest, then sub-operation as in the source.
    public var rows: [AuditRow]
    /// Kinds of constructs that could not be lowered, with how often they were met on handler paths.
    public var unsupported: [String: Int]
    public var parseErrors: [AuditDiagnostic]
    /// By which the verdicts were given.
    public var convention: ErrorConvention

    public init(
        tree: AuditedTree, rows: [AuditRow], unsupported: [String: Int], parseErrors: [AuditDiagnostic],
        convention: ErrorConvention = .standard
    ) {
        self.convention = convention
        self.tree = tree
        self.rows = rows
        self.unsupported = unsupported
        self.parseErrors = parseErrors
    }

    /// Number of rows of each verdict that occurs.
    public var summary: [Verdict: Int] {
        rows.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    }

    /// Why nothing at all could be decided; nil if something was, or there was nothing to decide.
    public var reasonForNothing: String? {
        rows.allSatisfy { $0.verdict == .unknown } ? rows.first.map { $0.reason ?? "no reason is known" } : nil
    }
}
