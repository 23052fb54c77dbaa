import Foundation

/// Where symbolic links lead, also when nothing is there any more.
enum LinkTarget {
    private static let linkLimit = 40

    /// The absolute path with all links in it followed, nil if they go round in circles. What does not exist is taken as
    /// it is written.
    static func resolve(_ path: String) -> String? {
        var waiting = Array(path.split(separator: "/").map(String.init).reversed())
        var done: [String] = []
        var links = 0
        while let part = waiting.popLast() {
            switch part {
            case ".": continue
            case "..": _ = done.popLast()
            default:
                guard let target = target(of: "/" + (done + [part]).joined(separator: "/")) else {
                    done.append(part)
                    continue
                }
                links += 1
                guard links <= linkLimit else { return nil }
                if target.hasPrefix("/") { done = [] }
                waiting += target.split(separator: "/").map(String.init).reversed()
            }
        }
        return "/" + done.joined(separator: "/")
    }

    /// What a symbolic link says; nil for anything else.
    private static func target(of path: String) -> String? {
        guard !path.utf8.contains(0) else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(validating: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
