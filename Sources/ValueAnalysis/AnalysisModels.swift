import ProgramModel

/// Knowledge that is not in the C: what the rule pack says of guests, functions and variables.
///
/// Plain data; the rule pack's YAML is decoded into it, and nothing in this module names anything of Xen's.
public struct AnalysisModels: Hashable, Sendable {
    public var functions: [String: FunctionModel]
    public var bounds: [VouchedBound]
    public var roots: [ObjectRoot]
    /// The paths that the facts of any guest class speak of. The objects on them are told apart for every class, so that
    /// what is found for one holds for another where their facts say the same.
    public var paths: [ObjectPath]
    /// Functions whose definitions restore a guest's registers and so return nothing that a guest sees.
    public var registerRestoreHandlers: [String]

    public init(
        functions: [String: FunctionModel] = [:], bounds: [VouchedBound] = [], roots: [ObjectRoot] = [],
        paths: [ObjectPath] = [], registerRestoreHandlers: [String] = []
    ) {
        self.functions = functions
        self.paths = paths
        self.bounds = bounds
        self.roots = roots
        self.registerRestoreHandlers = registerRestoreHandlers
    }
}

/// The meaning of a function, in place of its body.
public struct FunctionModel: Hashable, Sendable {
    /// Memory that a call may write.
    public struct Write: Hashable, Sendable {
        /// Index of the pointer argument, from 0.
        public var argument: Int
        public init(argument: Int) { self.argument = argument }
    }

    public var name: String
    /// Its result is a continuation: the hypercall is re-executed, the guest never sees the value.
    public var isContinuation: Bool
    /// Its result tells whether there was a continuation: after 0 no value is a continuation's.
    public var isContinuationTest: Bool
    /// Inclusive bounds of the result; nil: the type's range.
    public var minimum: Int64?
    public var maximum: Int64?
    /// The result is at most this argument's value (`copy` functions return the bytes left).
    public var atMostArgument: Int?
    /// The result is less than the bytes from where this argument points to the end of its object.
    public var insideArgument: Int?
    /// What it writes it writes from where the pointer points, and at most as many bytes as this argument says.
    public var lengthArgument: Int?
    /// Pointer arguments through which any value may be written; nothing else is written.
    public var writes: [Write]
    /// Index of the function-pointer argument that is called later and whose result becomes the hypercall's.
    public var deferredCallback: Int?
    public var neverReturns: Bool
    public var reason: String

    public init(
        name: String, isContinuation: Bool = false, isContinuationTest: Bool = false, minimum: Int64? = nil, maximum: Int64? = nil,
        atMostArgument: Int? = nil, insideArgument: Int? = nil, writes: [Write] = [], lengthArgument: Int? = nil, deferredCallback: Int? = nil, neverReturns: Bool = false,
        reason: String
    ) {
        self.name = name
        self.isContinuation = isContinuation
        self.isContinuationTest = isContinuationTest
        self.minimum = minimum
        self.maximum = maximum
        self.atMostArgument = atMostArgument
        self.insideArgument = insideArgument
        self.lengthArgument = lengthArgument
        self.writes = writes
        self.deferredCallback = deferredCallback
        self.neverReturns = neverReturns
        self.reason = reason
    }
}

/// A bound that a tree's owner vouches for.
public struct VouchedBound: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        case global(String)
        case field(record: String, name: String)
        case result(function: String)
    }

    public var subject: Subject
    public var minimum: Int64?
    public var maximum: Int64?
    public var reason: String

    public init(subject: Subject, minimum: Int64?, maximum: Int64?, reason: String) {
        self.subject = subject
        self.minimum = minimum
        self.maximum = maximum
        self.reason = reason
    }
}

/// A well-known object (`current`) that guest facts can speak of, and how C code gets at its address.
public struct ObjectRoot: Hashable, Sendable {
    public enum Access: Hashable, Sendable {
        /// The value loaded from this field of this record, whatever the record's address.
        case field(record: String, name: String)
        /// The value loaded from this global, at whatever offset (per-CPU variables).
        case global(String)
        /// The result of this function.
        case result(function: String)
    }

    public var name: String
    public var record: String
    public var accesses: [Access]

    public init(name: String, record: String, accesses: [Access]) {
        self.name = name
        self.record = record
        self.accesses = accesses
    }
}

/// A field by the way from an object root.
public struct ObjectPath: Hashable, Sendable {
    public var root: String
    /// Field names from the root's record, pointers followed.
    public var fields: [String]

    public init(root: String, fields: [String]) {
        self.root = root
        self.fields = fields
    }
}

/// Who calls a handler, through which column of the table, and what is known of the caller.
public struct GuestClass: Hashable, Sendable {
    /// A field reached from an object root has this value while such a guest's hypercall runs.
    public struct Fact: Hashable, Sendable {
        public var root: String
        /// Field names from the root's record, pointers followed (`domain`, `arch`, `type`).
        public var path: [String]
        public var minimum: Int64
        public var maximum: Int64

        public init(root: String, path: [String], minimum: Int64, maximum: Int64) {
            self.root = root
            self.path = path
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    public var name: String
    /// The hypercall table's column (`caller:`).
    public var column: String
    /// Architectures of the hypervisor on which this class exists.
    public var architectures: [String]
    /// Bits of a hypercall argument that the guest controls; the rest is zero.
    public var argumentWidth: Int
    /// Bits of the result that the guest sees, and where it sees them.
    public var resultWidth: Int
    public var resultSlot: String
    public var facts: [Fact]

    public init(
        name: String, column: String, architectures: [String], argumentWidth: Int, resultWidth: Int,
        resultSlot: String, facts: [Fact]
    ) {
        self.name = name
        self.column = column
        self.architectures = architectures
        self.argumentWidth = argumentWidth
        self.resultWidth = resultWidth
        self.resultSlot = resultSlot
        self.facts = facts
    }
}

/// Which 32-bit results a guest takes for errors.
public enum ErrorConvention: String, Hashable, Sendable, Codable, CaseIterable {
    /// Those that are negative as `int`.
    case signed
    /// [-4095, -1] only: MAX_ERRNO of Xen (include/xen/err.h), as libxenctrl and Linux have it.
    case errno

    /// Where nobody says otherwise. It tells most: what only the other one takes for an error is `fits-unsigned`.
    public static let standard: ErrorConvention = .errno

    /// The smallest unsigned 32-bit number that reads as an error.
    public var firstError: UInt32 {
        switch self {
        case .signed: 1 << 31
        case .errno: UInt32.max - 4094
        }
    }
}
