import Application
import ArgumentParser
import XenTree

/// `xenwidth prepare`: from a clean checkout to a build that can be analysed.
struct PrepareCommand: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Makes the build that the other commands read, outside of the tree.",
        discussion: """
            Runs the tree's own make to configure and to make headers, flags and tables, in the user's cache directory \
            unless --build-dir names another place; the other commands find it there by themselves. The hypervisor is \
            not compiled where the tree's make lets that be left out. This is the only command that executes anything \
            of the tree. Prints the build's directory.
            """)

    @OptionGroup var place: TreeOptions

    @Option(help: ArgumentHelp(
        "A configuration: a file, or a target of the tree's make such as defconfig.", valueName: "file|name"))
    var config = "defconfig"

    @Option(help: ArgumentHelp("Switch on an option of the configuration, CONFIG_NAME.", valueName: "option"))
    var enable: [String] = []

    @Option(help: ArgumentHelp(
        "What the cross compiler's name begins with (default: searched for).", valueName: "prefix"))
    var crossCompile: String?

    @Flag(help: "Compile with clang.")
    var clang = false

    @Flag(help: "Compile the hypervisor too: takes minutes, and leaves objects with symbol tables.")
    var compile = false

    @Option(help: ArgumentHelp("Where to build (default: in the user's cache directory).", valueName: "dir"))
    var buildDir: String?

    @OptionGroup var jobs: JobsOption
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        for option in enable where !Self.isOption(option) {
            throw ValidationError("--enable: expected CONFIG_ and a name, got '\(displayPath(option))'")
        }
        // Make would take these for options or variables of its own.
        if config.isEmpty || config.hasPrefix("-") || (config.contains("=") && !config.contains("/")) {
            throw ValidationError("--config: expected a file or the name of a configuration")
        }
        if let crossCompile, crossCompile.contains(where: { " $;|&'\"`\\\n".contains($0) }) {
            throw ValidationError("--cross-compile: expected a prefix such as aarch64-linux-gnu-")
        }
    }

    func report() -> Status {
        let console = terminal.console
        return guarded(console) {
            let cost = RunCost()
            let request = PreparationRequest(
                tree: place.tree, architecture: place.arch, configuration: config, options: enable, crossCompile: crossCompile,
                usesClang: clang, buildDirectory: buildDir,
                jobs: jobs.count, compiles: compile)
            let prepared = try Preparation(request, observer: console).run()
            console.clearProgress()
            try ReportOutput(path: nil).write(prepared.directory + "\n")
            console.detected("prepared in \(cost.text); next: \(next)")
            return .clean
        }
    }

    /// What finds this build among others.
    private var next: String {
        let tree = place.tree == "." ? [] : [shellWord(place.tree)]
        let build = buildDir.map { ["--build-dir", shellWord($0)] } ?? place.arch.map { ["--arch", $0.rawValue] } ?? []
        return (["xenwidth lint"] + tree + build).joined(separator: " ")
    }

    private static func isOption(_ text: String) -> Bool {
        text.hasPrefix("CONFIG_") && text.utf8.count < 200 && text.utf8.dropFirst(7).allSatisfy { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        }
    }
}
