import Foundation
import XenTree

/// Makes the build that an analysis reads, with the tree's own make, in a directory outside of the tree.
///
/// This is the only part of the program that runs anything of the tree.
public struct Preparation {
    private let request: PreparationRequest
    private let tree: XenTree
    private let architecture: Architecture
    private let toolchain: Toolchain
    private let observer: any RunObserver
    private let directory: String
    private var logPath: String { directory + "/prepare.log" }

    private struct FailedStep: Error, CustomStringConvertible {
        var description: String
        /// Compiling or not makes no difference to it.
        var isOfMachine: Bool
    }

    /// The step that is running: its name, and what make is asked for.
    private struct Step {
        var name: String
        var arguments: [String]
    }

    public init(_ request: PreparationRequest, observer: any RunObserver) throws {
        self.request = request
        self.observer = observer
        tree = try XenTree.find(from: request.tree)
        guard let architecture = request.architecture ?? Architecture.ofThisMachine else {
            throw ApplicationError(
                "no architecture is given, and this machine is of none that is known: give --arch "
                    + Architecture.allCases.map(\.rawValue).joined(separator: "|"))
        }
        self.architecture = architecture
        try Toolchain.requireMake()
        toolchain = try Toolchain.find(
            architecture: architecture, prefix: request.crossCompile, usesClang: request.usesClang)
        directory = try Self.directory(for: request, tree: tree, architecture: architecture)
    }

