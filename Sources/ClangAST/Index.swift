import CLibclang
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A libclang session. Each translation unit has its own, so that units can be used on different threads.
public final class Index {
    let raw: CXIndex

    /// What has to happen once in a process, before everything else.
    static let isPrepared: Bool = {
        // libclang would move each parse to a thread of its own with 8 MB of stack; `BigStack` gives a bigger one.
        setenv("LIBCLANG_NOTHREADS", "1", 1)
        // The first index makes libclang install its signal handlers; `StackGuard` has to come after.
        clang_disposeIndex(clang_createIndex(0, 0))
        return true
    }()

    public init() throws {
        guard Self.isPrepared, let raw = clang_createIndex(0, 0) else { throw ClangError.noThread }
        self.raw = raw
    }

    deinit { clang_disposeIndex(raw) }

    /// The version of the libclang in use, for reports.
    public static var libraryVersion: String { takeString(clang_getClangVersion()) }
}
