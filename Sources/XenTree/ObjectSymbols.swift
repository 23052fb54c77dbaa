/// The functions and variables that an object file defines, from its symbol table.
struct ObjectSymbols {
    struct Symbol: Hashable {
        var name: String
        var isFunction: Bool
        var isGlobal: Bool
        var isWeak: Bool
    }

    enum Failure: Error, Equatable {
        /// There is no object, or it is the compiler's own format: the names have to come from elsewhere.
        case notAnObject(String)
        /// It is an object, for another machine than the hypervisor's.
        case foreign
        case malformed(String)
    }

    let symbols: [Symbol]

    /// - Parameter includesUntyped: take global labels in code, too; hand-written assembler often has no types.
    init(
        path: String, identity: ObjectIdentity, includesUntyped: Bool
    ) throws(Failure) {
        do {
            let file = try OpenFile(path, followLinks: false)
            guard file.size <= BoundedFile.sizeLimit else { throw Failure.malformed("it is larger than 64 MiB") }
            var reader = ELFReader(file: file)
            symbols = try reader.symbols(identity: identity, includesUntyped: includesUntyped)
        } catch let error as Failure {
            throw error
        } catch let error as BoundedFile.ReadError {
            throw .notAnObject(error.reason)
        } catch {
            throw .malformed("\(error)")
        }
    }
}

/// Reads the symbol table of a little-endian ELF object. Every offset and count comes from the file and is checked
/// against what was read before it is used.
private struct ELFReader {
    typealias Failure = ObjectSymbols.Failure

    private let file: OpenFile
    private var is64Bit = true
    private var sectionHeaders: [UInt8] = []
    private var sectionCount = 0

    init(file: OpenFile) { self.file = file }

    private enum Constant {
        static let symbolTable: UInt64 = 2
        static let stringTable: UInt64 = 3
        static let executable: UInt64 = 4
        static let reservedSections: UInt64 = 0xff00
    }

    private var sectionHeaderSize: Int { is64Bit ? 64 : 40 }
    private var symbolSize: Int { is64Bit ? 24 : 16 }

    mutating func symbols(identity: ObjectIdentity, includesUntyped: Bool) throws -> [ObjectSymbols.Symbol] {
        try readHeaders(identity: identity)
        var result: [ObjectSymbols.Symbol] = []
        for index in 0..<sectionCount where field(.type, ofSection: index) == Constant.symbolTable {
            let link = field(.link, ofSection: index)
            guard link < UInt64(sectionCount), field(.type, ofSection: Int(link)) == Constant.stringTable else {
                throw Failure.malformed("its symbol table has no string table")
            }
            let table = try content(ofSection: index)
            let strings = try content(ofSection: Int(link))
            result += try read(table, strings: strings, includesUntyped: includesUntyped)
        }
        return result
    }

    private mutating func readHeaders(identity: ObjectIdentity) throws {
        let header = try file.bytes(at: 0, count: 64)
        guard header.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else {
            let isBitcode = header.starts(with: [0x42, 0x43, 0xc0, 0xde]) || header.starts(with: [0xde, 0xc0, 0x17, 0x0b])
            throw Failure.notAnObject(isBitcode ? "it is LLVM bitcode" : "it is not an ELF object")
        }
        guard header.count == 64 else { throw Failure.malformed("its header is cut short") }
        guard header[4] == 1 || header[4] == 2, header[5] == 1 else {
            throw Failure.malformed("it is neither 32-bit nor 64-bit little-endian ELF")
        }
        is64Bit = header[4] == 2
        let machine = UInt16(Self.integer(header, at: 18, size: 2))
        guard ObjectIdentity(is64Bit: is64Bit, machine: machine) == identity else { throw Failure.foreign }
        let offset = is64Bit ? Self.integer(header, at: 40, size: 8) : Self.integer(header, at: 32, size: 4)
        let entrySize = Self.integer(header, at: is64Bit ? 58 : 46, size: 2)
        var count = Self.integer(header, at: is64Bit ? 60 : 48, size: 2)
        guard offset > 0, offset < UInt64(file.size), entrySize == UInt64(sectionHeaderSize) else {
            throw Failure.malformed("its section headers are not where they should be")
        }
        if count == 0 {
            // With 65,280 sections and more the number is in the first section header.
            sectionHeaders = try file.bytes(at: Int(offset), count: sectionHeaderSize)
            guard sectionHeaders.count == sectionHeaderSize else { throw Failure.malformed("it is cut short") }
            count = field(.size, ofSection: 0)
        }
        guard count <= (UInt64(file.size) - offset) / UInt64(sectionHeaderSize) else {
            throw Failure.malformed("it is cut short: its section headers lie beyond its end")
        }
        sectionCount = Int(count)
        sectionHeaders = try file.bytes(at: Int(offset), count: sectionCount * sectionHeaderSize)
        guard sectionHeaders.count == sectionCount * sectionHeaderSize else { throw Failure.malformed("it is cut short") }
    }

