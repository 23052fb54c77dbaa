/// Why a tree, its build or its hypercall table cannot be used: what is wrong, where, and what to do next.
public enum XenTreeError: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchPath(String)
    case noTree(searchedFrom: String)
    case unreadable(path: String, reason: String)
    case noBuild(directory: String, xenDirectory: String, asked: Architecture?)
    case unknownArchitecture(configuration: String)
    case unsupportedArchitecture(name: String, configuration: String)
    case architectureMismatch(asked: Architecture, built: Architecture, configuration: String)
    case noCompileCommands(place: String, diagnostics: [TreeDiagnostic])
    case noHypercallTable(expected: String, version: String, isDescribedInTree: Bool)
    case malformedHypercallTable(TreeLocation, reason: String)
    case malformedFile(TreeLocation, reason: String)

    public var description: String {
        switch self {
        case .noSuchPath(let path):
            return "\(displayPath(path)): no such file or directory"
        case .noTree(let path):
            return "\(displayPath(path)): not inside a Xen checkout (no directory from here upwards has "
                + "xen/Makefile with XEN_VERSION): give the path of one"
        case .unreadable(let path, let reason):
            return "\(displayPath(path)): cannot be read: \(reason)"
        case .noBuild(let directory, let xenDirectory, let asked):
            return Self.describeMissingBuild(directory, xenDirectory, asked)
        case .unknownArchitecture(let configuration):
            return "\(displayPath(configuration)): names no architecture (\(Self.knownOptions)): "
                + "is it complete? run `make defconfig` and `make build` again"
        case .unsupportedArchitecture(let name, let configuration):
            return "\(displayPath(configuration)): the build is for \(name), which is not supported: "
                + "use a build for " + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
        case .architectureMismatch(let asked, let built, let configuration):
            return "\(displayPath(configuration)): the build is for \(built.rawValue), not for \(asked.rawValue): "
                + "leave out --arch or give --build-dir of a build for \(asked.rawValue)"
        case .noCompileCommands(let place, let diagnostics):
            return Self.describeMissingCommands(place, diagnostics)
        case .noHypercallTable(let expected, let version, let isDescribedInTree):
            let remedy = isDescribedInTree
                ? "the build did not get that far: run `make build` in it again"
                : "Xen \(version) has no such table; supported are the trees that generate it, 4.17 and newer"
            return "no hypercall table: \(displayPath(expected)) does not exist: \(remedy)"
        case .malformedFile(let location, let reason):
            return "\(location): \(reason)"
        case .malformedHypercallTable(let location, let reason):
            return "\(location): hypercall table not understood: \(reason): "
                + "generate it again with `make build`, or report it if the tree is unmodified"
        }
    }

    private static func describeMissingBuild(_ directory: String, _ xenDirectory: String, _ asked: Architecture?) -> String {
        // One after the other: the tree's make takes no other goal beside a configuration.
        let make = "make -C \(shellWord(xenDirectory)) XEN_TARGET_ARCH=\((asked ?? .arm64).rawValue)"
            + (directory == xenDirectory ? "" : " O=\(shellWord(directory))")
        let others = Architecture.allCases.filter { $0 != .arm64 }.map(\.rawValue).joined(separator: " or ")
        return "no build found in \(displayPath(directory)): run `\(make) defconfig && \(make) build` "
            + "(\(asked == nil ? "or \(others); " : "")with CROSS_COMPILE=PREFIX- for another machine's) or give --build-dir"
    }

    private static var knownOptions: String {
        Architecture.allCases.map(\.configurationOption).joined(separator: ", ")
    }

    private static func describeMissingCommands(_ place: String, _ diagnostics: [TreeDiagnostic]) -> String {
        let shown = diagnostics.prefix(3).map { "\n  \($0)" }.joined()
        let more = diagnostics.count > 3 ? "\n  and \(diagnostics.count - 3) more" : ""
        return "no compile command found in \(displayPath(place)): run `make build` to the end, "
            + "or give --compile-commands" + shown + more
    }
}
