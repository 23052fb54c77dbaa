/// Why a run cannot go on: what is wrong and what to do about it, in words for people.
public struct ApplicationError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
