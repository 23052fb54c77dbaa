import CLibclang
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A libclang session. Each translation unit has its own, so that units can be used on different threads.
public final class Index {
    let raw: CXIndex

    /// libclang would move each parse to a thread of its own with 8 MB of stack; `BigStack` gives a bigger one.
    private static let staysOnCallersThread: Bool = {
        setenv("LIBCLANG_NOTHREADS", "1", 1)
        return true
    }()

    public init() throws {
        guard Self.staysOnCallersThread, let raw = clang_createIndex(0, 0) else { throw ClangError.noThread }
        self.raw = raw
    }

    deinit { clang_disposeIndex(raw) }

    /// The version of the libclang in use, for reports.
    public static var libraryVersion: String { takeString(clang_getClangVersion()) }
}
