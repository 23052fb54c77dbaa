import ClangAST
import ProgramModel

/// A call of one of the compiler's own functions that is not a call at run time.
struct Builtin {
    enum Kind {
        /// The value of the first argument.
        case expectation
        /// 0 or 1, as the compiler likes.
        case constantQuestion
        case unreachable
        /// A result that is not followed; no argument is written.
        case unknownResult
        /// Stores a sum, difference or product through the last argument, and tells whether it was cut.
        case overflow
        /// Evaluates its arguments and does nothing else.
        case nothing
    }

    static let expectations: Set<String> = ["__builtin_expect", "__builtin_expect_with_probability"]
    private static let pure = [
        "ffs", "clz", "ctz", "popcount", "parity", "clrsb", "bswap", "object_size", "dynamic_object_size", "abs", "labs",
        "llabs", "return_address", "frame_address", "extract_return_addr", "rotateleft", "rotateright", "bitreverse",
    ]

    var kind: Kind
    var name: String
    var arguments: [Cursor]

    init?(call cursor: Cursor, _ lowering: FunctionLowering) {
        let children = cursor.children
        guard let function = children.first.flatMap(lowering.functionDeclaration) else { return nil }
        let name = function.spelling
        guard name.hasPrefix("__builtin_") else { return nil }
        guard let kind = Self.kind(String(name.dropFirst("__builtin_".count))) else { return nil }
        self.kind = kind
        self.name = name
        arguments = Array(children.dropFirst())
    }

    private static func kind(_ name: String) -> Kind? {
        switch name {
        case "expect", "expect_with_probability", "assume_aligned", "launder": return .expectation
        case "constant_p": return .constantQuestion
        case "unreachable", "trap": return .unreachable
        case "prefetch", "assume", "va_start", "va_end", "va_copy", "___clear_cache", "debugtrap": return .nothing
        default:
            if name.hasSuffix("_overflow") { return .overflow }
            let stem = pure.first { name == $0 || (name.hasPrefix($0) && isWidthSuffix(name.dropFirst($0.count))) }
            return stem == nil ? nil : .unknownResult
        }
    }

    /// `l`, `ll`, `16`, `32`, `g` ... after the name of a family.
    private static func isWidthSuffix(_ suffix: Substring) -> Bool {
        suffix.allSatisfy { $0 == "l" || $0 == "g" || $0 == "s" || $0.isNumber }
    }
}

extension FunctionLowering {
    /// The value of a builtin, nil if it has to be lowered as an ordinary call.
    func lowerBuiltin(_ builtin: Builtin, _ cursor: Cursor) -> ExpressionID? {
        let location = place(of: cursor)
        let type = types.lowerValue(cursor.type)
        switch builtin.kind {
        case .expectation:
            guard let first = builtin.arguments.first else { return nil }
            let value = lower(value: first)
            for other in builtin.arguments.dropFirst() { lower(effectsOf: other) }
            return convert(value, to: type, isExplicit: false, location)
        case .constantQuestion: return lowerConstantQuestion(builtin, type, location)
        case .unreachable:
            builder.terminate(.unreachable, location)
            builder.current = builder.newBlock()
            return builder.add(.anyValue(reason: "void"), type, location)
        case .unknownResult:
            let before = builder.mark
            for argument in builtin.arguments { lower(effectsOf: argument) }
            // clang folds through side effects; where there are none, its value is the value.
            if builder.mark == before, !builtin.name.contains("object_size"), type.integerType != nil,
                let bits = cursor.evaluatedInteger
            {
                return constant(bits, type, location)
            }
            return lowerBitCount(builtin, type, location)
                ?? builder.add(.anyValue(reason: builtin.name), type, location)
        case .overflow: return lowerOverflow(builtin, type, location)
        case .nothing:
            lowerListBuiltin(builtin, location)
            return builder.add(.anyValue(reason: "void"), type, location)
        }
    }

    /// gcc and clang differ in what they know to be constant, so only a literal counts as one.
    private func lowerConstantQuestion(_ builtin: Builtin, _ type: CType, _ location: SourceLocation) -> ExpressionID {
        if let only = builtin.arguments.first {
            // The operand is not evaluated.
            let inner = only.unwrapped
            if inner.kind == .integerLiteral || inner.kind == .characterLiteral { return constant(1, type, location) }
        }
        let truth = builder.add(.anyValue(reason: "__builtin_constant_p"), .integer(.bool), location)
        return convert(truth, to: type, isExplicit: false, location)
    }

    /// What counting functions can give for a word of their width; of zero, `clz` and `ctz` say nothing (GCC manual, "Other
    /// Built-in Functions Provided by GCC"), and code that asks all the same is not served by a wider range.
    private func lowerBitCount(_ builtin: Builtin, _ type: CType, _ location: SourceLocation) -> ExpressionID? {
        let families = ["ffs", "clz", "ctz", "popcount", "parity", "clrsb"]
        guard let family = families.first(where: { builtin.name.hasPrefix("__builtin_\($0)") }), type.integerType != nil
        else { return nil }
        let suffix = builtin.name.dropFirst("__builtin_".count + family.count)
        let width = suffix.hasPrefix("ll") ? 64 : suffix.hasPrefix("l") ? types.pointerWidth : 32
        func any(bits: Int) -> ExpressionID {
            let narrow = builder.add(
                .anyValue(reason: builtin.name), .integer(IntType(width: bits, isSigned: false)), location)
            return convert(narrow, to: type, isExplicit: false, location)
        }
        if family == "parity" { return any(bits: 1) }
        let below = any(bits: width == 64 ? 6 : 5)
        guard family == "ffs" || family == "popcount" else { return below }
        return builder.add(.binary(.add, below, any(bits: 1)), type, location)
    }

    /// `va_start` and its kin write the list, whose content is not followed.
    private func lowerListBuiltin(_ builtin: Builtin, _ location: SourceLocation) {
        guard builtin.name.contains("va_"), let list = builtin.arguments.first else {
            for argument in builtin.arguments { lower(effectsOf: argument) }
            return
        }
        let inner = list.unwrapped
        guard isPlaceLike(inner) else { return }
        builder.emit(.assembly(outputs: [lower(place: inner)], inputs: [], clobbersMemory: false), location)
    }
}