    private enum Field { case type, flags, offset, size, link }

    /// A field of a section header; the caller knows that there is such a section.
    private func field(_ field: Field, ofSection index: Int) -> UInt64 {
        let start = index * sectionHeaderSize
        let wide = is64Bit ? 8 : 4
        switch field {
        case .type: return Self.integer(sectionHeaders, at: start + 4, size: 4)
        case .flags: return Self.integer(sectionHeaders, at: start + 8, size: wide)
        case .offset: return Self.integer(sectionHeaders, at: start + (is64Bit ? 24 : 16), size: wide)
        case .size: return Self.integer(sectionHeaders, at: start + (is64Bit ? 32 : 20), size: wide)
        case .link: return Self.integer(sectionHeaders, at: start + (is64Bit ? 40 : 24), size: 4)
        }
    }

    private func content(ofSection index: Int) throws -> [UInt8] {
        let offset = field(.offset, ofSection: index)
        let size = field(.size, ofSection: index)
        let fileSize = UInt64(file.size)
        guard offset <= fileSize, size <= fileSize - offset else {
            throw Failure.malformed("it is cut short: a section lies beyond its end")
        }
        let bytes = try file.bytes(at: Int(offset), count: Int(size))
        guard bytes.count == Int(size) else { throw Failure.malformed("it is cut short") }
        return bytes
    }

    private func read(
        _ table: [UInt8], strings: [UInt8], includesUntyped: Bool
    ) throws -> [ObjectSymbols.Symbol] {
        var result: [ObjectSymbols.Symbol] = []
        // The first symbol is always empty.
        for start in stride(from: symbolSize, through: table.count - symbolSize, by: symbolSize) {
            let info = table[start + (is64Bit ? 4 : 12)]
            let section = Self.integer(table, at: start + (is64Bit ? 6 : 14), size: 2)
            guard section != 0, let isFunction = isFunction(info & 0xf, section: section, includesUntyped) else { continue }
            let binding = info >> 4
            let nameOffset = Int(Self.integer(table, at: start, size: 4))
            guard nameOffset < strings.count, let end = strings[nameOffset...].firstIndex(of: 0) else {
                throw Failure.malformed("a symbol's name lies outside its string table")
            }
            guard end > nameOffset else { continue }
            let name = String(decoding: strings[nameOffset..<end], as: UTF8.self)
            result.append(
                ObjectSymbols.Symbol(name: name, isFunction: isFunction, isGlobal: binding != 0, isWeak: binding == 2))
        }
        return result
    }

    /// Whether a symbol of this type is a function (true) or a variable (false); nil for what is neither.
    private func isFunction(_ type: UInt8, section: UInt64, _ includesUntyped: Bool) -> Bool? {
        switch type {
        case 2, 10: return true
        case 1: return false
        case 0 where includesUntyped && section < Constant.reservedSections && section < UInt64(sectionCount):
            return field(.flags, ofSection: Int(section)) & Constant.executable != 0 ? true : nil
        default: return nil
        }
    }

    /// A little-endian integer; the caller knows that the bytes are there.
    private static func integer(_ bytes: [UInt8], at offset: Int, size: Int) -> UInt64 {
        bytes.withUnsafeBytes { buffer in
            switch size {
            case 2: UInt64(UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
            case 4: UInt64(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            default: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
        }
    }
}
