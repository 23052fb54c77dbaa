import Synchronization

/// Which objects are made of a source whose text, as it is now, may define a function.
///
/// Symbol tables tell exactly what was compiled; this tells what has been written since. It is made of all sources of the
/// build when it is first asked, and what it names is for a parse to confirm.
public final class SourceIndex: Sendable {
    private struct Unit: Sendable {
        var source: String
        var object: String
    }

    private let units: [Unit]
    private let objects = Mutex<[String: [String]]?>(nil)

    /// - Parameter ignoring: objects that cannot be linked with the hypervisor.
    init(commands: [CompileCommand], ignoring foreign: Set<String>) {
        units = commands.filter { !$0.isAssembly && !foreign.contains($0.object) }
            .map { Unit(source: $0.source, object: $0.object) }
    }

    /// The objects whose source may define the function, in the order of the compile commands.
    public func objects(defining name: String) -> [String] {
        objects.withLock { known in
            let index = known ?? build()
            known = index
            return index[name, default: []]
        }
    }

    /// The functions that a text may define.
    public static func definitions(in text: [UInt8]) -> Set<String> { SourceTexts.names(in: [DefinitionScan(text)]) }

    private func build() -> [String: [String]] {
        var texts = SourceTexts()
        var index: [String: [String]] = [:]
        for unit in units {
            for name in texts.names(inUnit: unit.source) { index[name, default: []].append(unit.object) }
        }
        return index
    }
}

/// What the sources of units say, each file read once.
private struct SourceTexts {
    private static let sizeLimit = 16 << 20
    private var scans: [String: DefinitionScan] = [:]

    /// Names that the source or one of the files beside it that it includes may define: the compat layer compiles
    /// files a second time under other names, by including them.
    mutating func names(inUnit source: String) -> Set<String> {
        var files: [DefinitionScan] = []
        var seen: Set<String> = []
        var waiting = [source]
        while let path = waiting.popLast() {
            guard let canonical = BoundedFile.canonicalPath(path), seen.insert(canonical).inserted else { continue }
            let scan = scan(canonical)
            files.append(scan)
            for name in scan.includes where name.hasSuffix(".c") {
                waiting.append(PathText.join(PathText.parent(canonical), name))
            }
        }
        guard files.count > 1 || files.contains(where: { !$0.macros.isEmpty || !$0.aliases.isEmpty }) else {
            return files.first?.names ?? []
        }
        return Self.names(in: files)
    }

    /// A macro of one file makes names of what another one says.
    static func names(in files: [DefinitionScan]) -> Set<String> {
        var names: Set<String> = []
        for file in files { names.formUnion(file.names) }
        for call in files.flatMap(\.calls) {
            for file in files {
                for macro in file.macros[call.macro, default: []] {
                    names.insert(macro.before + call.argument + macro.after)
                }
            }
        }
        for file in files {
            for (name, others) in file.aliases where !others.isDisjoint(with: names) { names.insert(name) }
        }
        return names
    }

    private mutating func scan(_ path: String) -> DefinitionScan {
        if let known = scans[path] { return known }
        let scan = DefinitionScan((try? BoundedFile.read(path, limit: Self.sizeLimit)) ?? [])
        scans[path] = scan
        return scan
    }
}
