/// A generated struct.
struct RecordType: Sendable {
    enum Shape: Sendable {
        case scalar(ScalarType, bits: Int?)
        case array(ScalarType, count: Int)
        case record(Int)
    }
    struct Field: Sendable {
        var name: String
        var shape: Shape
        /// Shares its bytes with the field before it, in a union without a name.
        var isOverlay = false
    }
    var name: String
    var fields: [Field]

    /// Counts of arrays are powers of two, so that a mask keeps an index inside.
    static let counts = [2, 4, 8]

    /// The definition. Each overlay forms a union with the field before it, the wider one first.
    func definition() -> String {
        var lines: [String] = []
        var index = 0
        while index < fields.count {
            let text = Self.declaration(fields[index])
            if index + 1 < fields.count, fields[index + 1].isOverlay {
                lines.append("    union { \(text) \(Self.declaration(fields[index + 1])) };")
                index += 2
            } else {
                lines.append("    \(text)")
                index += 1
            }
        }
        return "struct \(name) {\n\(lines.joined(separator: "\n"))\n};"
    }

    private static func declaration(_ field: Field) -> String {
        switch field.shape {
        case .scalar(let type, let bits): "\(type.rawValue) \(field.name)\(bits.map { " : \($0)" } ?? "");"
        case .array(let type, let count): "\(type.rawValue) \(field.name)[\(count)];"
        case .record(let number): "struct @s\(number) \(field.name);"
        }
    }
}

extension RecordType {
    static func make(number: Int, model: DataModel, _ random: inout RandomSource) -> RecordType {
        // The first member is always a plain one, whose address can be taken.
        var fields = [Field(name: "f0", shape: .scalar(random.pick(ScalarType.allCases), bits: nil))]
        for index in 1..<random.number(in: 2...6) {
            let name = "f\(index)"
            switch random.below(10) {
            case 0 where number > 0: fields.append(Field(name: name, shape: .record(random.below(number))))
            case 1, 2:
                let type = random.pick(ScalarType.allCases)
                fields.append(Field(name: name, shape: .array(type, count: random.pick(counts))))
            case 3:
                // The wide member first: it is the one that initialisers set.
                fields.append(Field(name: name, shape: .scalar(.unsignedLongLong, bits: nil)))
                let overlay: Shape = random.chance(50)
                    ? .array(random.pick([.unsignedChar, .short, .unsignedInt, .int]), count: 2)
                    : .scalar(random.pick(ScalarType.allCases.filter { $0 != .bool }), bits: nil)
                fields.append(Field(name: name + "o", shape: overlay, isOverlay: true))
            case 4, 5, 6:
                let type = random.pick([ScalarType.bool, .unsignedInt, .int, .unsignedInt, .unsignedShort, .signedChar])
                fields.append(Field(name: name, shape: .scalar(type, bits: random.number(in: 1...type.width(model)))))
            default: fields.append(Field(name: name, shape: .scalar(random.pick(ScalarType.allCases), bits: nil)))
            }
        }
        return RecordType(name: "@s\(number)", fields: fields)
    }
}
