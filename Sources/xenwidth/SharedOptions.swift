import Application
import ArgumentParser
import Foundation
import Rules
import XenTree

extension Architecture: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

/// Which tree, and for which machine.
struct TreeOptions: ParsableArguments {
    @Argument(help: "A Xen checkout, or a path in one.")
    var tree = "."

    @Option(help: ArgumentHelp(
        "The architecture that the build is for (`prepare`: this machine's, unless given).", valueName: "name"))
    var arch: Architecture?
}

/// How many threads or processes work.
struct JobsOption: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to work on, or jobs of make (default: one a processor).", valueName: "n"))
    var jobs: Int?

    func validate() throws {
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs: expected 1 to 256") }
    }

    var count: Int { jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// Where the rules' pages are published.
struct PagesOption: ParsableArguments {
    @Option(help: ArgumentHelp(
        "For SARIF: where docs/rules/ is published, as in https://example.org/xenwidth/docs/rules.", valueName: "uri"),
        transform: { text in
            guard let address = PageAddress(text) else { throw ValidationError(PageAddress.expectation) }
            return address
        })
    var helpUri: PageAddress?
}

/// Whether output has colours.
struct ColourOption: ParsableArguments {
    @Option(help: "Colours: auto, always, never.")
    var color: ColourChoice = .auto
}

/// What is said on standard error, and how.
struct TerminalOptions: ParsableArguments {
    @OptionGroup var colour: ColourOption

    @Flag(name: .shortAndLong, help: "Say nothing on standard error but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more on standard error.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    }

    var console: Console {
        Console(verbosity: quiet ? .quiet : verbose ? .verbose : .normal, colour: colour.color)
    }
}
