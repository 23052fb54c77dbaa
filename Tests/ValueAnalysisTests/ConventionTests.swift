import Testing
import ValueAnalysis

/// Which 32-bit results are errors, at the numbers where that makes a difference.
@Suite struct ConventionTests {
    struct Border: Sendable, CustomTestStringConvertible {
        /// A C expression of type `long`.
        var value: String
        var errno: Verdict
        var signed: Verdict
        var testDescription: String { value }
    }

    static let borders = [
        Border(value: "-0x80000001L", errno: .exceeds32Bit, signed: .exceeds32Bit),
        Border(value: "-0x80000000L", errno: .fitsInt, signed: .fitsInt),
        // No error to `errno`, yet the number that an int holds.
        Border(value: "-4096L", errno: .fitsInt, signed: .fitsInt),
        Border(value: "-4095L", errno: .fitsInt, signed: .fitsInt),
        Border(value: "0x7fffffffL", errno: .fitsInt, signed: .fitsInt),
        Border(value: "0x80000000L", errno: .fitsUnsigned, signed: .errnoAmbiguous),
        Border(value: "0xfffff000L", errno: .fitsUnsigned, signed: .errnoAmbiguous),
        Border(value: "0xfffff001L", errno: .errnoAmbiguous, signed: .errnoAmbiguous),
        Border(value: "0xffffffffL", errno: .errnoAmbiguous, signed: .errnoAmbiguous),
        Border(value: "0x100000000L", errno: .exceeds32Bit, signed: .exceeds32Bit),
        // Ranges, of which a part is beyond the border.
        Border(value: "a & 0x80000000L", errno: .fitsUnsigned, signed: .errnoAmbiguous),
        Border(value: "a & 0x7fffffffL", errno: .fitsInt, signed: .fitsInt),
    ]

    @Test(arguments: borders) func verdicts(_ border: Border) throws {
        let text = "long case_border(unsigned long a) { return \(border.value); }\n"
        for (convention, verdict) in [(ErrorConvention.errno, border.errno), (.signed, border.signed)] {
            let rows = try SingleUnit.rows(of: "border", in: text, convention: convention)
            #expect(rows.map(\.verdict) == [verdict], "\(convention)")
        }
    }

    @Test func theUsualOneIsErrno() { #expect(ErrorConvention.standard == .errno) }
}
