import Foundation
import ProgramModel
import ValueAnalysis

@testable import Rules

/// The repository's root, from this file's place in it.
let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

let bundledRules = repositoryRoot.appendingPathComponent("rules").path

/// Deterministic random numbers, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

func row(
    handler: String = "do_sample_op", subOperation: String? = nil, guest: String = "arm32",
    verdict: Verdict = .exceeds32Bit, range: (String, String)? = ("0", "18446744073709551615"), line: Int = 10,
    source: String = "'limit' is a global of type 'unsigned long'", narrowings: [Narrowing] = [],
    reason: String? = nil
) -> AuditRow {
    AuditRow(
        hypercall: "sample_op", handler: handler, subOperation: subOperation, guest: guest, verdict: verdict,
        range: range.map { ValueRange(min: $0.0, max: $0.1) },
        location: SourceLocation(file: "xen/sample.c", line: line, column: 9),
        evidence: [EvidenceStep(location: SourceLocation(file: "xen/sample.c", line: line - 1, column: 5), message: source)],
        narrowings: narrowings, reason: reason, returnType: "long", explanation: nil)
}

func narrowing(line: Int = 7, to: String = "unsigned short", max: String = "70000") -> Narrowing {
    Narrowing(
        location: SourceLocation(file: "xen/shared.c", line: line, column: 3), from: "unsigned int", to: to,
        range: ValueRange(min: "0", max: max), function: "shared")
}

func audit(_ rows: [AuditRow]) -> Audit {
    Audit(
        tree: AuditedTree(version: "4.99", architecture: "arm64", revision: nil), rows: rows, unsupported: [:],
        parseErrors: [])
}

/// The two files that every pack needs, at their smallest.
let minimalGuests = """
    guests:
      - {name: small, column: arm, architectures: [arm64], argumentWidth: 32, resultWidth: 32, resultSlot: r0}
    """
let minimalModels = "roots: [{name: current, record: vcpu, accesses: {global: curr}}]\n"

func pack(rule: String, id: String = "sample", guests: String = minimalGuests, models: String = minimalModels) throws -> RulePack {
    try RulePack.decode(files: [
        RulePackFile(path: "guests.yml", text: guests), RulePackFile(path: "models.yml", text: models),
        RulePackFile(path: "findings/\(id).yml", text: rule),
    ])
}

/// A valid rule with one part exchanged.
func ruleText(id: String = "sample", when: String = "{verdict: unknown}", message: String = "m", extra: String = "") -> String {
    """
    id: \(id)
    title: A sample
    severity: note
    when: \(when)
    message: "\(message)"
    help: Nothing to say.
    \(extra)
    """
}

/// A place in a file of no other rows.
func place(_ line: Int, file: String = "xen/sample.c") -> SourceLocation {
    SourceLocation(file: file, line: line, column: 1)
}