    /// Configures and builds; the directory that can be analysed then.
    public func run() throws -> PreparedBuild {
        observer.detected("Xen \(displayPath(tree.version)), \(architecture.rawValue), \(displayPath(tree.root))")
        observer.detected("this runs the tree's own make, in \(displayPath(directory))")
        let record = PreparedBuild(
            tree: tree, architecture: architecture, configuration: Self.configurationName(request),
            directory: directory)
        try createDirectory()
        PreparedBuild.remove(directory: directory)
        let log = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard log >= 0 else {
            throw ApplicationError("\(displayPath(logPath)): cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { close(log) }
        if request.compiles {
            try configure(log: log, toolchain.makeArguments)
            try compile(log: log)
        } else {
            try makeWhatIsRead(log: log)
        }
        // What an analysis would complain about is better known now.
        var build = try XenBuild.open(tree: tree, directory: directory, architecture: architecture)
        build = try recordNames(of: build)
        _ = try build.hypercallTable(guestClasses: [])
        try record.write()
        if request.buildDirectory == nil { try BuildCache(tree: tree).removeOld(like: record) }
        observer.noted("\(build.commands.all.count) compile commands; log: \(displayPath(logPath))")
        return record
    }

    /// The whole of the tree's build, with nothing compiled of which only the object would be used.
    private func makeWhatIsRead(log: Int32) throws {
        let tools = StandInTools(directory: directory, toolchain: toolchain)
        try tools.install()
        let arguments = toolchain.makeArguments.filter { !$0.hasPrefix("CC=") } + tools.makeArguments
        try configure(log: log, arguments)
        do throws(FailedStep) {
            try attempt(build(arguments), log: log)
        } catch {
            guard !tools.haveSeenLink else { return }
            // The real build would fail in the same way.
            guard !error.isOfMachine else { throw ApplicationError("\(error)") }
            observer.warned("the tree's build does not go without compiling (\(error)): compiling all of it")
            try configure(log: log, toolchain.makeArguments)
            try compile(log: log)
        }
    }

    private func compile(log: Int32) throws(ApplicationError) { try run(build(toolchain.makeArguments), log: log) }

    private func build(_ arguments: [String]) -> Step {
        // Nothing of the result is ever run, so debug information would only cost time and space.
        Step(name: "build", arguments: arguments + ["-j\(request.jobs)", "EXTRA_CFLAGS_XEN_CORE=-g0", "build"])
    }

    private func recordNames(of build: XenBuild) throws -> XenBuild {
        let path = directory + "/" + RecordedSymbols.fileName
        guard !request.compiles else {
            unlink(path)
            return build
        }
        let recording = SymbolRecording(build: build, threads: request.jobs, observer: observer)
        let recorded = try recording.record(known: RecordedSymbols())
        try AtomicFile(path: path).write(try recorded.encoded())
        return build.with(recorded: recorded)
    }

    // MARK: Steps

    private func configure(log: Int32, _ arguments: [String]) throws {
        let isFile = Self.isFile(request.configuration)
        if isFile {
            try install(configuration: try text(ofConfiguration: request.configuration))
            try run(Step(name: "configuration", arguments: arguments + ["olddefconfig"]), log: log)
        } else {
            try run(Step(name: "configuration", arguments: arguments + [request.configuration]), log: log)
        }
        guard !request.options.isEmpty else { return }
        let before = try text(ofConfiguration: directory + "/.config")
        try install(configuration: before + request.options.map { "\($0)=y\n" }.joined())
        try run(Step(name: "configuration", arguments: arguments + ["olddefconfig"]), log: log)
        let lines = Set(try text(ofConfiguration: directory + "/.config").split(separator: "\n").map(String.init))
        if let refused = request.options.first(where: { !lines.contains("\($0)=y") }) {
            throw ApplicationError(
                "\(displayPath(refused)): the tree's configuration does not let it be switched on: "
                    + "is it spelled right, and are the options that it depends on on?")
        }
    }

    private func run(_ step: Step, log: Int32) throws(ApplicationError) {
        do throws(FailedStep) {
            try attempt(step, log: log)
        } catch {
            throw ApplicationError("\(error)")
        }
    }

    private func attempt(_ step: Step, log: Int32) throws(FailedStep) {
        let process = BuildProcess(
            program: "make", arguments: ["-C", tree.xenDirectory, "O=\(directory)"] + step.arguments)
        observer.noted(process.commandLine)
        _ = OutputDescriptor(log).write(Array("$ \(process.commandLine)\n".utf8))
        var failure = BuildFailure()
        var count = 0
        let status: Int32
        do throws(ApplicationError) {
            status = try process.run(log: log) { line in
                failure.read(line)
                // The lines of a kernel-like build: a word for the tool, then the file.
                guard line.hasPrefix("  ") else { return }
                count += 1
                let words = line.split(separator: " ").prefix(2).joined(separator: " ")
                observer.progressed(phase: step.name, finished: count, total: 0, label: displayPath(words))
            }
        } catch {
            throw FailedStep(description: "\(error)", isOfMachine: true)
        }
        guard status == 0 else {
            throw FailedStep(
                description: failure.description(step: step.name, status: status, log: logPath),
                isOfMachine: failure.isOfMachine || status > 128)
        }
    }

    // MARK: Files

    private func install(configuration: String) throws(ApplicationError) {
        try AtomicFile(path: directory + "/.config").write(Array(configuration.utf8))
    }

    private func text(ofConfiguration path: String) throws(ApplicationError) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count < 16 << 20 else {
            throw ApplicationError("\(displayPath(path)): cannot be read as a configuration")
        }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private func createDirectory() throws(ApplicationError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw ApplicationError("\(displayPath(directory)): cannot be created: give --build-dir of a place that can")
        }
    }

    private static func isFile(_ configuration: String) -> Bool {
        configuration.contains("/") || !configuration.hasSuffix("config")
            || FileManager.default.fileExists(atPath: configuration)
    }

    private static func directory(
        for request: PreparationRequest, tree: XenTree, architecture: Architecture
    ) throws(ApplicationError) -> String {
        let isFile = isFile(request.configuration)
        guard !isFile || FileManager.default.fileExists(atPath: request.configuration) else {
            throw ApplicationError("\(displayPath(request.configuration)): no such configuration file: "
                + "give one, `defconfig`, or the name of another configuration target of the tree")
        }
        let directory =
            if let chosen = request.buildDirectory {
                URL(fileURLWithPath: chosen).standardizedFileURL.path
            } else {
                try BuildCache(tree: tree)
                    .directory(architecture: architecture, configuration: configurationName(request))
            }
        // Make cannot quote these, and the tree's makefiles would take the rest for something else.
        guard !directory.unicodeScalars.contains(where: { " \t\n:#$%\\'\"=;|&()<>*?[]{}`!~".unicodeScalars.contains($0) }) else {
            throw ApplicationError("\(displayPath(directory)): make cannot build in a directory of that name: "
                + "give --build-dir of one without blanks and special characters")
        }
        return directory
    }

    /// Different for whatever makes the build another one.
    private static func configurationName(_ request: PreparationRequest) -> String {
        var name = request.configuration
        var distinction: [String] = request.options.sorted()
        if isFile(name) {
            let path = URL(fileURLWithPath: name).standardizedFileURL.resolvingSymlinksInPath().path
            distinction.append(path)
            name = path.split(separator: "/").last.map(String.init) ?? "file"
        }
        name = NameDigest.plain(name)
        if request.usesClang { name += "-clang" }
        if let prefix = request.crossCompile { distinction.append(prefix) }
        return distinction.isEmpty ? name : name + "-" + NameDigest.digest(distinction.joined(separator: "\n"))
    }
}
