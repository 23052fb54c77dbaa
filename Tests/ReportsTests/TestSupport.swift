import Foundation
import ProgramModel
import Rules
import ValueAnalysis

@testable import Reports

/// The repository's root, from this file's place in it.
let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

let tool = ToolIdentity(name: "xenwidth", version: "1.2.3")

func bundledPack() throws -> RulePack {
    try RulePack.load(directory: repositoryRoot.appendingPathComponent("rules").path)
}

func place(_ line: Int, _ column: Int = 9, file: String = "xen/common/memory.c") -> SourceLocation {
    SourceLocation(file: file, line: line, column: column)
}

func row(
    _ subOperation: String?, _ verdict: Verdict, range: (String, String)?, at location: SourceLocation,
    handler: String = "do_memory_op", guest: String = "arm32", evidence: [EvidenceStep] = [],
    narrowings: [Narrowing] = [], reason: String? = nil, explanation: String? = nil
) -> AuditRow {
    AuditRow(
        hypercall: "memory_op", handler: handler, subOperation: subOperation, guest: guest, verdict: verdict,
        range: range.map { ValueRange(min: $0.0, max: $0.1) }, location: location, evidence: evidence,
        narrowings: narrowings, reason: reason, returnType: "long", explanation: explanation)
}

/// A small map with a row of most kinds.
func sampleAudit() -> Audit {
    let path = [
        EvidenceStep(location: place(52, 15, file: "xen/common/page_alloc.c"), message: "'max_page' is a global of type 'unsigned long': [0, 0xffffffffffffffff]"),
        EvidenceStep(location: place(1646, 14), message: "converted to 'long' and assigned to 'rc'"),
        EvidenceStep(location: place(2050, 5), message: "returned to the guest"),
    ]
    let cut = Narrowing(
        location: place(77, 16, file: "xen/common/argo.c"), from: "unsigned int", to: "unsigned short",
        range: ValueRange(min: "0", max: "70000"), function: "count_rings")
    var largest = row(
        "XENMEM_maximum_ram_page", .exceeds32Bit, range: ("0", "18446744073709551615"), at: place(1646), evidence: path)
    largest.slots = [
        ResultSlot(name: "r0", width: 32, isCut: true), ResultSlot(name: "multicall", width: 64, isCut: false),
    ]
    return Audit(
        tree: AuditedTree(version: "4.23-unstable", architecture: "arm64", revision: "c447b7308b1330ec6dcfef37220736c28f41daa0"),
        rows: [
            largest,
            row("XENMEM_add_to_physmap", .fitsInt, range: ("-4095", "0"), at: place(1731), explanation: "every return is 0 or -errno"),
            row(nil, .unknown, range: nil, at: place(2060), reason: "arch_memory_op() was not parsed"),
            row("ARGO_count", .exceeds32Bit, range: ("0", "70000"), at: place(90, file: "xen/common/argo.c"),
                handler: "do_argo_op", narrowings: [cut]),
        ],
        unsupported: ["asm goto": 2, "unused": 0],
        parseErrors: [AuditDiagnostic(location: place(3, 1, file: "xen/common/broken.c"), message: "expected ';'")])
}

func sampleFindings() throws -> [Finding] { RuleEngine(pack: try bundledPack()).findings(for: sampleAudit()) }

/// Names as a hostile tree could choose them.
let hostile = "a\n\u{1b}[31m\"<script>\\\u{202e}\u{fffd}{0}'\u{9b}\u{7f}"

func hostileAudit() -> Audit {
    let place = SourceLocation(file: "dir \(hostile)/x:y%.c", line: 1, column: 0)
    var bad = row(hostile, .exceeds32Bit, range: ("0", "4294967296"), at: place, handler: hostile)
    bad.hypercall = hostile
    bad.returnType = hostile
    bad.evidence = [EvidenceStep(location: .unknown, message: hostile), EvidenceStep(location: SourceLocation(file: "a.c", line: 0, column: 4), message: hostile)]
    bad.narrowings = [Narrowing(location: place, from: hostile, to: hostile, range: ValueRange(min: "0", max: "4294967296"), function: hostile)]
    var nowhere = row(nil, .unknown, range: nil, at: .unknown, reason: hostile)
    nowhere.explanation = hostile
    nowhere.slots = [ResultSlot(name: hostile, width: 32, isCut: true)]
    return Audit(
        tree: AuditedTree(version: hostile, architecture: hostile, revision: hostile), rows: [bad, nowhere],
        unsupported: [hostile: 1], parseErrors: [AuditDiagnostic(location: .unknown, message: hostile)])
}

/// A Python program in whose environment the validators may be installed.
struct Python {
    struct Outcome {
        var status: Int32
        var output: String
    }

    let executable: URL

    /// The interpreter that the environment names, the one of the build, or the system's; nil where there is none.
    static func find() -> Python? {
        let environment = ProcessInfo.processInfo.environment
        var candidates = [repositoryRoot.appendingPathComponent(".build-python/bin/python3")]
        if let named = environment["XENWIDTH_PYTHON"] { candidates.insert(URL(fileURLWithPath: named), at: 0) }
        candidates += (environment["PATH"] ?? "").split(separator: ":").map {
            URL(fileURLWithPath: String($0)).appendingPathComponent("python3")
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }.map(Python.init)
    }

    /// nil, and a line that says so, where the module is missing.
    static func with(module: String) -> Python? {
        guard let python = find() else {
            print("skipped: no python3")
            return nil
        }
        guard let probe = try? python.run(["-c", "import \(module)"]), probe.status == 0 else {
            print("skipped: \(python.executable.path) has no module '\(module)'")
            return nil
        }
        return python
    }

    func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory(_ body: (URL) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("xenwidth-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory)
}
