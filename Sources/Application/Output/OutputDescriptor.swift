import Foundation

/// An open file to write to.
struct OutputDescriptor {
    enum Outcome: Equatable {
        case written
        /// The reader has gone: it has seen all it wanted.
        case closedByReader
        case failed(String)
    }

    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes all of it. SIGPIPE has to be ignored.
    func write(_ bytes: [UInt8]) -> Outcome {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                    continue
                }
                return errno == EPIPE ? .closedByReader : .failed(String(cString: strerror(errno)))
            }
            rest = rest.dropFirst(count)
        }
        return .written
    }
}
