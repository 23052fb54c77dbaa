/// JSON with its keys in the order in which they were given: the same input gives the same bytes.
indirect enum JSONValue: Hashable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case null

    /// A key with its value.
    struct Member: Hashable, Sendable {
        var key: String
        var value: JSONValue
    }

    /// An object; members whose value is nil are left out.
    static func members(_ pairs: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(pairs.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// Indented by two blanks, with a line break at the end.
    func rendered() -> String {
        var output = ""
        write(to: &output, indent: 0)
        output += "\n"
        return output
    }

    private func write(to output: inout String, indent: Int) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .string(let value): Self.writeQuoted(value, to: &output)
        case .array(let items):
            Self.writeBlock(items, between: ("[", "]"), indent: indent, to: &output) { item, output in
                item.write(to: &output, indent: indent + 1)
            }
        case .object(let members):
            Self.writeBlock(members, between: ("{", "}"), indent: indent, to: &output) { member, output in
                Self.writeQuoted(member.key, to: &output)
                output += ": "
                member.value.write(to: &output, indent: indent + 1)
            }
        }
    }

    private static func writeBlock<Item>(
        _ items: [Item], between brackets: (open: String, close: String), indent: Int, to output: inout String,
        item: (Item, inout String) -> Void
    ) {
        output += brackets.open
        let margin = String(repeating: "  ", count: indent)
        for (index, element) in items.enumerated() {
            output += index == 0 ? "\n" : ",\n"
            output += margin + "  "
            item(element, &output)
        }
        if !items.isEmpty { output += "\n" + margin }
        output += brackets.close
    }

    /// Everything that a terminal or a script element could act on is escaped, beyond what JSON demands.
    private static func writeQuoted(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            default:
                if DisplayText.isHidden(scalar) {
                    for unit in String(scalar).utf16 { output += "\\u" + DisplayText.hex(UInt32(unit), digits: 4) }
                } else {
                    output.unicodeScalars.append(scalar)
                }
            }
        }
        output += "\""
    }
}
