/// Reads the `.<object>.o.cmd` files in which the build records how it made each object.
///
/// The line of interest is `cmd_<object> := <command>`, in make's quoting around the shell's. The files are the
/// build's memory of its last run, so what they say is what was compiled.
struct CommandFile {
    enum Content {
        case compile(CompileCommand)
        /// Made in another way (linked, copied): nothing to parse.
        case other
        case unusable(String)
    }

    let directory: String
    let targetTriple: String

    func read(_ path: String, notes: inout [TreeDiagnostic]) -> Content {
        do {
            return parse(try BoundedFile.read(path, followLinks: false), path: path, notes: &notes)
        } catch {
            return .unusable(error.reason)
        }
    }

    func parse(_ bytes: [UInt8], path: String, notes: inout [TreeDiagnostic]) -> Content {
        guard let record = Self.commandRecord(in: bytes) else { return .unusable("it has no line `cmd_<object> := `") }
        let commands: [[ShellWord]]
        do {
            commands = try ShellWords.commands(in: Self.withoutMakeQuoting(record.command))
        } catch {
            return .unusable(record.isComplete ? error.message : "it is cut short")
        }
        let parsed = commands.lazy.map { CompilerArguments($0.dropFirst(), directory: directory) }
            .first { $0.compiles && !$0.sources.isEmpty }
        guard let parsed, let source = parsed.sources.last else {
            return record.isComplete ? .other : .unusable("it is cut short")
        }
        // The object's name ends the command, so a command that has it all is whole even without a newline.
        guard record.isComplete || parsed.object == record.target else { return .unusable("it is cut short") }
        for flag in parsed.unknownValues {
            let message = "\(displayPath(flag)): left out, since only a shell knows its value"
            notes.append(TreeDiagnostic(.warning, file: path, line: record.line, message: message))
        }
        if Self.isCutAfterCommand(bytes, target: record.target) {
            let message = "it is cut short after the command, which is taken all the same: build again if the disk was full"
            notes.append(TreeDiagnostic(.warning, file: path, message: message))
        }
        return .compile(
            CompileCommand(
                source: SourcePath.absolute(source, directory: directory),
                object: PathText.resolve(record.target, against: directory),
                directory: directory, flags: ["--target=\(targetTriple)"] + parsed.flags))
    }

    /// Xen's `fixdep` (xen/tools/fixdep.c) ends the list of what an object was made from, where there is one, with a rule
    /// for its members.
    private static func isCutAfterCommand(_ bytes: [UInt8], target: String) -> Bool {
        let list = Array("\ndeps_\(target) :=".utf8)
        guard let start = bytes.firstRange(of: list) else {
            // Within the list's own name.
            return bytes.last != UInt8(ascii: "\n")
        }
        return bytes[start.upperBound...].firstRange(of: Array("\n$(deps_\(target)):\n".utf8)) == nil
    }

    private struct Record {
        var target: String
        var command: ArraySlice<UInt8>
        var line: Int
        /// Whether the line ends in a newline, as every whole one does.
        var isComplete: Bool
    }

    private static func commandRecord(in bytes: [UInt8]) -> Record? {
        var start = 0
        var line = 1
        while start < bytes.count {
            let end = endOfLogicalLine(in: bytes, from: start)
            let content = bytes[start..<end]
            if let (target, command) = split(content), target.hasSuffix(".o") {
                return Record(target: target, command: command, line: line, isComplete: end < bytes.count)
            }
            line += content.count { $0 == UInt8(ascii: "\n") } + 1
            start = end + 1
        }
        return nil
    }

    /// The newline that ends the line; one after a backslash does not.
    private static func endOfLogicalLine(in bytes: [UInt8], from start: Int) -> Int {
        var position = start
        while let newline = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) {
            if newline == start || bytes[newline - 1] != UInt8(ascii: "\\") { return newline }
            position = newline + 1
        }
        return bytes.count
    }

    private static let beginnings = ["cmd_", "savedcmd_"].map { Array($0.utf8) }

    private static func split(_ line: ArraySlice<UInt8>) -> (target: String, command: ArraySlice<UInt8>)? {
        guard let beginning = beginnings.first(where: line.starts(with:)),
            let assignment = line.firstRange(of: Array(" := ".utf8))
        else { return nil }
        let name = line[(line.startIndex + beginning.count)..<assignment.lowerBound]
        guard !name.isEmpty, let target = String(validating: name, as: UTF8.self) else { return nil }
        return (target, line[assignment.upperBound...])
    }

    /// Make's own escapes: `$$` is a dollar sign, `\#` and `$(pound)` a hash.
    private static func withoutMakeQuoting(_ command: ArraySlice<UInt8>) -> [UInt8] {
        let pound = Array("$(pound)".utf8)
        var plain: [UInt8] = []
        plain.reserveCapacity(command.count)
        var position = command.startIndex
        while position < command.endIndex {
            let rest = command[position...]
            if rest.starts(with: [UInt8(ascii: "$"), UInt8(ascii: "$")]) {
                plain.append(UInt8(ascii: "$"))
                position += 2
            } else if rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "#")]) {
                plain.append(UInt8(ascii: "#"))
                position += 2
            } else if rest.first == UInt8(ascii: "$"), rest.starts(with: pound) {
                plain.append(UInt8(ascii: "#"))
                position += pound.count
            } else {
                plain.append(command[position])
                position += 1
            }
        }
        return plain
    }
}

/// Names of sources as compile commands give them.
enum SourcePath {
    /// Absolute; a path with `..` is looked up on the disk, so that one file has one name.
    static func absolute(_ path: String, directory: String) -> String {
        let whole = PathText.resolve(path, against: directory)
        guard PathText.hasParentStep(whole) else { return whole }
        let parent = PathText.parent(whole)
        return BoundedFile.canonicalPath(parent).map { PathText.join($0, PathText.lastComponent(whole)) } ?? whole
    }
}
