import ProgramModel

/// Why a concrete run stopped.
struct ConcreteFault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// Memory as objects of bytes. An address is an object's number in the high half and an offset in the low half, so that a
/// pointer that left its object is noticed.
struct ConcreteMemory {
    /// One object.
    private final class Object {
        var bytes: [UInt8]
        /// Which bits were ever written.
        var defined: [UInt8]
        init(_ size: Int, defined isDefined: Bool) {
            bytes = Array(repeating: 0, count: size)
            defined = Array(repeating: isDefined ? 0xFF : 0, count: size)
        }
    }
    private var objects: [UInt64: Object] = [:]
    private var next: UInt64 = 1
    private let offsetBits: UInt64

    init(pointerWidth: Int) { offsetBits = UInt64(pointerWidth / 2) }

    mutating func allocate(_ size: Int, defined: Bool) -> UInt64 {
        let number = next
        objects[number] = Object(size, defined: defined)
        next += 1
        return number << offsetBits
    }

    mutating func release(_ address: UInt64) { objects[address >> offsetBits] = nil }

    /// The object is declared anew: nothing of it is defined.
    func forget(_ address: UInt64) {
        guard let object = objects[address >> offsetBits] else { return }
        for index in object.defined.indices { object.defined[index] = 0 }
    }

    func undefine(_ address: UInt64, size: Int) throws {
        let (object, offset) = try find(address, size)
        for index in offset..<offset + size { object.defined[index] = 0 }
    }

    private func find(_ address: UInt64, _ size: Int) throws -> (Object, Int) {
        let offset = Int(address & ((UInt64(1) << offsetBits) - 1))
        guard let object = objects[address >> offsetBits] else {
            throw ConcreteFault("address \(String(address, radix: 16)) is no object")
        }
        guard offset + size <= object.bytes.count else {
            throw ConcreteFault("access to \(size) bytes at \(offset) of \(object.bytes.count)")
        }
        return (object, offset)
    }

    /// `width` bits from bit `bit` of the bytes at `address`.
    func load(_ address: UInt64, bit: Int, width: Int) throws -> UInt64 {
        guard width > 0 else { return 0 }
        let (object, offset) = try find(address, (bit + width + 7) / 8)
        var value: UInt64 = 0
        var done = 0
        while done < width {
            let position = offset * 8 + bit + done
            let count = min(8 - position % 8, width - done)
            let mask = Self.mask(count)
            guard object.defined[position / 8] >> UInt8(position % 8) & mask == mask else {
                throw ConcreteFault("read of what was never written (byte \(position / 8))")
            }
            value |= UInt64(object.bytes[position / 8] >> UInt8(position % 8) & mask) << UInt64(done)
            done += count
        }
        return value
    }

    private static func mask(_ bits: Int) -> UInt8 { bits >= 8 ? 0xFF : (UInt8(1) << UInt8(bits)) - 1 }

    func store(_ value: UInt64, to address: UInt64, bit: Int, width: Int) throws {
        guard width > 0 else { return }
        let (object, offset) = try find(address, (bit + width + 7) / 8)
        var done = 0
        while done < width {
            let position = offset * 8 + bit + done
            let count = min(8 - position % 8, width - done)
            let mask = Self.mask(count) << UInt8(position % 8)
            let bits = UInt8(truncatingIfNeeded: value >> UInt64(done)) << UInt8(position % 8)
            object.bytes[position / 8] = object.bytes[position / 8] & ~mask | bits & mask
            object.defined[position / 8] |= mask
            done += count
        }
    }

    func copy(from source: UInt64, to target: UInt64, size: Int) throws {
        let (from, fromOffset) = try find(source, size)
        let (to, toOffset) = try find(target, size)
        let bytes = Array(from.bytes[fromOffset..<fromOffset + size])
        let defined = Array(from.defined[fromOffset..<fromOffset + size])
        to.bytes.replaceSubrange(toOffset..<toOffset + size, with: bytes)
        to.defined.replaceSubrange(toOffset..<toOffset + size, with: defined)
    }

    func fill(_ address: UInt64, byte: UInt8, size: Int) throws {
        let (object, offset) = try find(address, size)
        for index in offset..<offset + size {
            object.bytes[index] = byte
            object.defined[index] = 0xFF
        }
    }
}
