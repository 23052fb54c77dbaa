/// An entry of a tree's database of justified findings.
public struct Justification: Hashable, Sendable {
    /// The tag that comments use.
    public var id: String
    /// The findings that it speaks of, as this tool names them; empty where it is not filled in, as the last entry is.
    public var rules: [String]
    public var text: String
}

extension XenTree {
    /// The entries of a database that speak of `tool`; none where the tree has no such file.
    ///
    /// An entry names the tool's finding under `analyser`, or, in a database for one tool, as `violation-id`.
    public func justifications(file: String, tool: String) throws(XenTreeError) -> [Justification] {
        let bytes: [UInt8]
        do {
            bytes = try self.bytes(ofFile: file, limit: 4 << 20)
        } catch {
            switch error {
            case .missing: return []
            case .outside: throw .unreadable(path: file, reason: "it leads out of the tree")
            case .unusable(let reason): throw .unreadable(path: file, reason: reason)
            }
        }
        var parser = JSONParser(bytes)
        let document: JSONValue
        do {
            document = try parser.parseDocument()
        } catch {
            let place = TreeLocation(file: file, line: error.line, column: error.column)
            throw .malformedFile(place, reason: error.message)
        }
        guard case .array(let entries)? = document["content"] else {
            throw .malformedFile(TreeLocation(file: file, line: 1, column: 1), reason: "'content' is missing or no list")
        }
        return entries.compactMap { entry in
            guard let id = entry["id"]?.string, let finding = (entry["analyser"]?[tool] ?? entry["violation-id"])?.string
            else { return nil }
            let rules = finding.split { $0 == "," || $0 == " " }.map(String.init)
            return Justification(id: id, rules: rules, text: entry["text"]?.string ?? "")
        }
    }
}
