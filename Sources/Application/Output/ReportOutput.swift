import Foundation
import XenTree

/// Where a report goes: standard output, or a file that appears whole or not at all.
public struct ReportOutput: Sendable {
    /// nil for standard output.
    public let path: String?

    /// - Parameter path: nil or `-` for standard output.
    public init(path: String?) { self.path = path == "-" ? nil : path }

    /// Whether colours and line breaks for a terminal make sense.
    public func terminal() -> Terminal? { path == nil ? Terminal(descriptor: STDOUT_FILENO) : nil }

    /// Finds out before a long run what would make `write` fail after it.
    public func check() throws(ApplicationError) {
        guard let path else { return }
        guard !path.utf8.contains(0), !path.isEmpty else { throw ApplicationError("-o: not the name of a file") }
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { throw failure("it is a directory") }
            guard access(path, W_OK) == 0 else { throw failure(String(cString: strerror(errno))) }
            if status.st_mode & S_IFMT != S_IFREG { return }
        }
        let directory = AtomicFile.directory(of: path)
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw failure("there is no directory \(displayPath(directory)): create it first")
        }
        guard access(directory, W_OK) == 0 else {
            throw failure("the directory \(displayPath(directory)) cannot be written to")
        }
    }

    public func write(_ text: String) throws(ApplicationError) {
        let bytes = Array(text.utf8)
        guard let path else {
            if case .failed(let reason) = OutputDescriptor(STDOUT_FILENO).write(bytes) {
                throw ApplicationError("standard output: cannot be written: \(reason)")
            }
            return
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            try writeInPlace(bytes, path)
        } else {
            try AtomicFile(path: path).write(bytes)
        }
    }

    /// A pipe or a device must not be replaced by a file.
    private func writeInPlace(_ bytes: [UInt8], _ path: String) throws(ApplicationError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        if case .failed(let reason) = OutputDescriptor(descriptor).write(bytes) { throw failure(reason) }
    }

    private func failure(_ reason: String) -> ApplicationError {
        ApplicationError("\(displayPath(path ?? "-")): cannot be written: \(reason)")
    }
}
