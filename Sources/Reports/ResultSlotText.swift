import ValueAnalysis

extension [ResultSlot] {
    /// `r0: 32 bits, cut; multicall: 64 bits, whole`.
    var shown: String {
        map { "\($0.name): \($0.width) bits, \($0.isCut ? "cut" : "whole")" }.joined(separator: "; ")
    }
}
