import Foundation
import XenTree

/// Writes a file so that whoever looks sees the old content or the new one, never a part.
struct AtomicFile {
    private let path: String

    /// A link stays one: what it leads to is replaced.
    init(path: String) {
        guard let resolved = realpath(path, nil) else {
            self.path = path
            return
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }

    func write(_ bytes: [UInt8]) throws(ApplicationError) {
        let directory = Self.directory(of: path)
        var template = Array((directory + "/.xenwidth-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure() }
        let temporary = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        Interruption.willLeave(temporary)
        defer { Interruption.hasLeft(temporary) }
        do throws(ApplicationError) {
            try fill(descriptor, bytes)
            guard rename(temporary, path) == 0 else { throw failure() }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private func fill(_ descriptor: Int32, _ bytes: [UInt8]) throws(ApplicationError) {
        let outcome = OutputDescriptor(descriptor).write(bytes)
        let hasMode = fchmod(descriptor, mode) == 0
        // Some file systems report a full disk only here.
        let isClosed = close(descriptor) == 0
        if case .failed(let reason) = outcome { throw failure(reason) }
        guard hasMode, isClosed else { throw failure() }
    }

    /// That of the file which is replaced, else what the user's mask leaves of 666.
    private var mode: mode_t {
        var status = stat()
        if stat(path, &status) == 0 { return status.st_mode & 0o777 }
        let mask = umask(0)
        umask(mask)
        return 0o666 & ~mask
    }

    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    private func failure(_ reason: String = String(cString: strerror(errno))) -> ApplicationError {
        ApplicationError("\(displayPath(path)): cannot be written: \(reason)")
    }
}
