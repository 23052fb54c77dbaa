import XenTree

/// Changed files that say how a tree is built. What they do to the others is known to its make alone.
struct BuildInputs {
    var paths: [String]

    init(among changed: [String]) { paths = changed.filter(Self.isInput) }

    /// One line for people, or nil if there is nothing to say.
    var warning: String? {
        guard let first = paths.first else { return nil }
        let others = paths.count == 1 ? "says" : "and \(paths.count - 1) more say"
        return "\(displayPath(first)) \(others) how the tree is built: "
            + "what that changes is seen after `xenwidth prepare`, or when its make has run again"
    }

    private static func isInput(_ path: String) -> Bool {
        // The tools and documents of a checkout are built by themselves.
        guard path.hasPrefix("xen/") || path.hasPrefix("config/") || !path.contains("/") else { return false }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return ["Kconfig", "Kbuild", "Makefile"].contains(where: name.hasPrefix)
            || [".mk", ".include", ".lst", "_defconfig", ".py", ".sh", ".awk", ".pl"].contains(where: name.hasSuffix)
    }
}
