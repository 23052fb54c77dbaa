import Foundation

/// What a descriptor leads to.
public struct Terminal {
    private let descriptor: Int32

    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// A terminal that understands more than lines.
    public var isInteractive: Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    public func isColoured(_ choice: ColourChoice) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        }
    }

    /// Columns to wrap at; nil where nobody reads it as it comes.
    public var width: Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return nil }
        return Int(size.ws_col)
    }
}
