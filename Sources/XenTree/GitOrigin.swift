/// Where a git checkout came from, read from its files: git itself could be made to run things by the checkout.
public struct GitOrigin: Sendable, Hashable {
    /// A URI without a password in it; nil if there is none that makes sense on another machine.
    public let repository: String?
    /// The branch that is checked out; nil for a detached head.
    public let branch: String?

    /// - Parameter root: the checkout's top directory; nil is returned where it is not one of git.
    public init?(root: String) {
        guard let directory = GitRevision.gitDirectory(of: root) else { return nil }
        let head = GitRevision.line(PathText.join(directory, "HEAD")) ?? ""
        let prefix = "ref: refs/heads/"
        branch = head.hasPrefix(prefix) ? String(head.dropFirst(prefix.count)) : nil
        // A linked worktree shares the configuration of the repository it was made from.
        let common = GitRevision.line(PathText.join(directory, "commondir"))
        let place = common.map { PathText.resolve($0, against: directory) } ?? directory
        let text = try? BoundedFile.text(PathText.join(place, "config"), limit: 1 << 20)
        repository = text.flatMap(Self.originURL).flatMap(Self.publicURI)
    }

    /// The first `url` of the remote `origin` in a git configuration.
    static func originURL(inConfiguration text: String) -> String? {
        var isInOrigin = false
        for line in text.split(whereSeparator: \.isNewline).map(\.trimmed) {
            if line.hasPrefix("[") {
                isInOrigin = line.split(whereSeparator: \.isWhitespace).joined(separator: " ") == "[remote \"origin\"]"
            } else if isInOrigin, let equals = line.firstIndex(of: "="), line[..<equals].trimmed == "url" {
                return line[line.index(after: equals)...].trimmed
            }
        }
        return nil
    }

    /// `url` as a URI that others may see: no path of this machine, no user name and password, no odd characters.
    static func publicURI(_ url: String) -> String? {
        var rest = url[...]
        var scheme = "ssh"
        if let end = rest.firstRange(of: "://") {
            scheme = String(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
            // scp's form, `user@host:path`.
            rest.replaceSubrange(colon...colon, with: "/")
        } else {
            return nil
        }
        guard ["https", "http", "ssh", "git"].contains(scheme) else { return nil }
        let host = rest.prefix { $0 != "/" }
        if let at = host.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        guard rest.first != "/", !rest.isEmpty, rest.utf8.count <= 2048, rest.utf8.allSatisfy(isPlain) else { return nil }
        return "\(scheme)://\(rest)"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~/:%+".utf8.contains(byte)
        }
    }
}
