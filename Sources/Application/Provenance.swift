import Reports
import XenTree

extension OpenedTree {
    /// What a SARIF log says of the tree besides the findings.
    public var sarifOptions: SARIFOptions {
        SARIFOptions()
    }
}
