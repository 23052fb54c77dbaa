/// A tristate number: every bit is 0, 1 or unknown.
///
/// The abstract domain of the Linux eBPF verifier (`kernel/bpf/tnum.c`), whose addition and subtraction are proven sound
/// and optimal in H. Vishwanathan, M. Shachnai, S. Narayana, S. Nagarakatte: "Sound, Precise, and Fast Abstract
/// Interpretation with Tristate Numbers", CGO 2022.
public struct KnownBits: Hashable, Sendable {
    /// The known bits; unknown positions are 0.
    public var value: UInt64

    /// The unknown bits.
    public var mask: UInt64

    /// Creates a tristate number; unknown positions of `value` are cleared.
    public init(value: UInt64, mask: UInt64) {
        self.value = value & ~mask
        self.mask = mask
    }

    /// From the positions known to be one and known to be zero among the bits of `width`; nil when they conflict.
    init?(ones: UInt64, zeros: UInt64, width: UInt64) {
        guard ones & zeros == 0 else { return nil }
        self.init(value: ones & width, mask: width & ~(ones | zeros))
    }

    /// Whether a bit pattern agrees with every known bit.
    public func contains(_ pattern: UInt64) -> Bool { pattern & ~mask == value }

    /// Positions known to be zero among the bits of `width`.
    @inline(__always) func zeros(_ width: UInt64) -> UInt64 { width & ~(value | mask) }

    /// Whether every pattern of `self` is one of `other`.
    @inline(__always) func isSubset(of other: KnownBits) -> Bool {
        mask & ~other.mask == 0 && other.contains(value)
    }

    @inline(__always) func join(_ other: KnownBits) -> KnownBits {
        KnownBits(value: value, mask: mask | other.mask | (value ^ other.value))
    }

    /// Bits known in either; nil when a bit is known differently.
    @inline(__always) func meet(_ other: KnownBits) -> KnownBits? {
        guard (value ^ other.value) & ~mask & ~other.mask == 0 else { return nil }
        return KnownBits(value: value | other.value, mask: mask & other.mask)
    }

    /// Complements the known bits among `bits`. With `bits` a format's bias this translates between patterns and keys.
    @inline(__always) func flipping(_ bits: UInt64) -> KnownBits {
        KnownBits(value: value ^ (bits & ~mask), mask: mask)
    }

    @inline(__always) func truncated(_ width: UInt64) -> KnownBits {
        KnownBits(value: value & width, mask: mask & width)
    }
}

// MARK: - Members in numeric order

extension KnownBits {
    /// Smallest member not below `bound`.
    func firstMember(from bound: UInt64) -> UInt64? {
        let conflict = (bound ^ value) & ~mask
        if conflict == 0 { return bound }
        let top = UInt64(1) << UInt64(63 - conflict.leadingZeroBitCount)
        let upToTop = top | (top - 1)
        if value & top != 0 {
            // The bound has 0 where members have 1: going up to that 1 makes all lower unknown bits free to be 0.
            return (bound & ~upToTop) | (value & upToTop)
        }
        // The bound has 1 where members have 0: some unknown 0 above must become 1, the lowest one costs least.
        let raisable = mask & ~bound & ~upToTop
        if raisable == 0 { return nil }
        let raised = raisable & (0 &- raisable)
        return (bound & ~(raised | (raised - 1))) | raised | (value & (raised - 1))
    }

    /// Largest member not above `bound`.
    func lastMember(upTo bound: UInt64) -> UInt64? {
        // Complementing every bit reverses the numeric order.
        KnownBits(value: ~value, mask: mask).firstMember(from: ~bound).map { ~$0 }
    }

    /// The span between the outermost members inside `span`, nil when it has none.
    @inline(__always) func trimming(_ span: Span) -> Span? {
        if contains(span.low) && contains(span.high) { return span }
        guard let low = firstMember(from: span.low), let high = lastMember(upTo: span.high), low <= high else { return nil }
        return Span(low: low, high: high)
    }

