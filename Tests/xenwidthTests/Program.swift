import Foundation

/// The built program, run as a user runs it.
struct Program {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        var wasStopped: Bool
    }

    /// The test runner lies beside the program.
    static let executable: URL = {
        let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
        let beside = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("xenwidth")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        // Some runners are programs of the toolchain that load the tests.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("xenwidth")
    }()

    /// Runs the program to its end, or stops it after `limit` seconds: then it hangs.
    static func run(
        _ arguments: [String], directory: URL? = nil, environment: [String: String] = [:], limit: Double = 240
    ) throws -> Outcome {
        try runAny(executable, arguments, directory: directory, environment: environment, limit: limit)
    }

    /// Runs a shell command in which `"$0"` is the program.
    static func shell(_ command: String, _ arguments: [String] = [], limit: Double = 240) throws -> Outcome {
        try runAny(
            URL(fileURLWithPath: "/bin/bash"), ["-c", command, executable.path] + arguments, directory: nil,
            environment: [:], limit: limit)
    }

    static func runAny(
        _ program: URL, _ arguments: [String], directory: URL?, environment: [String: String], limit: Double
    ) throws -> Outcome {
        try withTemporaryDirectory { scratch in
            // Files in place of pipes: nobody has to empty them while the program runs.
            let files = try ["out", "err"].map { name in
                let url = scratch.appendingPathComponent(name)
                _ = FileManager.default.createFile(atPath: url.path, contents: nil)
                return (url, try FileHandle(forWritingTo: url))
            }
            let process = Process()
            process.executableURL = program
            process.arguments = arguments
            process.currentDirectoryURL = directory
            var variables = ProcessInfo.processInfo.environment
            for name in ["NO_COLOR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"] { variables[name] = nil }
            process.environment = variables.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = files[0].1
            process.standardError = files[1].1
            try process.run()
            let deadline = Date(timeIntervalSinceNow: limit)
            while process.isRunning, Date() < deadline { usleep(5_000) }
            let wasStopped = process.isRunning
            if wasStopped { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            let texts = try files.map { String(decoding: try Data(contentsOf: $0.0), as: UTF8.self) }
            return Outcome(
                status: process.terminationReason == .uncaughtSignal
                    ? 128 + process.terminationStatus : process.terminationStatus,
                output: texts[0], errors: texts[1], wasStopped: wasStopped)
        }
    }
}

/// The repository's root, from this file's place in it.
let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("xenwidth-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.resolvingSymlinksInPath())
}
