import CLibclang
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The text of a libclang string, which is freed. Bytes that are not UTF-8 become U+FFFD.
func takeString(_ string: CXString) -> String {
    defer { clang_disposeString(string) }
    guard let bytes = clang_getCString(string) else { return "" }
    return String(cString: bytes)
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// A regular file (not a directory, a device or a pipe, which could block) that this process may read.
func isReadableFile(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return access(path, R_OK) == 0
}

/// Calls `body` with C copies of the strings.
func withCStrings<Result>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) throws -> Result) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies.map { UnsafePointer($0) })
}
