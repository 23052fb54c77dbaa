import ClangAST
import ProgramModel

/// C types of one unit as plain data, and the layouts of its records.
final class TypeLowering {
    let pointerWidth: Int
    private let place: (ClangLocation) -> SourceLocation
    /// Tags used at file scope: what a record named by its typedef must not be confused with.
    var fileScopeTags: Set<String> = []
    private var types: [ClangType: CType] = [:]
    private var names: [Cursor.Identity: String] = [:]
    /// One type for each record met so far, from which its layout is computed when asked for.
    private var records: [String: ClangType] = [:]
    private var layouts: [String: RecordLayout] = [:]

    /// Types nested deeper than this (pointers to pointers to ...) come from hostile input only.
    private static let maximumDepth = 64

    init(pointerWidth: Int, place: @escaping (ClangLocation) -> SourceLocation) {
        self.pointerWidth = pointerWidth
        self.place = place
    }

    func lower(_ type: ClangType) -> CType { lower(type, depth: 0) }

    /// The type of a value: arrays and functions become pointers. libclang shows a parameter declared as an array with
    /// that array's type wherever it is mentioned, though it is a pointer.
    func lowerValue(_ type: ClangType) -> CType {
        let lowered = lower(type)
        switch lowered {
        case .array(let element, _): return .pointer(to: element, width: pointerWidth)
        case .function: return .pointer(to: lowered, width: pointerWidth)
        default: return lowered
        }
    }

    func pointer(to type: CType) -> CType { .pointer(to: type, width: pointerWidth) }

    private func lower(_ type: ClangType, depth: Int) -> CType {
        let type = type.canonical.unqualified
        if let known = types[type] { return known }
        guard depth < Self.maximumDepth else { return .opaque(name: "type nested too deeply", byteSize: 0) }
        let result = compute(type, depth: depth + 1)
        types[type] = result
        return result
    }

    private func compute(_ type: ClangType, depth: Int) -> CType {
        switch type.kind {
        case .void: return .void
        case .bool: return .integer(.bool)
        case .signedInteger: return integer(type, isSigned: true)
        case .unsignedInteger: return integer(type, isSigned: false)
        case .enumeration:
            let underlying = type.declaration.enumIntegerType
            return underlying.isValid ? lower(underlying, depth: depth) : opaque(type)
        case .pointer: return .pointer(to: lower(type.pointee, depth: depth), width: pointerWidth)
        case .record: return .record(recordName(type))
        case .constantArray: return .array(of: lower(type.arrayElement, depth: depth), count: type.arrayCount)
        case .incompleteArray, .variableArray: return .array(of: lower(type.arrayElement, depth: depth), count: nil)
        case .function, .functionWithoutPrototype:
            return .function(
                returns: lower(type.result, depth: depth),
                parameters: type.parameters.map { decayed(lower($0, depth: depth)) }, isVariadic: type.isVariadic)
        case .atomic: return lower(type.atomicValue, depth: depth)
        case .int128, .floating, .complex, .vector, .other, .invalid: return opaque(type)
        }
    }

    private func decayed(_ type: CType) -> CType {
        switch type {
        case .array(let element, _): pointer(to: element)
        case .function: pointer(to: type)
        default: type
        }
    }

    private func integer(_ type: ClangType, isSigned: Bool) -> CType {
        guard let size = type.sizeOf, (1...8).contains(size) else { return opaque(type) }
        return .integer(IntType(width: size * 8, isSigned: isSigned))
    }

    private func opaque(_ type: ClangType) -> CType { .opaque(name: type.spelling, byteSize: type.sizeOf ?? 0) }

    // MARK: Records

    /// A record's name: unique in the unit, and the same whatever was lowered before.
    func recordName(_ type: ClangType) -> String {
        let declaration = type.declaration
        let identity = declaration.canonical.identity
        if let known = names[identity] { return known }
        let spelling = declaration.spelling
        let isUnnamed = declaration.isAnonymous || spelling.isEmpty || spelling.contains("(unnamed")
            || spelling.contains("(anonymous")
        let name: String
        if isUnnamed {
            name = "anonymous at \(text(of: declaration))"
        } else if isLocal(declaration) || isTypedefNamed(declaration, spelling) {
            name = "\(spelling) at \(text(of: declaration))"
        } else {
            name = spelling
        }
        names[identity] = name
        records[name] = type
        return name
    }

    private func text(of declaration: Cursor) -> String {
        let location = place(declaration.start(.file))
        // Several records made by one macro begin at the same place; where they were written tells them apart.
        let written = declaration.start(.spelling)
        let offset = "\(location.file):\(location.line):\(location.column)"
        let suffix = written.line == location.line ? "" : "(\(written.line):\(written.column))"
        return offset + suffix
    }

    private func isLocal(_ declaration: Cursor) -> Bool { declaration.semanticParent.kind == .functionDecl }

    /// A record without a tag goes by its typedef's name, which may be another record's tag.
    private func isTypedefNamed(_ declaration: Cursor, _ spelling: String) -> Bool {
        fileScopeTags.contains(spelling) && !declaration.type.canonical.spelling.hasSuffix(" \(spelling)")
    }

    func note(record type: ClangType) { _ = recordName(type) }

    func layout(of name: String) -> RecordLayout? {
        if let known = layouts[name] { return known }
        guard let type = records[name], let size = type.sizeOf else { return nil }
        let fields = type.fields.map { field in
            RecordLayout.Field(
                name: self.name(ofField: field), type: lower(field.type), bitOffset: field.fieldBitOffset ?? 0,
                bitWidth: field.isBitField ? field.bitFieldWidth : nil)
        }
        let layout = RecordLayout(
            name: name, isUnion: type.declaration.kind == .unionDecl, byteSize: size, fields: fields)
        layouts[name] = layout
        return layout
    }

    /// Empty for an anonymous member: libclang spells those by their place.
    func name(ofField field: Cursor) -> String {
        let spelling = field.spelling
        return spelling.contains("(") ? "" : spelling
    }

    /// The members to go through from `record` to reach a field declared in a record that is an anonymous member of it.
    func anonymousPath(from record: ClangType, to field: Cursor, depth: Int = 0) -> [Cursor]? {
        let parent = field.semanticParent.canonical.identity
        if record.declaration.canonical.identity == parent { return [] }
        guard depth < Self.maximumDepth else { return nil }
        for member in record.fields where name(ofField: member).isEmpty && member.type.kind == .record {
            if let rest = anonymousPath(from: member.type.canonical, to: field, depth: depth + 1) {
                return [member] + rest
            }
        }
        return nil
    }
}
