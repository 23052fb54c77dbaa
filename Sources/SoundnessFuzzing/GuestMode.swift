import ProgramFuzzing
import ValueAnalysis

/// What the analysis is told of the handler's arguments.
public enum GuestMode: Int, Sendable, Codable, CaseIterable {
    /// They come in registers of 32 bits, zero-extended.
    case narrow = 32
    /// They are any values of their types.
    case wide = 64

    /// Where no register is wider than 32 bits, there is one mode only.
    public static func modes(for model: DataModel) -> [GuestMode] { model == .lp64 ? [.narrow, .wide] : [.wide] }

    var guest: GuestClass {
        GuestClass(
            name: "fuzz\(rawValue)", column: "fuzz", architectures: [], argumentWidth: rawValue, resultWidth: 32,
            resultSlot: "r0", facts: [])
    }
}
