import ProgramModel
import ValueAnalysis

/// What is known of a tree's handlers and dispatchers besides the rows of the map.
public struct TreeFacts: Hashable, Sendable, Codable {
    /// By name.
    public var handlers: [String: HandlerFacts]
    /// Ordered by guest class and place.
    public var dispatchSites: [DispatchSite]

    public init(handlers: [String: HandlerFacts] = [:], dispatchSites: [DispatchSite] = []) {
        self.handlers = handlers
        self.dispatchSites = dispatchSites
    }

    /// Bits of a result that arrive by one way; nil where no dispatcher was seen to store it.
    func storedWidth(_ kind: DispatchSite.Kind, guest: String) -> Int? {
        dispatchSites.filter { $0.kind == kind && $0.guest == guest }.map(\.width).min()
    }
}

/// A handler as its definition, its prototype and the hypercall table declare it.
public struct HandlerFacts: Hashable, Sendable, Codable {
    /// The definition.
    public var location: SourceLocation
    /// The defined return type without typedefs, such as `long`; as spelt where it is no integer.
    public var returnType: String
    /// What contradicts what, in words; empty where all declarations agree.
    public var disagreements: [String]
    /// Functions whose result is wider than `int` and can become the handler's, ordered.
    public var wideCallees: [String]
    /// Places where the sign of an error number can be lost on its way to the return.
    public var signLosses: [SignLoss]

    public init(
        location: SourceLocation, returnType: String, disagreements: [String] = [], wideCallees: [String] = [],
        signLosses: [SignLoss] = []
    ) {
        self.location = location
        self.returnType = returnType
        self.disagreements = disagreements
        self.wideCallees = wideCallees
        self.signLosses = signLosses
    }
}

extension HandlerFacts {
    /// The losses that a row's values come by: in a callee that one of its values was returned by, or on a line of the
    /// handler that they pass. A handler's other sub-operations have their own.
    public func signLosses(on row: AuditRow?) -> [SignLoss] {
        guard let row else { return signLosses }
        return signLosses.filter { loss in
            row.evidence.contains { step in
                step.location.file == loss.location.file && step.location.line == loss.location.line
                    || loss.function != row.handler && step.message.contains("'\(loss.function)'")
            }
        }
    }
}

/// A widening conversion of an unsigned value that can be a negative error number in disguise.
public struct SignLoss: Hashable, Sendable, Codable, Comparable {
    public var location: SourceLocation
    /// The function that the conversion stands in.
    public var function: String

    public init(location: SourceLocation, function: String) {
        self.location = location
        self.function = function
    }

    public static func < (a: SignLoss, b: SignLoss) -> Bool { (a.location, a.function) < (b.location, b.function) }
}

/// A place that calls the handlers of a guest class and stores what they return.
public struct DispatchSite: Hashable, Sendable, Codable {
    /// How a guest gets at a result.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// In the result register of a call of its own.
        case register
        /// In the entry of a list of calls.
        case multicall
    }

    public var guest: String
    public var kind: Kind
    /// The dispatcher.
    public var function: String
    public var location: SourceLocation
    /// Where the result is stored: `record.field`, or a variable's name.
    public var target: String
    /// Bits that are stored.
    public var width: Int

    public init(
        guest: String, kind: Kind, function: String, location: SourceLocation, target: String, width: Int
    ) {
        self.guest = guest
        self.kind = kind
        self.function = function
        self.location = location
        self.target = target
        self.width = width
    }
}

/// The functions that call a guest class's handlers.
public struct Dispatchers: Hashable, Sendable {
    public var register: [String] = []
    public var multicall: [String] = []

    public func names(_ kind: DispatchSite.Kind) -> [String] { kind == .register ? register : multicall }
}
