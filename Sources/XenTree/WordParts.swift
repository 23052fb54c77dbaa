extension UInt8 {
    /// Whether a byte can stand in an identifier or number of C. A table of bits: it is asked of each byte of a tree.
    @inlinable public var isWordPart: Bool {
        let digits: UInt64 = 0x03ff_0000_0000_0000
        let letters: UInt64 = 0x07ff_fffe_87ff_fffe
        return self < 128 && (self < 64 ? digits : letters) >> UInt64(self & 63) & 1 == 1
    }
}

extension Character {
    /// The same of a character.
    var isWordPart: Bool { asciiValue?.isWordPart ?? false }
}
