import Foundation

/// Reading files that somebody else wrote: only regular ones, only up to a size, never waiting for one.
enum BoundedFile {
    /// Nothing that is read here is larger in a sane build; what is, is refused.
    static let sizeLimit = 64 << 20

    enum ReadError: Error {
        case missing
        case unusable(String)

        var reason: String {
            switch self {
            case .missing: "no such file"
            case .unusable(let reason): reason
            }
        }
    }

    /// The whole content of a regular file.
    static func read(_ path: String, limit: Int = sizeLimit, followLinks: Bool = true) throws(ReadError) -> [UInt8] {
        let file = try OpenFile(path, followLinks: followLinks)
        guard file.size <= limit else { throw .unusable("it is larger than \(limit >> 20) MiB") }
        return try file.bytes(at: 0, count: file.size)
    }

    /// The content as text, with anything that is not UTF-8 replaced.
    static func text(_ path: String, limit: Int = sizeLimit) throws(ReadError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// The absolute path without symbolic links, or nil if there is no such file.
    static func canonicalPath(_ path: String) -> String? {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    static func isDirectory(_ path: String) -> Bool { mode(path) == S_IFDIR }

    static func isRegularFile(_ path: String) -> Bool { mode(path) == S_IFREG }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT
    }
}

/// An open regular file; closed with its owner.
final class OpenFile {
    let size: Int
    private let descriptor: Int32

    init(_ path: String, followLinks: Bool) throws(BoundedFile.ReadError) {
        guard !path.utf8.contains(0) else { throw .unusable("its name contains a NUL byte") }
        // Without O_NONBLOCK a named pipe in the tree would stop the run before its type is known.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW)
        let descriptor = open(path, flags)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing }
            throw .unusable(String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unusable("it is not a regular file")
        }
        self.descriptor = descriptor
        self.size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly `count` bytes from `offset`; fewer if the file ends (or was cut meanwhile) before.
    func bytes(at offset: Int, count: Int) throws(BoundedFile.ReadError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size else { return [] }
        let wanted = min(count, size - offset)
        var failure: Int32 = 0
        let result = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted, let start = buffer.baseAddress {
                let got = pread(descriptor, start + filled, wanted - filled, off_t(offset + filled))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        if failure != 0 { throw .unusable(String(cString: strerror(failure))) }
        return result
    }
}
