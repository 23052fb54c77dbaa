import Foundation
import XenTree

/// A program that writes much and takes long: its output goes to a log, line by line past an observer.
struct BuildProcess {
    let program: String
    let arguments: [String]

    /// For the log, and for people who want to do it by hand.
    var commandLine: String {
        ([program] + arguments).map { word in
            let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7f && !"'\"\\$`*?[]{}()<>|&;#~!".utf8.contains(byte)
            }
            return isPlain ? word : shellQuoted(word)
        }.joined(separator: " ")
    }

    /// Runs it to its end.
    ///
    /// - Returns: what it ended with; 128 and the number for a signal.
    func run(log: Int32, line: (String) -> Void) throws(ApplicationError) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: pid_t
        do throws(ApplicationError) {
            child = try spawn(output: ends[1])
        } catch {
            ends.forEach { close($0) }
            throw error
        }
        Interruption.willRun(group: child)
        defer { Interruption.hasRun(group: child) }
        close(ends[1])
        Self.copy(from: ends[0], to: log, line: line)
        close(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// In a process group of its own, so that whatever it starts ends with it.
    private func spawn(output: Int32) throws(ApplicationError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        // This program blocks and ignores signals that its children must not.
        var none = sigset_t()
        sigemptyset(&none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var child: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = Self.environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        let outcome = posix_spawnp(&child, program, &actions, &attributes, &words, &variables)
        guard outcome == 0 else { throw failure(outcome) }
        return child
    }

    /// Not that of a make which runs this program, and messages in the language that failures are recognised by.
    private static var environment: [String] {
        var variables = ProcessInfo.processInfo.environment
        for name in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "O", "KBUILD_OUTPUT"] { variables[name] = nil }
        variables["LC_ALL"] = "C"
        return variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func copy(from source: Int32, to log: Int32, line: (String) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var rest: [UInt8] = []
        let newline = UInt8(ascii: "\n")
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            let bytes = buffer[..<count]
            _ = OutputDescriptor(log).write(Array(bytes))
            rest += bytes
            while let end = rest.firstIndex(of: newline) {
                line(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeSubrange(...end)
            }
            // Nobody waits for the end of a line that has none.
            if rest.count > 1 << 20 { rest.removeAll() }
        }
    }

    private func failure(_ number: Int32) -> ApplicationError {
        ApplicationError("\(displayPath(program)): cannot be run: \(String(cString: strerror(number)))")
    }
}
