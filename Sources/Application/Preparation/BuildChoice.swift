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
                guard let prepared = try prepared() else { throw UnpreparedTree(description: "\(error), or \(offer)", offer: offer) }
                return try open(directory: prepared.directory)
            default: throw error
            }
        }
    }

    private func open(directory: String?) throws(XenTreeError) -> XenBuild {
        try XenBuild.open(
            tree: tree, directory: directory, compileCommands: request.compileCommands,
            architecture: request.architecture)
    }

    private var preparation: PreparationRequest {
        PreparationRequest(
            tree: request.tree, architecture: request.architecture, buildDirectory: request.buildDirectory,
            jobs: request.jobs)
    }

    private var offer: String {
        let name = request.architecture.map { " --arch \($0.rawValue)" } ?? " --arch ARCH"
        return "let `xenwidth prepare\(name)` make one outside of the tree (it runs the tree's make)"
    }

    private func prepared() throws(ApplicationError) -> PreparedBuild? {
        guard let builds = try? BuildCache(tree: tree).builds(architecture: request.architecture), let first = builds.first
        else { return nil }
        guard builds.count == 1 else {
            let list = builds.map { "\n  --build-dir \(displayPath($0.directory))" }.joined()
            throw ApplicationError("several builds of this tree are prepared: give --arch, or one of" + list)
        }
        if first.revision != tree.revision {
            let old = first.revision.map { String($0.prefix(12)) } ?? "no revision"
            observer.warned(
                "the build was prepared at \(displayPath(old)), and another revision is checked out: "
                    + "its table and flags may be old; `xenwidth prepare` brings it up to date")
        }
        return first
    }
}
