import Yams

extension YAMLValue {
    /// The value as YAML on one line. What is quoted or more than a word is quoted, so that it is read as it was.
    var flow: String {
        switch node {
        case .scalar(let scalar): Self.flow(scalar)
        case .sequence(let items): "[" + items.map(child).joined(separator: ", ") + "]"
        case .mapping(let map): "{" + map.map { "\(child($0.key)): \(child($0.value))" }.joined(separator: ", ") + "}"
        case .alias: ""
        }
    }

    private func child(_ node: Node) -> String { YAMLValue(node: node, file: file).flow }

    private static func flow(_ scalar: Node.Scalar) -> String {
        let text = scalar.string
        let isPlain = scalar.style == .plain && !text.isEmpty && text.unicodeScalars.allSatisfy(isOfName)
        return isPlain ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control:
                "\\x" + String(repeating: "0", count: scalar.value < 16 ? 1 : 0) + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
