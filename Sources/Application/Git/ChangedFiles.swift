import XenTree

/// The files of a tree that differ from a revision: edited, staged, added, removed or new.
public struct ChangedFiles: Sendable, Hashable {
    /// Relative to the tree's root, ordered.
    public var paths: [String]
    public var revision: String

    public static func find(tree root: String, since revision: String) throws(ApplicationError) -> ChangedFiles {
        let git = GitCommand(directory: root)
        guard try git.line(["rev-parse", "--is-inside-work-tree"]) == "true" else {
            throw ApplicationError("\(displayPath(root)): --changed needs a git checkout: leave it out, or clone the tree")
        }
        guard !revision.hasPrefix("-"),
            let commit = try git.line(["rev-parse", "--verify", "--quiet", "\(revision)^{commit}"]), !commit.isEmpty
        else {
            throw ApplicationError("--changed: git knows no revision '\(displayPath(revision))' here")
        }
        // A submodule has settings of its own, and nothing that a hypervisor is made of.
        let diff = [
            "diff", "--relative", "--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all",
            "--name-only", "-z",
        ]
        let edited = try git.names(diff + [commit, "--"])
        // What is staged and then taken back in the working tree would be committed all the same.
        let staged = try git.names(diff + ["--cached", commit, "--"])
        let new = try git.names(["ls-files", "--others", "--exclude-standard", "-z"])
        guard let edited, let staged, let new else {
            throw ApplicationError("\(displayPath(root)): git could not compare it with '\(displayPath(revision))'")
        }
        return ChangedFiles(paths: Set(edited + staged + new).sorted(), revision: revision)
    }
}
