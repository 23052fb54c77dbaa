import ClangAST
import Foundation
import Rules
import XenTree

/// The libclang that this program runs with.
public enum Libclang {
    public static var version: String { displayPath(Index.libraryVersion) }
}

/// Looks for everything that a run may need, and says how to get what is missing.
public struct Doctor {
    public struct Check: Hashable, Sendable {
        public enum State: String, Sendable {
            case found
            /// Only some of what the program can do needs it.
            case missing
            /// Nothing works without it.
            case broken
        }

        public var subject: String
        public var state: State
        /// What was found, or what to do.
        public var detail: String
    }

    private let executable: String
    private let rules: String?
    private let tree: String

    public init(executable: String, rules: String?, tree: String) {
        self.executable = executable
        self.rules = rules
        self.tree = tree
    }

    public func checks() -> [Check] {
        [Check(subject: "libclang", state: .found, detail: Libclang.version), pack] + programs + [cache] + checkout
    }

    private var pack: Check {
        do {
            let directory = try RulePack.locate(executablePath: executable, override: rules)
            let pack = try RulePack.load(directory: directory)
            return Check(
                subject: "rule pack", state: .found, detail: "\(displayPath(directory)), \(pack.rules.count) rules")
        } catch {
            return Check(subject: "rule pack", state: .broken, detail: "\(error)")
        }
    }

    /// What `prepare`, hooks and `--changed` run.
    private var programs: [Check] {
        let compilers = Architecture.allCases.map { architecture -> Check in
            let subject = "compiler for \(architecture.rawValue)"
            do throws(ApplicationError) {
                let toolchain = try Toolchain.find(architecture: architecture, prefix: nil, usesClang: false)
                return Check(subject: subject, state: .found, detail: toolchain.prefix + "gcc")
            } catch {
                return Check(subject: subject, state: .missing, detail: "\(error)")
            }
        }
        let others = ["make", "flex", "bison", "python3", "git"].map { name in
            ProgramSearch.path(of: name).map { Check(subject: name, state: .found, detail: displayPath($0)) }
                ?? Check(subject: name, state: .missing, detail: ProgramSearch.remedy(for: name))
        }
        return compilers + others
    }

    private var cache: Check {
        do throws(ApplicationError) {
            return Check(subject: "cache", state: .found, detail: displayPath(try BuildCache.directory()))
        } catch {
            return Check(subject: "cache", state: .missing, detail: "\(error)")
        }
    }

    private var checkout: [Check] {
        do {
            let found = try XenTree.find(from: tree)
            let name = "Xen \(found.version), \(found.root)"
            var checks = [Check(subject: "tree", state: .found, detail: displayPath(name))]
            let builds = (try? BuildCache(tree: found).builds(architecture: nil)) ?? []
            checks += builds.map { Check(subject: "build", state: .found, detail: displayPath($0.directory)) }
            if let own = try? XenBuild.open(tree: found) {
                checks.append(Check(subject: "build", state: .found, detail: displayPath(own.directory)))
            } else if builds.isEmpty {
                checks.append(Check(subject: "build", state: .missing, detail: "run `xenwidth prepare --arch ARCH`"))
            }
            return checks
        } catch {
            return [Check(subject: "tree", state: .missing, detail: "\(error)")]
        }
    }
}
