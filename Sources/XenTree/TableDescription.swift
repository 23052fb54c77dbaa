/// The hypercall table as its preprocessed description has it, and the header that the build's script makes of that.
struct TableDescription {
    /// A line that the script would refuse, or that it knows and this does not.
    struct NotUnderstood: Error {}

    private struct Prototype {
        var name: String
        var prefixes: [String]
        /// Type and name, as the header has them.
        var parameters: [(type: String, isHandle: Bool, name: String)]
    }

    private var handles: [String: String] = [:]
    private var returnTypes: [String: String] = [:]
    private var prefixes: [String] = []
    private var prototypes: [Prototype] = []
    private var callers: [String] = []
    private var columns: [String]?
    private var cells: [(column: String, prototype: Int, prefix: String)] = []

    init(lines: [String]) throws(NotUnderstood) {
        for line in lines {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first else { continue }
            let rest = words.dropFirst(2).joined(separator: " ")
            switch first {
            case "handle:" where words.count >= 3: handles[rest] = words[1]
            case "defhandle:" where words.count >= 2: if words.count > 2 { handles[rest] = words[1] }
            case "rettype:" where words.count >= 3: returnTypes[words[1]] = rest
            case "caller:" where words.count == 2: callers.append(words[1])
            case "prefix:": prefixes = Array(words.dropFirst())
            case "table:": columns = Array(words.dropFirst())
            case _ where first.hasSuffix(":"): throw NotUnderstood()
            default:
                if let columns { try add(row: words, columns: columns) } else { try add(prototype: line) }
            }
        }
    }

    private mutating func add(row: [String], columns: [String]) throws(NotUnderstood) {
        guard row.count == columns.count + 1 else { throw NotUnderstood() }
        for (column, cell) in zip(columns, row.dropFirst()) where callers.contains(column) && cell != "-" {
            let prefix = String(cell.prefix { $0 != ":" })
            guard let index = prototypes.firstIndex(where: { $0.name == row[0] && $0.prefixes.contains(prefix) }) else {
                throw NotUnderstood()
            }
            cells.append((column, index, prefix))
        }
    }

    private mutating func add(prototype line: String) throws(NotUnderstood) {
        guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
            open > line.startIndex, line[line.index(after: close)...].trimmed.isEmpty
        else { throw NotUnderstood() }
        let list = line[line.index(after: open)..<close]
        let parameters = list.split(separator: ",").filter { !$0.trimmed.isEmpty }
        guard parameters.count <= 5 else { throw NotUnderstood() }
        var prototype = Prototype(name: line[..<open].trimmed, prefixes: prefixes, parameters: [])
        for parameter in parameters {
            let isHandle = parameter.contains("*")
            let words = parameter.filter { $0 != "*" }.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let name = words.last else { throw NotUnderstood() }
            let type = words.dropLast().joined(separator: " ")
            prototype.parameters.append((isHandle ? handles[type] ?? type : type, isHandle, String(name)))
        }
        prototypes.append(prototype)
    }

    /// The header, without what only makes it faster.
    var header: String {
        var lines: [String] = []
        for prototype in prototypes {
            for prefix in prototype.prefixes {
                let parameters = prototype.parameters.map { "\(Self.type($0.type, $0.isHandle)) \($0.name)" }
                let list = parameters.isEmpty ? "void" : parameters.joined(separator: ", ")
                lines.append("\(returnTypes[prefix] ?? "long") \(prefix)_\(prototype.name)(\(list));")
            }
        }
        for caller in callers {
            let own = cells.filter { $0.column == caller }
            var macro = ["#define \(HypercallHeaderParser.handlersMacro)\(caller)(num, ret, a1, a2, a3, a4, a5)", "({"]
            macro.append("switch ( num ) {")
            for cell in own {
                let prototype = prototypes[cell.prototype]
                let arguments = prototype.parameters.enumerated().map { index, parameter in
                    let type = "(\(Self.type(parameter.type, parameter.isHandle)))"
                    return parameter.isHandle ? "\(type){ _p(a\(index + 1)) }" : "\(type)(a\(index + 1))"
                }
                macro.append("case \(HypercallHeaderParser.numberPrefix)\(prototype.name):")
                macro.append("ret = \(cell.prefix)_\(prototype.name)(\(arguments.joined(separator: ", "))); break;")
            }
            macro.append("default: ret = -ENOSYS; break; } })")
            lines.append(macro.joined(separator: " \\\n"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func type(_ type: String, _ isHandle: Bool) -> String {
        isHandle ? "XEN_GUEST_HANDLE_PARAM(\(type))" : type
    }
}
