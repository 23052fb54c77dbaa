import Foundation
import XenTree

/// The hook of plain git: runs the lint on what changed before a commit is made.
public struct PreCommitHook {
    /// What was done, for the user.
    public enum Outcome: Hashable, Sendable {
        case installed(String)
        /// Beside one that was there and still runs, first.
        case chained(String)
        case updated(String)
        case removed(String)
        case restored(String)
    }

    private static let mark = "# Installed by `xenwidth hook install`; `xenwidth hook uninstall` takes it away."
    private let path: String
    /// Where a hook that was there before goes.
    private var previous: String { path + ".before-xenwidth" }

    /// - Parameter directory: a path in the repository.
    public init(repository directory: String) throws(ApplicationError) {
        let git = GitCommand(directory: directory)
        // Git's own answer respects core.hooksPath, linked worktrees and GIT_DIR.
        guard let hooks = try git.line(["rev-parse", "--git-path", "hooks"]), !hooks.isEmpty else {
            throw ApplicationError("\(displayPath(directory)): not in a git repository: give the path of one")
        }
        let base = URL(fileURLWithPath: directory, isDirectory: true)
        path = URL(fileURLWithPath: hooks, relativeTo: base).standardizedFileURL.path + "/pre-commit"
    }

    /// - Parameters:
    ///   - executable: the program that the hook runs.
    ///   - passesUnprepared: whether commits pass where no build is prepared.
    ///   - baseline: a file of findings that do not count, if any.
    public func install(
        executable: String, passesUnprepared: Bool, baseline: String? = nil
    ) throws(ApplicationError) -> Outcome {
        // Every commit would end with an error about it.
        if let baseline, !exists(baseline) {
            throw ApplicationError(
                "\(displayPath(baseline)): no such baseline: make it with `xenwidth baseline create --baseline "
                    + "\(shellWord(baseline))`")
        }
        let script = script(executable: executable, passes: passesUnprepared, baseline: baseline)
        let directory = AtomicFile.directory(of: path)
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw ApplicationError("\(displayPath(directory)): cannot be created")
        }
        let isOurs = isOurs(path)
        let wasThere = exists(path)
        if wasThere && !isOurs {
            guard !exists(previous) else {
                throw ApplicationError(
                    "\(displayPath(previous)) is in the way: it should be the hook from before the first installation: "
                        + "move it away, then try again")
            }
            guard rename(path, previous) == 0 else { throw failure(path) }
        }
        do throws(ApplicationError) {
            try AtomicFile(path: path).write(Array(script.utf8))
            guard chmod(path, 0o755) == 0 else { throw failure(path) }
        } catch {
            if wasThere && !isOurs { _ = rename(previous, path) }
            throw error
        }
        return isOurs ? .updated(path) : wasThere ? .chained(path) : .installed(path)
    }

    public func uninstall() throws(ApplicationError) -> Outcome {
        guard exists(path) else { throw ApplicationError("\(displayPath(path)): there is no hook") }
        guard isOurs(path) else {
            throw ApplicationError("\(displayPath(path)): this hook is not xenwidth's: it is left alone")
        }
        if exists(previous) {
            guard rename(previous, path) == 0 else { throw failure(previous) }
            return .restored(path)
        }
        guard unlink(path) == 0 else { throw failure(path) }
        return .removed(path)
    }

    private func script(executable: String, passes: Bool, baseline: String?) -> String {
        let program = shellQuoted(executable)
        // The hook runs at the top of the work tree, whatever directory the installation ran in.
        let known = baseline.map { " --baseline " + shellQuoted(URL(fileURLWithPath: $0).standardizedFileURL.path) } ?? ""
        return """
            #!/bin/sh
            \(Self.mark)
            previous="$(dirname "$0")/pre-commit.before-xenwidth"
            if [ -x "$previous" ]; then "$previous" "$@" || exit; fi
            program=\(program)
            [ -x "$program" ] || program=$(command -v xenwidth) || {
                echo "xenwidth: the program is gone, the hook checks nothing: install it, or remove $0" >&2
                exit \(passes ? 0 : 1)
            }
            exec "$program" lint --changed --every-build --if-unprepared \(passes ? "pass" : "fail")\(known) .

            """
    }

    private func isOurs(_ path: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else { return false }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").contains { $0 == Self.mark }
    }

    /// A link that leads nowhere is there too.
    private func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private func failure(_ path: String) -> ApplicationError {
        ApplicationError("\(displayPath(path)): cannot be changed: \(String(cString: strerror(errno)))")
    }
}
