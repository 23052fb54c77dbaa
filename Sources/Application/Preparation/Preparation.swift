import Foundation
import XenTree

/// What a user wants built.
public struct PreparationRequest: Sendable {
    /// A path in the checkout.
    public var tree: String
    /// nil for that of this machine.
    public var architecture: Architecture?
    /// A configuration target of the tree's make, or a file with one.
    public var configuration: String
    /// Options that are switched on in it.
    public var options: [String]
    public var crossCompile: String?
    public var usesClang: Bool
    /// nil for one in the cache.
    public var buildDirectory: String?
    public var jobs: Int

    public init(
        tree: String, architecture: Architecture? = nil, configuration: String = "defconfig", options: [String] = [],
        crossCompile: String? = nil, usesClang: Bool = false, buildDirectory: String? = nil, jobs: Int = 1
    ) {
        self.tree = tree
        self.architecture = architecture
        self.configuration = configuration
        self.options = options
        self.crossCompile = crossCompile
        self.usesClang = usesClang
        self.buildDirectory = buildDirectory
        self.jobs = jobs
    }
}

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
        try configure(log: log)
        // Nothing of the result is ever run, so debug information would only cost time and space.
        try run(Step(
            name: "build", arguments: ["-j\(request.jobs)", "EXTRA_CFLAGS_XEN_CORE=-g0", "build"]), log: log)
        // What an analysis would complain about is better known now.
        let build = try XenBuild.open(tree: tree, directory: directory, architecture: architecture)
        _ = try build.hypercallTable(guestClasses: [])
        try record.write()
        observer.noted("\(build.commands.all.count) compile commands; log: \(displayPath(logPath))")
        return record
    }

    // MARK: Steps

    private func configure(log: Int32) throws {
        let isFile = Self.isFile(request.configuration)
        if isFile {
            try install(configuration: try text(ofConfiguration: request.configuration))
            try run(Step(name: "configuration", arguments: ["olddefconfig"]), log: log)
        } else {
            try run(Step(name: "configuration", arguments: [request.configuration]), log: log)
        }
        guard !request.options.isEmpty else { return }
        let before = try text(ofConfiguration: directory + "/.config")
        try install(configuration: before + request.options.map { "\($0)=y\n" }.joined())
        try run(Step(name: "configuration", arguments: ["olddefconfig"]), log: log)
        let lines = Set(try text(ofConfiguration: directory + "/.config").split(separator: "\n").map(String.init))
        if let refused = request.options.first(where: { !lines.contains("\($0)=y") }) {
            throw ApplicationError(
                "\(displayPath(refused)): the tree's configuration does not let it be switched on: "
                    + "is it spelled right, and are the options that it depends on on?")
        }
    }

    private func run(_ step: Step, log: Int32) throws(ApplicationError) {
        let process = BuildProcess(
            program: "make",
            arguments: ["-C", tree.xenDirectory, "O=\(directory)"] + toolchain.makeArguments + step.arguments)
        observer.noted(process.commandLine)
        _ = OutputDescriptor(log).write(Array("$ \(process.commandLine)\n".utf8))
        var failure = BuildFailure()
        var count = 0
        let status = try process.run(log: log) { line in
            failure.read(line)
            // The lines of a kernel-like build: a word for the tool, then the file.
            guard line.hasPrefix("  ") else { return }
            count += 1
            let words = line.split(separator: " ").prefix(2).joined(separator: " ")
            observer.progressed(phase: step.name, finished: count, total: 0, label: displayPath(words))
        }
        guard status == 0 else {
            throw ApplicationError(failure.description(step: step.name, status: status, log: logPath))
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
        guard !directory.unicodeScalars.contains(where: { " \t\n:#$%\\'\"=;|&".unicodeScalars.contains($0) }) else {
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
