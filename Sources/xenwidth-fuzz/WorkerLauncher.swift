import Foundation
import ProgramFuzzing
import SoundnessFuzzing

/// Seeds that one process takes.
struct WorkerTask: Sendable, CustomStringConvertible {
    var model: DataModel
    var seeds: Range<UInt64>

    var description: String { "\(model.rawValue) \(seeds)" }

    var halves: [WorkerTask]? {
        guard seeds.count > 1 else { return nil }
        let middle = seeds.lowerBound + UInt64(seeds.count / 2)
        return [seeds.lowerBound..<middle, middle..<seeds.upperBound].map { WorkerTask(model: model, seeds: $0) }
    }
}

/// What a worker process hands back.
struct WorkerResult: Codable, Sendable {
    var report: SoundnessCheck.Report
    /// The first violation's program made small, as a file.
    var small: String?
}

struct WorkerFailure: Error, CustomStringConvertible {
    var description: String
}

/// Runs batches in processes of their own: an analyzer that crashes or hangs takes one batch with it, not the campaign.
struct WorkerLauncher: Sendable {
    var executable: String
    var options: [String]
    /// Seconds for a batch and for each program in it, on a machine that has others to serve.
    private let patience = (batch: 120, program: 2)

    init(executable: String, options: [String]) {
        self.executable = executable
        self.options = options
    }

    func run(_ task: WorkerTask, shrinks: Bool = false) throws -> WorkerResult {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments =
            ["--worker", "--model", task.model.rawValue, "--first", "\(task.seeds.lowerBound)"]
            + ["--count", "\(task.seeds.count)", "--shrink", shrinks ? "1" : "0"] + options
        // A crash is expected business here; its stack trace takes longer than the batch.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let seconds = shrinks ? 1_800 : patience.batch + patience.program * task.seeds.count
        let watchdog = DispatchWorkItem { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: watchdog)
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        watchdog.cancel()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw WorkerFailure(description: "the analysis crashed or took too long (\(process.terminationStatus))")
        }
        return try JSONDecoder().decode(WorkerResult.self, from: data)
    }
}
