/// A class of guests, as the rule pack describes it: who calls through which column of the hypercall table.
public struct GuestClassDescription: Sendable, Hashable {
    public var name: String
    /// The table's column that these guests call through.
    public var column: String
    /// Names of the hypervisor architectures on which the class exists, as `Architecture.rawValue`.
    public var architectures: [String]

    public init(name: String, column: String, architectures: [String]) {
        self.name = name
        self.column = column
        self.architectures = architectures
    }
}

/// A column of the hypercall table, and the guest classes that call through it.
public struct HypercallColumn: Sendable, Hashable {
    public let name: String
    public let guests: [String]
}

/// A cell of the hypercall table: what a hypercall does when called through a column.
public struct HypercallEntry: Sendable, Hashable {
    /// The hypercall's name without `__HYPERVISOR_`.
    public let hypercall: String
    /// The column's name.
    public let column: String
    /// The function that is called.
    public let handler: String
    /// The C types that the registers are converted to, as written in the call.
    public let argumentTypes: [String]
    /// The call in the generated header.
    public let location: TreeLocation

    public init(
        hypercall: String, column: String, handler: String, argumentTypes: [String], location: TreeLocation
    ) {
        self.hypercall = hypercall
        self.column = column
        self.handler = handler
        self.argumentTypes = argumentTypes
        self.location = location
    }
}

/// The declaration of a handler in the table's header.
public struct HandlerPrototype: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        public let type: String
        public let name: String
    }

    public let returnType: String
    public let parameters: [Parameter]
    /// The line of the generated header.
    public let line: Int
}

/// The hypercall table exactly as the build compiled it: read from the header that the build generated and the
/// dispatcher includes.
public struct HypercallTable: Sendable {
    /// The generated header.
    public let file: String
    /// Ordered by name.
    public let columns: [HypercallColumn]
    /// Ordered by column, then hypercall.
    public let entries: [HypercallEntry]
    /// Declared handlers by name.
    public let prototypes: [String: HandlerPrototype]
    /// Declared handlers that no column names, ordered. Some are declared only and defined nowhere.
    public let unreachable: [String]
    /// The return type of each class of handlers, as the tree's description of the table declares it; empty if the
    /// tree has none. The prototypes are what is compiled.
    public let prefixReturnTypes: [String: String]
    public private(set) var diagnostics: [TreeDiagnostic]

    /// The hypercalls that a column or a prototype names, ordered.
    public let hypercalls: [String]
    /// What the handlers' names have before the hypercall's, without the `_` between, ordered.
    public let prefixes: [String]

    /// Where a tree describes the table, relative to its hypervisor's directory.
    public static let descriptionFile = "include/hypercall-defs.c"

