/// Why libclang was not asked, or gave no translation unit.
public enum ClangError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A flag that is not on the allow-list (it might load code, read other arguments from a file, or write a file).
    case refusedFlag(String)
    case unreadableFile(String)
    /// libclang gave up without a translation unit.
    case parseFailed(path: String, code: Int)
    /// No thread with a stack big enough could be started.
    case noThread

    public var description: String {
        switch self {
        case .refusedFlag(let flag): "compiler flag refused: \(flag)"
        case .unreadableFile(let path): "\(path): cannot be read"
        case .parseFailed(let path, let code): "\(path): libclang could not parse it (error \(code))"
        case .noThread: "no thread could be started for libclang"
        }
    }
}