    /// The best tristate number for the members inside `span`, whose bounds must be members.
    ///
    /// Above the highest bit where the bounds differ all members agree. Below it every unknown bit takes both values:
    /// counting from one bound to the other passes a member with all lower unknown bits 1 and then one with all 0.
    @inline(__always) func restricted(to span: Span) -> KnownBits {
        let difference = span.low ^ span.high
        let varying = difference == 0 ? 0 : UInt64.max >> UInt64(difference.leadingZeroBitCount)
        return KnownBits(value: span.low, mask: mask & varying)
    }

    /// The lowest unknown bits that follow each other from bit 0: members come in aligned blocks of this many plus one.
    @inline(__always) var blockOffsets: UInt64 { mask & ~(mask &+ 1) }
}

// MARK: - Operators (all modulo 2^64; callers truncate to their width)

extension KnownBits {
    func adding(_ other: KnownBits) -> KnownBits {
        // Carries differ between the smallest sum (all unknown 0) and the largest (all unknown 1) exactly where some
        // choice of the unknown bits makes them differ: Theorem 6 of the CGO 2022 paper.
        let smallest = value &+ other.value
        let largest = smallest &+ mask &+ other.mask
        return KnownBits(value: smallest, mask: (smallest ^ largest) | mask | other.mask)
    }

    func subtracting(_ other: KnownBits) -> KnownBits {
        let difference = value &- other.value
        let borrowless = difference &+ mask
        let borrowing = difference &- other.mask
        return KnownBits(value: difference, mask: (borrowless ^ borrowing) | mask | other.mask)
    }

    /// Long multiplication where an uncertain multiplier bit joins the sums with and without the partial product.
    func multiplied(by other: KnownBits) -> KnownBits {
        let swap = (value | mask).nonzeroBitCount > (other.value | other.mask).nonzeroBitCount
        let (multiplier, multiplicand) = swap ? (other, self) : (self, other)
        var sum = KnownBits(value: 0, mask: 0)
        var pending = multiplier.value | multiplier.mask
        while pending != 0 {
            let shift = UInt64(pending.trailingZeroBitCount)
            pending &= pending - 1
            let more = sum.adding(multiplicand.shiftedLeft(shift))
            sum = multiplier.mask >> shift & 1 == 0 ? more : sum.join(more)
        }
        return sum
    }

    func and(_ other: KnownBits) -> KnownBits {
        let ones = value & other.value
        return KnownBits(value: ones, mask: (value | mask) & (other.value | other.mask) & ~ones)
    }

    func or(_ other: KnownBits) -> KnownBits {
        let ones = value | other.value
        return KnownBits(value: ones, mask: (mask | other.mask) & ~ones)
    }

    func xor(_ other: KnownBits) -> KnownBits {
        KnownBits(value: value ^ other.value, mask: mask | other.mask)
    }

    @inline(__always) func shiftedLeft(_ count: UInt64) -> KnownBits {
        KnownBits(value: value << count, mask: mask << count)
    }

    /// Shifts right within `format`, repeating the top bit, known or not, when it is signed.
    func shiftedRight(_ count: UInt64, _ format: IntFormat) -> KnownBits {
        let wide = extended(from: format)
        guard format.isSigned else { return wide.shiftedRight(count) }
        return KnownBits(
            value: UInt64(bitPattern: Int64(bitPattern: wide.value) >> Int64(count)),
            mask: UInt64(bitPattern: Int64(bitPattern: wide.mask) >> Int64(count))
        ).truncated(format.allOnes)
    }

    @inline(__always) func shiftedRight(_ count: UInt64) -> KnownBits {
        KnownBits(value: value >> count, mask: mask >> count)
    }

    /// Sign- or zero-extends from `format` to 64 bits.
    func extended(from format: IntFormat) -> KnownBits {
        guard format.isSigned else { return self }
        let unused = Int64(64 - format.width)
        return KnownBits(
            value: UInt64(bitPattern: Int64(bitPattern: value << UInt64(unused)) >> unused),
            mask: UInt64(bitPattern: Int64(bitPattern: mask << UInt64(unused)) >> unused))
    }
}
