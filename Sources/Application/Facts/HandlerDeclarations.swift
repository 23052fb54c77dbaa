import Lowering
import ProgramModel
import Rules

/// What the hypercall table says of a handler.
struct HandlerDescription: Hashable, Sendable {
    var name: String
    /// The return type of the handler's class, such as all with one prefix.
    var classType: String?
    /// The class, for messages.
    var className: String = ""
    /// The return type in the handler's own prototype.
    var prototypeType: String?
}

/// Compares what the definition of a handler, its prototype and the table say of its return type.
struct HandlerDeclarations {
    let program: ClangProgram

    func facts(of handler: HandlerDescription) -> HandlerFacts? {
        guard let defined = program.definition(of: handler.name) else { return nil }
        let type = TypeName(defined.returnTypeSpelling, defined.returnType)
        var disagreements: [String] = []
        if let prototype = handler.prototypeType, type.contradicts(prototype) {
            disagreements.append("defined to return '\(defined.returnTypeSpelling)', its prototype says '\(prototype)'")
        }
        if let expected = handler.classType, type.contradicts(expected) {
            let name = handler.className.isEmpty ? "its class" : "'\(handler.className)' handlers"
            disagreements.append(
                "defined to return '\(defined.returnTypeSpelling)', the table says '\(expected)' for \(name)")
        }
        return HandlerFacts(location: defined.location, returnType: type.name, disagreements: disagreements)
    }
}

/// An integer type as C spells it without typedefs.
struct TypeName {
    /// Canonical where that is known, else as spelt.
    let name: String
    private let type: CType

    init(_ spelling: String, _ type: CType) {
        self.type = type
        name = Self.base(spelling) ?? Self.resolved(type) ?? spelling
    }

    /// Whether `spelling` is certainly another type. A typedef's name alone says nothing.
    func contradicts(_ spelling: String) -> Bool {
        guard let expected = Self.base(spelling) else { return false }
        return Self.isBase(name) && name != expected
    }

    private static func isBase(_ name: String) -> Bool { base(name) == name }

    /// `long unsigned int` as `unsigned long`; nil for what is no type of C's own.
    private static func base(_ spelling: String) -> String? {
        var words = spelling.split(whereSeparator: \.isWhitespace).map(String.init).filter { $0 != "const" }
        let known: Set<String> = ["signed", "unsigned", "char", "short", "int", "long", "void", "_Bool"]
        guard !words.isEmpty, words.allSatisfy(known.contains) else { return nil }
        let isUnsigned = words.contains("unsigned")
        words.removeAll { $0 == "signed" || $0 == "unsigned" }
        if words.count > 1 { words.removeAll { $0 == "int" } }
        let core = words.isEmpty ? "int" : words.joined(separator: " ")
        return isUnsigned ? "unsigned \(core)" : core
    }

    private static func resolved(_ type: CType) -> String? {
        if case .void = type { return "void" }
        guard let integer = type.integer else { return nil }
        let core = [8: "char", 16: "short", 32: "int", 64: "long"][integer.width]
        return core.map { integer.isSigned ? $0 : "unsigned \($0)" }
    }
}
