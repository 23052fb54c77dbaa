/// Which words a text may have: a Bloom filter, so that most files need not be read again for each word.
struct WordFilter: Sendable {
    /// Of each word two bits; no source has so many words that this is more than a small part.
    private var bits = [UInt64](repeating: 0, count: Self.bitCount / 64)
    private static let bitCount = 1 << 15

    /// Adds the names of macros with parameters to `macros`.
    init(_ bytes: [UInt8], _ range: Range<Int>, _ macros: inout Set<String>) {
        var position = range.lowerBound
        var isDefine = false
        while position < range.upperBound {
            guard bytes[position].isWordPart else {
                position += 1
                continue
            }
            let start = position
            while position < range.upperBound, bytes[position].isWordPart { position += 1 }
            let word = bytes[start..<position]
            let hash = Self.hash(word)
            set(hash)
            if isDefine, position < range.upperBound, bytes[position] == UInt8(ascii: "(") {
                macros.insert(String(decoding: word, as: UTF8.self))
            }
            isDefine = hash == Self.define
        }
    }

    private static let define = hash(Array("define".utf8)[...])

    /// FNV-1a.
    static func hash(_ word: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    private static func positions(_ hash: UInt64) -> (Int, Int) {
        (Int((hash ^ hash >> 32) & UInt64(bitCount - 1)), Int(hash >> 40 & UInt64(bitCount - 1)))
    }

    private mutating func set(_ hash: UInt64) {
        let (first, second) = Self.positions(hash)
        bits[first >> 6] |= 1 << UInt64(first & 63)
        bits[second >> 6] |= 1 << UInt64(second & 63)
    }

    func mayContain(_ hash: UInt64) -> Bool {
        let (first, second) = Self.positions(hash)
        return bits[first >> 6] >> UInt64(first & 63) & 1 != 0 && bits[second >> 6] >> UInt64(second & 63) & 1 != 0
    }
}
