import Foundation

/// Lists files below a directory, in a fixed order, without ever leaving it through a symbolic link.
struct DirectoryWalk {
    static let depthLimit = 48
    static let entryLimit = 500_000

    private(set) var files: [String] = []
    private(set) var diagnostics: [TreeDiagnostic] = []
    private var visited = 0
    private let isWanted: (String) -> Bool
    private let skipsDirectory: (_ name: String, _ depth: Int) -> Bool

    /// - Parameters:
    ///   - isWanted: whether a file of that name is listed.
    ///   - skipsDirectory: whether a directory of that name at that depth (0: directly below) is left out.
    init(
        of root: String, isWanted: @escaping (String) -> Bool,
        skipsDirectory: @escaping (_ name: String, _ depth: Int) -> Bool
    ) {
        self.isWanted = isWanted
        self.skipsDirectory = skipsDirectory
        walk(root, depth: 0)
    }

    private mutating func walk(_ directory: String, depth: Int) {
        guard depth < Self.depthLimit else {
            diagnostics.append(TreeDiagnostic(.warning, file: directory, message: "nested too deeply, not searched"))
            return
        }
        var subdirectories: [String] = []
        var names: [String] = []
        for entry in entries(of: directory) {
            if entry.isDirectory {
                if !skipsDirectory(entry.name, depth) { subdirectories.append(entry.name) }
            } else if isWanted(entry.name) {
                names.append(entry.name)
            }
        }
        files += names.sorted().map { PathText.join(directory, $0) }
        for name in subdirectories.sorted() { walk(PathText.join(directory, name), depth: depth + 1) }
    }

    /// Regular files and directories in `directory`; links, pipes and devices are not among them.
    private mutating func entries(of directory: String) -> [(name: String, isDirectory: Bool)] {
        guard visited <= Self.entryLimit else { return [] }
        guard let stream = opendir(directory) else {
            let reason = String(cString: strerror(errno))
            diagnostics.append(TreeDiagnostic(.warning, file: directory, message: "cannot be searched: \(reason)"))
            return []
        }
        defer { closedir(stream) }
        var found: [(name: String, isDirectory: Bool)] = []
        while let entry = readdir(stream) {
            visited += 1
            if visited > Self.entryLimit {
                let message = "more than \(Self.entryLimit) files in the build, the rest is not searched"
                diagnostics.append(TreeDiagnostic(.warning, file: directory, message: message))
                break
            }
            guard let name = Self.name(of: entry) else {
                let message = "a file name in it is not UTF-8 and is left out"
                diagnostics.append(TreeDiagnostic(.note, file: directory, message: message))
                continue
            }
            if name == "." || name == ".." { continue }
            switch Self.kind(of: entry, path: PathText.join(directory, name)) {
            case S_IFDIR: found.append((name, true))
            case S_IFREG: found.append((name, false))
            default: break
            }
        }
        return found
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func kind(of entry: UnsafeMutablePointer<dirent>, path: String) -> mode_t {
        switch Int(entry.pointee.d_type) {
        case Int(DT_DIR): return S_IFDIR
        case Int(DT_REG): return S_IFREG
        case Int(DT_UNKNOWN):
            // Some file systems do not say.
            var status = stat()
            return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
        default: return 0
        }
    }
}
