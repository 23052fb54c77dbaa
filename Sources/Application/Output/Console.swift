import Foundation
import Synchronization

/// When output has colours.
public enum ColourChoice: String, Sendable, CaseIterable {
    case auto, always, never
}

/// How much is said on standard error.
public enum Verbosity: Sendable, Comparable {
    /// Errors only.
    case quiet
    case normal
    case verbose
}

/// Standard error: what was detected, warnings and, on a terminal, progress.
public final class Console: RunObserver {
    private let verbosity: Verbosity
    private let showsProgress: Bool
    private let isColoured: Bool
    private let progress = Mutex(Progress(phase: ""))

    public init(verbosity: Verbosity, colour: ColourChoice) {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        self.verbosity = verbosity
        isColoured = terminal.isColoured(colour)
        showsProgress = verbosity > .quiet && terminal.isInteractive
    }

    public func detected(_ line: String) { if verbosity > .quiet { say(line) } }

    public func noted(_ message: String) { if verbosity == .verbose { say(message) } }

    public func warned(_ message: String) {
        guard verbosity > .quiet else { return }
        let mark = isColoured ? "\u{1b}[1;35mwarning:\u{1b}[0m" : "warning:"
        say("xenwidth: \(mark) \(message.replacing(": warning: ", with: ": "))")
    }

    public func failed(_ message: String) {
        let mark = isColoured ? "\u{1b}[1;31merror:\u{1b}[0m" : "error:"
        say("xenwidth: \(mark) \(message)")
    }

    public func progressed(phase: String, finished: Int, total: Int, label: String) {
        guard showsProgress else { return }
        progress.withLock { progress in
            if progress.phase != phase { progress = Progress(phase: phase) }
            progress.isShown = true
            // One line, overwritten: as long as the narrowest terminal that is likely.
            Self.write("\r\u{1b}[K" + progress.line(finished: finished, total: total, label: label).prefix(78))
        }
    }

    /// Takes the progress line away, before a report or another program writes where it stood.
    public func clearProgress() {
        progress.withLock { progress in
            if progress.isShown { Self.write("\r\u{1b}[K") }
            progress.isShown = false
        }
    }

    private func say(_ line: String) {
        clearProgress()
        Self.write(line + "\n")
    }

    /// Nobody is told where standard error itself fails.
    private static func write(_ text: String) {
        _ = OutputDescriptor(STDERR_FILENO).write(Array(text.utf8))
    }
}
