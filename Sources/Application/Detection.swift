import XenTree

/// What was found on the disk, for whoever wants to know whether it is what they meant.
struct Detection {
    let opened: OpenedTree

    var lines: [String] {
        let build = opened.build
        var first = "Xen \(displayPath(build.tree.version)), \(build.architecture.rawValue)"
        if let revision = build.tree.revision { first += ", revision \(revision.prefix(12))" }
        first += ", \(displayPath(build.tree.root))"
        return [first, "build: \(displayPath(build.directory)), \(objects)"] + options
            + ["guests: \(guests)"]
    }

    private var options: [String] {
        let known = opened.pack.options.notable.compactMap { option in
            opened.build.config[option].map { $0 == "y" ? option : "\(option)=\(displayPath($0))" }
        }
        return known.isEmpty ? [] : ["configuration: " + known.joined(separator: " ")]
    }

    private var objects: String {
        let symbols = opened.build.symbols
        let exact = "\(symbols.exactObjectCount) objects"
        guard symbols.approximateObjectCount > 0 else { return exact }
        return exact + ", \(symbols.approximateObjectCount) without a symbol table"
    }

    private var guests: String {
        opened.guests.map { guest in
            let count = opened.table.entries(inColumn: guest.column).count
            return "\(guest.name) (\(count) hypercalls, column '\(guest.column)')"
        }.joined(separator: ", ")
    }
}
