import IntegerDomain
import ProgramModel

/// What tables that nothing writes hold.
extension Engine {
    private func definition(_ reference: GlobalReference) -> GlobalDefinition? {
        shared.global(reference, unit: function.unit, program)
    }

    func constant(_ reference: GlobalReference, _ key: CellKey, _ type: CType, _ format: IntFormat) -> Value? {
        guard let definition = definition(reference), definition.isConstant, let elements = definition.elements,
            key.offset % 8 == 0
        else { return nil }
        guard let element = elements.first(where: { $0.byteOffset == key.offset / 8 }) else {
            // What an initialiser does not mention is zero (C11 6.7.9p21); the inside of an element is not that.
            let end = (key.end + 7) / 8
            let isCovered = elements.contains { element in
                let size = (bitWidth(of: element.type) + 7) / 8
                return element.byteOffset < end && key.offset / 8 < element.byteOffset + Swift.max(size, 1)
            }
            return isCovered || end > definition.byteSize ? nil : Value(.constant(0, format), term: terms.constant(0, format))
        }
        guard bitWidth(of: element.type) == key.width else { return nil }
        return value(of: element.value, format)
    }

    private func value(of element: GlobalDefinition.Value, _ format: IntFormat) -> Value? {
        switch element {
        case .integer(let bits):
            let value = IntValue.constant(Int128(bits), format)
            return Value(value, term: value.constantValue.map { terms.constant($0, format) })
        case .function(let reference): return address(of: .function(reference), format)
        case .address(let reference): return address(of: .global(reference), format)
        case .unknown: return nil
        }
    }

    private func address(of key: ObjectKey, _ format: IntFormat) -> Value {
        let target = Pointees.Target(object: names.object(key), offset: 0)
        return Value(addressRange(format), pointees: .targets([target]))
    }

    /// The join of all elements of one width in a constant table.
    func anyElement(_ reference: GlobalReference, _ width: Int, _ type: CType, _ format: IntFormat) -> Value? {
        guard let definition = definition(reference), definition.isConstant, let elements = definition.elements,
            elements.count <= 4096
        else { return nil }
        var result = Value(.constant(0, format))
        for element in elements {
            // A part of an element, or several at once, is none of the numbers in the list.
            guard bitWidth(of: element.type) == width, let value = value(of: element.value, format) else { return nil }
            result = Value(
                result.range.join(value.range), pointees: result.pointees.join(value.pointees), origin: result.origin)
        }
        return result
    }
}
