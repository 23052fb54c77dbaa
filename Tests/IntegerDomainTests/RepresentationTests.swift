import Testing
@testable import IntegerDomain

/// The form that every value is kept in. `==` is only as good as this, and a sloppy form costs precision silently.
@Suite struct RepresentationTests {
    private static let formats = [3, 4, 5, 6].flatMap { width in
        [false, true].map { IntFormat(width: width, isSigned: $0) }
    }

    /// What is wrong with a value's form; nil if nothing.
    private static func flaw(_ value: IntValue) -> String? {
        let (known, format) = (value.knownBits, value.format)
        if known.value & known.mask != 0 { return "a bit is both known and unknown" }
        if (known.value | known.mask) & ~format.allOnes != 0 { return "bits beyond the width" }
        let spans = (0..<value.spans.count).map { value.spans[$0] }
        if spans.count > SpanList.capacity { return "\(spans.count) spans" }
        let grid = known.flipping(format.bias)
        for span in spans {
            if span.low > span.high || span.high > format.allOnes { return "a span that is none" }
            if !grid.contains(span.low) || !grid.contains(span.high) { return "a span that ends outside the known bits" }
        }
        for (one, next) in zip(spans, spans.dropFirst()) where one.high >= next.low || one.high + 1 == next.low {
            return "spans that touch"
        }
        return nil
    }

    /// The best tristate number of a set: a bit is known where all members agree.
    private static func knownBits(of set: SmallSet, _ format: IntFormat) -> KnownBits {
        let patterns = format.smallValues.filter { set & format.bit($0) != 0 }.map { pattern($0, format) }
        let ones = patterns.reduce(UInt64.max, &)
        let zeros = patterns.reduce(UInt64.max) { $0 & ~$1 }
        return KnownBits(value: ones, mask: format.allOnes & ~(ones | zeros))
    }

    private static func expectCanonical(_ value: IntValue, _ what: @autoclosure () -> String) {
        if let flaw = flaw(value) {
            Issue.record("\(what()): \(value): \(flaw)")
            return
        }
        let set = value.set
        #expect(value.isBottom == (set == 0), "\(what())")
        guard set != 0 else { return }
        #expect(value.knownBits == knownBits(of: set, value.format), "\(what()): \(value) does not know its bits")
        #expect(IntValue(set: set, value.format) == value, "\(what()): \(value) has another form too")
    }

    @Test(arguments: formats, [0, defaultEnumerationLimit]) func resultsAreCanonical(format: IntFormat, limit: Int) {
        var random = SplitMix64(state: 61)
        for round in 0..<400 {
            let op = BinaryOp.allCases[round % BinaryOp.allCases.count]
            let a = IntValue(set: random.set(format), format)
            let b = round % 3 == 0 ? IntValue.constant(Int128(round), format) : IntValue(set: random.set(format), format)
            let r = IntValue(set: random.set(format), format)
            Self.expectCanonical(a, "the operand")
            Self.expectCanonical(.apply(op, a, b, enumerationLimit: limit), "\(a) \(op) \(b)")
            let (x, y) = IntValue.refine(op, a, b, result: r, enumerationLimit: limit)
            Self.expectCanonical(x, "left of \(a) \(op) \(b) in \(r)")
            Self.expectCanonical(y, "right of \(a) \(op) \(b) in \(r)")
        }
    }

    @Test(arguments: formats) func otherResultsAreCanonical(format: IntFormat) {
        var random = SplitMix64(state: 67)
        for round in 0..<200 {
            let (a, b) = (IntValue(set: random.set(format), format), IntValue(set: random.set(format), format))
            for op in UnaryOp.allCases {
                Self.expectCanonical(.apply(op, a), "\(op) \(a)")
                Self.expectCanonical(.refine(op, a, result: b), "\(op) \(a) in \(b)")
            }
            let compare = CompareOp.allCases[round % CompareOp.allCases.count]
            let (x, y) = IntValue.refine(compare, a, b, holds: round % 2 == 0)
            Self.expectCanonical(x, "left of \(a) \(compare) \(b)")
            Self.expectCanonical(y, "right of \(a) \(compare) \(b)")
            Self.expectCanonical(a.join(b), "\(a) join \(b)")
            Self.expectCanonical(a.meet(b), "\(a) meet \(b)")
            Self.expectCanonical(a.widen(b, thresholds: [-4, -1, 0, 1, 5]), "\(a) widened to \(b)")
            Self.expectCanonical(a.excluding(Int128(round % 9) - 4), "\(a) without a member")
            Self.expectCanonical(a.clamped(low: -3, high: 9), "\(a) clamped")
            for target in Self.formats + [.bool] {
                Self.expectCanonical(a.converted(to: target), "\(a) to \(target)")
                Self.expectCanonical(a.refiningConversion(result: b.converted(to: target)), "\(a) from \(target)")
            }
        }
    }
}

/// Every operator on every pair of tristate numbers of four bits.
@Suite struct TristateTests {
    private static let width: UInt64 = 15
    private static let all: [KnownBits] = (0...width).flatMap { mask in
        (0...width).filter { $0 & mask == 0 }.map { KnownBits(value: $0, mask: mask) }
    }

    private static func members(_ bits: KnownBits) -> [UInt64] { (0...width).filter(bits.contains) }

    private static func best(_ patterns: [UInt64]) -> KnownBits {
        let ones = patterns.reduce(width, &)
        let zeros = patterns.reduce(width) { $0 & ~$1 }
        return KnownBits(value: ones, mask: width & ~(ones | zeros))
    }

    /// - Parameter isBest: whether the operator gives the best tristate number, or only one that holds.
    private static func check(
        _ name: String, isBest: Bool, _ abstract: (KnownBits, KnownBits) -> KnownBits, _ concrete: (UInt64, UInt64) -> UInt64
    ) {
        for a in all {
            for b in all {
                let result = abstract(a, b).truncated(width)
                let truth = members(a).flatMap { x in members(b).map { concrete(x, $0) & width } }
                #expect(result.value & result.mask == 0, "\(name) \(a) \(b)")
                #expect(truth.allSatisfy(result.contains), "\(name) \(a) \(b) is unsound")
                if isBest { #expect(result == best(truth), "\(name) \(a) \(b) loses bits") }
            }
        }
    }

    @Test func bitwiseOperatorsAreBest() {
        Self.check("and", isBest: true, { $0.and($1) }, { $0 & $1 })
        Self.check("or", isBest: true, { $0.or($1) }, { $0 | $1 })
        Self.check("xor", isBest: true, { $0.xor($1) }, { $0 ^ $1 })
    }

    @Test func sumsAreBest() {
        Self.check("adding", isBest: true, { $0.adding($1) }, { $0 &+ $1 })
        Self.check("subtracting", isBest: true, { $0.subtracting($1) }, { $0 &- $1 })
    }

    @Test func productsHold() {
        Self.check("multiplied", isBest: false, { $0.multiplied(by: $1) }, { $0 &* $1 })
    }

    @Test func unionsAndIntersectionsAreBest() {
        for a in Self.all {
            for b in Self.all {
                #expect(a.join(b) == Self.best(Self.members(a) + Self.members(b)))
                let common = Self.members(a).filter(b.contains)
                #expect(a.meet(b) == (common.isEmpty ? nil : Self.best(common)))
                #expect(a.isSubset(of: b) == Self.members(a).allSatisfy(b.contains))
            }
        }
    }
}
