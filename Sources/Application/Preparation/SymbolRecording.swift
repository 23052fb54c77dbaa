import ClangAST
import XenTree

/// Reads from the C files of a build which names they define, where there are no compiled objects to ask.
struct SymbolRecording {
    let build: XenBuild
    let threads: Int
    let observer: any RunObserver

    /// The names of all C files whose object is a stand-in; those of files that are as they were are taken from `known`.
    func record(known: RecordedSymbols) throws(ApplicationError) -> RecordedSymbols {
        let directory = build.directory
        let commands = build.commands.all.filter { !$0.isAssembly }
        let pending = commands.filter { $0.isOlder(than: known.names(of: $0, in: directory)) }
        var recorded = known
        recorded.keep(commands, in: directory)
        guard !pending.isEmpty else { return recorded }
        let observer = observer
        let build = build
        let found = try ParallelRun.map(pending, threads: threads) { command in
            Self.names(of: command)
        } finished: { command, count in
            observer.progressed(
                phase: "reading names", finished: count, total: pending.count,
                label: displayPath(build.relativePath(command.source)))
        }
        for (command, names) in zip(pending, found) { recorded.set(names, of: command, in: directory) }
        return recorded
    }

    private static func names(of command: CompileCommand) -> RecordedSymbols.Names {
        var names = RecordedSymbols.Names(stamp: RecordedSymbols.stamp(of: command.source))
        // What cannot be parsed defines nothing; an analysis that comes there says why.
        guard let unit = try? TranslationUnit.parse(
            path: command.source, flags: command.flags, directory: command.directory)
        else { return names }
        for cursor in unit.root.children where cursor.linkage == .external {
            switch cursor.kind {
            // One that is `inline` and external leaves no symbol, or the same one everywhere.
            case .functionDecl where cursor.isDefinition && !cursor.isInlineFunction:
                if cursor.isWeak { names.weakFunctions.append(cursor.linkName) } else { names.functions.append(cursor.linkName) }
            case .varDecl where !cursor.isExtern || cursor.initializer != nil:
                if cursor.isWeak { names.weakVariables.append(cursor.linkName) } else { names.variables.append(cursor.linkName) }
            default: break
            }
        }
        return names
    }
}

extension CompileCommand {
    /// Whether what is recorded of the source is no longer true of it.
    fileprivate func isOlder(than names: RecordedSymbols.Names?) -> Bool {
        names?.stamp != RecordedSymbols.stamp(of: source)
    }
}

extension Cursor {
    /// Another definition may replace it when linking. The attribute is a node without a name.
    fileprivate var isWeak: Bool {
        [self, canonical].contains { declaration in
            guard declaration.hasAttributes else { return false }
            let head = declaration.prettyPrinted.prefix { $0 != "{" && $0 != "=" }
            return head.contains("weak")
        }
    }
}
