/// The revision of a git checkout, read from its files: git itself could be made to run things by the checkout.
enum GitRevision {
    static func read(worktree: String) -> String? {
        guard let directory = gitDirectory(of: worktree) else { return exportedRevision(of: worktree) }
        guard let head = line(PathText.join(directory, "HEAD")) else { return nil }
        guard head.hasPrefix("ref:") else { return hash(head) }
        let reference = head.dropFirst(4).trimmed
        guard reference.hasPrefix("refs/"), !PathText.hasParentStep(reference) else { return nil }
        var places = [directory]
        // A linked worktree has its own HEAD but shares the branches.
        if let common = line(PathText.join(directory, "commondir")) {
            places.append(PathText.resolve(common, against: directory))
        }
        for place in places {
            if let value = line(PathText.join(place, reference)).flatMap(hash) { return value }
            if let value = packed(reference, in: PathText.join(place, "packed-refs")) { return value }
        }
        return nil
    }

    static func gitDirectory(of worktree: String) -> String? {
        let path = PathText.join(worktree, ".git")
        if BoundedFile.isDirectory(path) { return path }
        guard let content = line(path), content.hasPrefix("gitdir:") else { return nil }
        return PathText.resolve(content.dropFirst("gitdir:".count).trimmed, against: worktree)
    }

    /// `git archive` writes the revision into this file.
    private static func exportedRevision(of root: String) -> String? {
        guard let text = try? BoundedFile.text(PathText.join(root, ".gitarchive-info"), limit: 4096) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("Changeset:") {
            return hash(line.dropFirst("Changeset:".count).trimmed)
        }
        return nil
    }

    private static func packed(_ reference: String, in path: String) -> String? {
        guard let text = try? BoundedFile.text(path) else { return nil }
        for line in text.split(separator: "\n") where line.hasSuffix(" " + reference) {
            return hash(String(line.dropLast(reference.count + 1)))
        }
        return nil
    }

    static func line(_ path: String) -> String? {
        guard let text = try? BoundedFile.text(path, limit: 1 << 16) else { return nil }
        return text.split(separator: "\n", maxSplits: 1).first.map { $0.trimmed }
    }

    private static func hash(_ text: String) -> String? {
        let isHash = [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        return isHash ? text : nil
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
