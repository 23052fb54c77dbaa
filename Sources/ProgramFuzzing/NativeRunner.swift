import Foundation

/// What a run of a program gave: the entry's result, sign-extended from `long`, and the checksum.
public struct RunOutcome: Sendable, Hashable {
    public var value: Int64
    public var trace: UInt64

    public init(value: Int64, trace: UInt64) {
        self.value = value
        self.trace = trace
    }
}

public struct NativeRunnerError: Error, CustomStringConvertible {
    public var description: String
}

/// Compiles generated programs and runs them on this machine.
public struct NativeRunner: Sendable {
    public var compiler: String
    public var flags: [String]

    public init(compiler: String, flags: [String] = ["-O1"]) {
        self.compiler = compiler
        self.flags = flags
    }

    /// The first C compiler found on the `PATH`.
    public static func findCompiler(_ names: [String] = ["clang", "cc", "gcc"]) -> String? {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for name in names {
            for directory in directories where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
                return "\(directory)/\(name)"
            }
        }
        return nil
    }

    /// Whether programs of this data model run here: 64-bit machines do not always run 32-bit programs.
    public func canRun(_ model: DataModel) -> Bool {
        let program = ProgramGenerator(options: GeneratorOptions(model: model)).generate(seed: 1)
        return (try? run([program], inputs: [[program.parameters.map { _ in 0 }]])) != nil
    }

    /// Whether the compiler accepts the program.
    public func compiles(_ program: GeneratedProgram) -> Bool {
        (try? withBinary([program], inputs: [[program.parameters.map { _ in 0 }]]) { _ in () }) != nil
    }

    /// Runs every program on its inputs; one compilation for all. The programs must be for this machine's data model.
    public func run(_ programs: [GeneratedProgram], inputs: [[[UInt64]]]) throws -> [[RunOutcome]] {
        try withBinary(programs, inputs: inputs) { binary in
            let arguments = binary + ".in"
            try NativeDriver.bytes(of: inputs).write(to: URL(fileURLWithPath: arguments))
            return try parse(Self.execute(binary, [], input: arguments), shape: inputs.map(\.count))
        }
    }

    private func withBinary<Value>(
        _ programs: [GeneratedProgram], inputs: [[[UInt64]]], _ body: (String) throws -> Value
    ) throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let source = directory.appendingPathComponent("programs.c")
        let binary = directory.appendingPathComponent("programs").path
        try NativeDriver.source(programs, inputs: inputs).write(to: source, atomically: true, encoding: .utf8)
        let modelFlags = programs.first?.model == .ilp32 ? NativeDriver.flags32 : []
        let fixed = ["-std=gnu11", "-w", "-fwrapv", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks"]
        _ = try Self.execute(compiler, fixed + flags + modelFlags + ["-o", binary, source.path])
        return try body(binary)
    }

    private func parse(_ output: Data, shape: [Int]) throws -> [[RunOutcome]] {
        let words = output.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
        guard words.count == 2 * shape.reduce(0, +) else { throw NativeRunnerError(description: "the run ended early") }
        var position = 0
        return shape.map { count in
            defer { position += 2 * count }
            return (0..<count).map {
                RunOutcome(value: Int64(bitPattern: words[position + 2 * $0]), trace: words[position + 2 * $0 + 1])
            }
        }
    }

    /// The standard output of a program that ends well.
    static func execute(_ program: String, _ arguments: [String], input: String? = nil) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = input.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both pipes are drained at once, or a full one would stop the program.
        nonisolated(unsafe) var message = Data()
        let reader = Thread { message = errors.fileHandleForReading.readDataToEndOfFile() }
        reader.start()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, process.terminationReason == .exit else {
            while !reader.isFinished { usleep(1_000) }
            let detail = String(decoding: message.prefix(4_000), as: UTF8.self)
            throw NativeRunnerError(description: "\(program) failed (\(process.terminationStatus)): \(detail)")
        }
        return text
    }
}
