/// A build's `.config`.
enum BuildConfiguration {
    /// `CONFIG_X=value` lines as a dictionary; strings lose their quotes. Options that are off are not in it.
    static func parse(_ text: String) -> [String: String] {
        var options: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("CONFIG_") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            options[String(line[..<equals])] = unquoted(line[line.index(after: equals)...].trimmed)
        }
        return options
    }

    /// The architecture that the options name.
    static func architecture(of options: [String: String], path: String) throws(XenTreeError) -> Architecture {
        if let known = Architecture.allCases.first(where: { options[$0.configurationOption] == "y" }) { return known }
        let others = ["CONFIG_RISCV_64": "riscv64", "CONFIG_RISCV": "riscv", "CONFIG_PPC64": "ppc64", "CONFIG_PPC": "ppc"]
        for (option, name) in others.sorted(by: { $0.key.count > $1.key.count }) where options[option] == "y" {
            throw .unsupportedArchitecture(name: name, configuration: path)
        }
        throw .unknownArchitecture(configuration: path)
    }

    private static func unquoted(_ value: String) -> String {
        guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
        var result = ""
        var isEscaped = false
        for character in value.dropFirst().dropLast() {
            if character == "\\" && !isEscaped {
                isEscaped = true
                continue
            }
            isEscaped = false
            result.append(character)
        }
        return result
    }
}
