import Foundation

/// Which deliberate error is switched on. Only copies that tools/fuzz-teeth.sh makes contain this file.
public enum SeededError {
    private static let active = ProcessInfo.processInfo.environment["SEEDED_ERROR"]
    public static func isActive(_ name: String) -> Bool { name == active }
}
