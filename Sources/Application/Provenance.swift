import Reports
import XenTree

extension OpenedTree {
    /// What a SARIF log says of the tree besides the findings: where it came from, and nothing of this machine.
    public var sarifOptions: SARIFOptions {
        let origin = GitOrigin(root: build.tree.root)
        return SARIFOptions(
            repositoryURI: origin?.repository, branch: origin?.branch,
            helpBaseURI: configuration.helpURI?.value.text)
    }
}
