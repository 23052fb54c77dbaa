import XenTree

/// There is no build to analyse, and nobody asked for one to be made.
public struct UnpreparedTree: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// What would help, as the end of a sentence.
    public var offer: String
}

/// The build that is analysed: the one that was asked for, the tree's own, or one that `prepare` made.
struct BuildChoice {
    let tree: XenTree
    let request: AnalysisRequest
    let observer: any RunObserver

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
        guard let builds = try? BuildCache(tree: tree).builds(architecture: request.architecture), let first = builds.first
        else { return nil }
        guard builds.allSatisfy({ $0.isOfSameConfiguration(as: first) }) else {
            let list = builds.map { "\n  --build-dir \(displayPath($0.directory))" }.joined()
            throw ApplicationError("several builds of this tree are prepared: give --arch, or one of" + list)
        }
        if let exact = builds.first(where: { $0.revision == tree.revision }) { return exact }
        let newest = builds.max { ($0.made, $0.directory) < ($1.made, $1.directory) } ?? first
        let old = newest.revision.map { String($0.prefix(12)) } ?? "no revision"
        observer.warned(
            "the build was prepared at \(displayPath(old)), and another revision is checked out: "
                + "its table and flags may be old; `xenwidth prepare` makes one that is not")
        return newest
    }
}