    init(build: XenBuild, guestClasses: [GuestClassDescription]) throws(XenTreeError) {
        let file = PathText.join(build.directory, "include/xen/hypercall-defs.h")
        let description = PathText.join(build.tree.xenDirectory, Self.descriptionFile)
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(file, limit: 4 << 20)
        } catch .missing {
            throw .noHypercallTable(
                expected: file, version: build.tree.version,
                isDescribedInTree: BoundedFile.isRegularFile(description))
        } catch {
            throw .unreadable(path: file, reason: error.reason)
        }
        let classes = guestClasses.filter { $0.architectures.contains(build.architecture.rawValue) }
        let text = try? BoundedFile.text(description, limit: 4 << 20)
        let described = text.map(HypercallDescription.init(text:))
        let built = try HypercallTable(header: bytes, file: file, guestClasses: classes, description: described)
        self = text.map { text in
            built.brought(upToDateWith: text, in: description, build: build) { header in
                try? HypercallTable(header: header, file: description, guestClasses: classes, description: described)
            }
        } ?? built
    }

    /// The table of now, where the description was edited after the build; and says so.
    private func brought(
        upToDateWith text: String, in description: String, build: XenBuild, parse: ([UInt8]) -> HypercallTable?
    ) -> HypercallTable {
        let path = PathText.join(build.directory, "include/hypercall-defs.i")
        guard let preprocessed = try? BoundedFile.text(path, limit: 4 << 20) else { return self }
        let state = TableFreshness.state(
            description: text, preprocessed: preprocessed, macros: build.configurationMacros
        ) { header in parse(Array(header.utf8))?.hasSameContent(as: self) ?? false }
        var table = self
        var message = "has changed since the build was made, and the hypercall table is the build's"
        switch state {
        case .current, .unknown: return self
        case .changedUnreadably: break
        case .changed(let header):
            if let new = parse(Array(header.utf8)) {
                guard !new.hasSameContent(as: self) else { return self }
                table = new
                message = "has changed since the build was made; the hypercall table is what it says now, "
                    + "but the declarations of handlers are the build's"
            }
        }
        table.diagnostics.append(
            TreeDiagnostic(.warning, file: description, message: message + ": run the build again to compile the change"))
        return table
    }

    /// Whether the same functions are called and declared in the same way.
    private func hasSameContent(as other: HypercallTable) -> Bool {
        func calls(_ table: HypercallTable) -> [[String]] {
            table.entries.map { [$0.column, $0.hypercall, $0.handler] + $0.argumentTypes }
        }
        func declarations(_ table: HypercallTable) -> [String: [String]] {
            table.prototypes.mapValues { [$0.returnType] + $0.parameters.flatMap { [$0.type, $0.name] } }
        }
        return columns.map(\.name) == other.columns.map(\.name) && calls(self) == calls(other)
            && declarations(self) == declarations(other)
    }

    /// - Parameter guestClasses: those of the build's architecture.
    init(
        header: [UInt8], file: String, guestClasses: [GuestClassDescription], description: HypercallDescription?
    ) throws(XenTreeError) {
        var parser = HypercallHeaderParser(header, file: file)
        try parser.parse()
        guard !parser.columns.isEmpty else {
            throw .malformedHypercallTable(
                TreeLocation(file: file, line: 1, column: 1), reason: "it has no call_handlers_* macro")
        }
        self.file = file
        prototypes = parser.prototypes
        entries = parser.entries.sorted { ($0.column, $0.hypercall) < ($1.column, $1.hypercall) }
        var diagnostics = parser.diagnostics
        columns = parser.columns.sorted { $0.name < $1.name }.map { column in
            let guests = guestClasses.filter { $0.column == column.name }.map(\.name)
            if guests.isEmpty {
                let message = "no guest class is known for the column '\(displayPath(column.name))': it is not analysed"
                diagnostics.append(TreeDiagnostic(.warning, file: file, line: column.line, message: message))
            }
            return HypercallColumn(name: column.name, guests: guests)
        }
        self.diagnostics = diagnostics
        let handlers = Set(entries.map(\.handler))
        unreachable = prototypes.keys.filter { !handlers.contains($0) }.sorted()
        prefixReturnTypes = description?.returnTypes ?? [:]
        (prefixes, hypercalls) = Self.names(
            entries: entries, declared: prototypes.keys.sorted(), known: Set(prefixReturnTypes.keys))
    }

    /// The entries of a column, ordered by hypercall.
    public func entries(inColumn column: String) -> [HypercallEntry] { entries.filter { $0.column == column } }

    /// The guest classes that call through a column.
    public func guests(ofColumn column: String) -> [String] {
        columns.first { $0.name == column }?.guests ?? []
    }

    /// A handler's name is a prefix, `_` and the hypercall's name: the table's cells show which prefixes there are,
    /// and these in turn which hypercalls the other prototypes are for.
    private static func names(
        entries: [HypercallEntry], declared: [String], known: Set<String>
    ) -> (prefixes: [String], hypercalls: [String]) {
        var prefixes = known
        var hypercalls = Set(entries.map(\.hypercall))
        for entry in entries where entry.handler.hasSuffix("_" + entry.hypercall) {
            prefixes.insert(String(entry.handler.dropLast(entry.hypercall.count + 1)))
        }
        let byLength = prefixes.sorted { ($0.count, $0) > ($1.count, $1) }
        for name in declared where !hypercalls.contains(where: { name.hasSuffix("_" + $0) }) {
            guard let prefix = byLength.first(where: { name.hasPrefix($0 + "_") }) else { continue }
            hypercalls.insert(String(name.dropFirst(prefix.count + 1)))
        }
        return (prefixes.sorted(), hypercalls.sorted())
    }
}
