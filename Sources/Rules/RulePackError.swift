import Foundation
import ProgramModel

/// What is wrong with a rule pack, and where.
public struct RulePackError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
    /// Machine-readable kind; `message` is for people.
    public enum Kind: Hashable, Sendable {
        case unreadable
        case tooLarge
        case syntax
        /// Anchors and aliases, which the pack does not take: a few lines of them expand to gigabytes.
        case alias
        case unknownKey(nearest: String?)
        case missingKey(String)
        case wrongType
        case invalidValue(nearest: String?)
        case duplicate
        case notFound
    }

    public var kind: Kind
    /// Line and column are 0 where the problem is the file as a whole.
    public var location: SourceLocation
    public var message: String

    public init(kind: Kind, location: SourceLocation, message: String) {
        self.kind = kind
        self.location = location
        self.message = message
    }

    /// `file:line:column: error: message`, the form that editors jump to.
    public var description: String {
        var place = location.file
        if location.line > 0 { place += ":\(location.line):\(location.column)" }
        return place.isEmpty ? message : "\(place): error: \(message)"
    }

    public var errorDescription: String? { description }
}
