import Foundation
import XenTree

/// What a failed build's output says to whoever has to mend it.
struct BuildFailure {
    /// The last lines that were read.
    private(set) var lines: [String] = []
    private var missingProgram: String?
    private var errorLine: String?
    private var isUnclean = false
    /// Something is missing or in the way, so that no other way of building would do better.
    var isOfMachine: Bool { missingProgram != nil || isUnclean }

    mutating func read(_ line: String) {
        lines.append(String(line.prefix(500)))
        if lines.count > 20 { lines.removeFirst() }
        if missingProgram == nil { missingProgram = Self.missingProgram(in: line) }
        if line.contains("source tree is not clean") { isUnclean = true }
        // The first one: what follows is often its consequence. Make's own lines only say that something failed.
        let isError = line.contains("error:") || line.contains("Error:") || line.contains("*** ")
        if errorLine == nil, isError, !line.contains("Default configuration is based on") {
            errorLine = String(line.prefix(300))
        }
    }

    func description(step: String, status: Int32, log: String) -> String {
        let place = "the whole output is in \(displayPath(log))"
        if let missingProgram {
            return "\(step) failed: \(displayPath(missingProgram)) is missing: "
                + "\(ProgramSearch.remedy(for: missingProgram)); \(place)"
        }
        if isUnclean {
            return "\(step) failed: the tree has an in-tree build, beside which its make refuses another: "
                + "run `make distclean` in its xen directory, or use that build; \(place)"
        }
        let reason = errorLine ?? lines.last { !$0.trimmingCharacters(in: .whitespaces).isEmpty } ?? "no output"
        return "\(step) failed (exit status \(status)): \(displayPath(reason)); \(place)"
    }

    /// The program in what shells and make say about one that they do not find:
    /// `sh: 1: flex: not found`, `bash: line 1: flex: command not found`, `make[2]: flex: No such file or directory`.
    static func missingProgram(in line: String) -> String? {
        let parts = line.components(separatedBy: ": ").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count >= 2, let reason = parts.last else { return nil }
        let isMissing = reason == "not found" || reason == "command not found"
            || (reason == "No such file or directory" && parts[0].hasPrefix("make"))
        guard isMissing else { return nil }
        let name = parts[parts.count - 2]
        let isName = !name.isEmpty && name.utf8.count < 100 && name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/")
        }
        // A file that make does not find has an ending; programs seldom do.
        return isName && !name.hasSuffix(".h") && !name.hasSuffix(".c") && !name.hasSuffix("Makefile") ? name : nil
    }
}
