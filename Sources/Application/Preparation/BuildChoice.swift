import XenTree

/// There is no build to analyse, and nobody asked for one to be made.
public struct UnpreparedTree: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// What would help, as the end of a sentence.
    public var offer: String
}

/// The build that is analysed: the one that was asked for, the tree's own, or one that `prepare` made.
public struct BuildChoice {
    let tree: XenTree
    let request: AnalysisRequest
    let observer: any RunObserver

    /// The directories of all builds that `request` may mean, where these are several that are prepared; else none.
    public static func several(_ request: AnalysisRequest, observer: any RunObserver) throws -> [String] {
        guard request.buildDirectory == nil, request.compileCommands == nil, !request.prepares else { return [] }
        let choice = BuildChoice(tree: try XenTree.find(from: request.tree), request: request, observer: observer)
        let configurations = choice.configurations
        // The tree's own build comes before any that is prepared.
        guard configurations.count > 1, (try? choice.open(directory: nil)) == nil else { return [] }
        return configurations.compactMap(choice.choice).map(\.directory)
    }

    func open() throws -> XenBuild {
        if request.prepares {
            let prepared = try Preparation(preparation, observer: observer).run()
            return try open(directory: prepared.directory)
        }
        guard request.buildDirectory == nil, request.compileCommands == nil else {
            return try open(directory: request.buildDirectory)
        }
        do throws(XenTreeError) {
            return try open(directory: nil)
        } catch {
            switch error {
            case .noBuild, .architectureMismatch:
                guard let prepared = try prepared() else {
                    let description = "\(error), or \(offer); --prepare does so at once"
                    throw UnpreparedTree(description: description, offer: offer)
                }
                return try open(directory: prepared.directory)
            default: throw error
            }
        }
    }

    private func open(directory: String?) throws(XenTreeError) -> XenBuild {
        let build = try XenBuild.open(
            tree: tree, directory: directory, compileCommands: request.compileCommands,
            architecture: request.architecture)
        guard let known = build.recorded else { return build }
        // Functions may have been added, moved or renamed since the names were read.
        let recording = SymbolRecording(build: build, threads: request.jobs, observer: observer)
        guard let now = try? recording.record(known: known), now != known else { return build }
        // Where it cannot be kept it is read again the next time.
        if let bytes = try? now.encoded() {
            try? AtomicFile(path: build.directory + "/" + RecordedSymbols.fileName).write(bytes)
        }
        return build.with(recorded: now)
    }

    private var preparation: PreparationRequest {
        PreparationRequest(
            tree: request.tree, architecture: request.architecture, buildDirectory: request.buildDirectory,
            jobs: request.jobs)
    }

    private var offer: String {
        let name = request.architecture.map { " --arch \($0.rawValue)" } ?? " --arch ARCH"
        let place = request.tree == "." ? "" : " \(shellWord(request.tree))"
        return "let `xenwidth prepare\(place)\(name)` make one outside of the tree (it runs the tree's make)"
    }

    private func prepared() throws(ApplicationError) -> PreparedBuild? {
        let configurations = configurations
        guard configurations.count <= 1 else {
            let list = configurations.joined().map { "\n  --build-dir \(displayPath($0.directory))" }.joined()
            throw ApplicationError(
                "several builds of this tree are prepared: give --arch, or one of\(list)\nor lint all of them: `lint --every-build`")
        }
        return configurations.first.flatMap(choice)
    }

    /// The builds that are prepared, each configuration's together.
    private var configurations: [[PreparedBuild]] {
        let builds = (try? BuildCache(tree: tree).builds(architecture: request.architecture)) ?? []
        return Dictionary(grouping: builds) { [$0.architecture, $0.configuration] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    /// Of one configuration's builds that of the revision that is checked out, else the newest.
    private func choice(of builds: [PreparedBuild]) -> PreparedBuild? {
        if let exact = builds.first(where: { $0.revision == tree.revision }) { return exact }
        guard let newest = builds.max(by: { ($0.made, $0.directory) < ($1.made, $1.directory) }) else { return nil }
        let old = newest.revision.map { String($0.prefix(12)) } ?? "no revision"
        observer.warned(
            "the build was prepared at \(displayPath(old)), and another revision is checked out: "
                + "its table and flags may be old; `xenwidth prepare` makes one that is not")
        return newest
    }
}
