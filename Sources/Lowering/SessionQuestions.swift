import ClangAST
import ProgramModel

// What a program answers from one parsed unit.

extension UnitSession {
    func body(named name: String) -> BodyLookup {
        guard let definition = definitions[name] else { return .missing(.noBody) }
        if let error = errors.spoiling(definition, among: definitions) { return .missing(.parseError(error)) }
        guard let function = FunctionLowering(session: self, function: definition).lower() else {
            return .missing(.noBody)
        }
        return .found(function)
    }

    /// The body of a function that other units can call: a static function of that name is another one.
    func externalBody(named name: String) -> BodyLookup {
        guard let definition = definitions[name] else {
            // It may be in what clang skipped after an error.
            return .missing(errors.first.map(MissingBody.parseError) ?? .noBody)
        }
        return definition.linkage == .internal ? .missing(.noBody) : body(named: name)
    }

    func global(_ reference: GlobalReference) -> GlobalDefinition? {
        guard let cursor = variable(named: reference.name) else { return nil }
        var definition = GlobalInitializers(session: self).definition(of: cursor, reference)
        // After an error the initialiser may not be what it says.
        if !errors.isEmpty { definition.elements = nil }
        return definition
    }

    func declarationInfo(_ cursor: Cursor) -> DeclarationInfo {
        DeclarationInfo(
            reference: reference(toFunction: cursor), location: place(of: cursor),
            returnType: types.lower(cursor.resultType), returnTypeSpelling: cursor.resultType.spelling,
            parameters: cursor.parameters.map {
                .init(name: $0.spelling, type: types.lowerValue($0.type), typeSpelling: $0.type.spelling)
            },
            isVariadic: cursor.type.isVariadic, isNoReturn: isNoReturn(cursor), isDefinition: cursor.isDefinition)
    }

    func layout(ofRecord name: String) -> RecordLayout? {
        if let known = types.layout(of: name) { return known }
        // The unit was dropped and parsed again, or nobody mentioned the record yet: meet all records.
        noteAllRecords()
        return types.layout(of: name)
    }

    private func noteAllRecords() {
        guard !hasAllRecords else { return }
        hasAllRecords = true
        var pending = tree.root.children.map { ($0, 0) }
        while let (cursor, depth) = pending.popLast() {
            switch cursor.kind {
            case .structDecl, .unionDecl:
                if cursor.isDefinition { types.note(record: cursor.type.canonical) }
            default: break
            }
            guard depth < NestingLimit.depth else { continue }
            for child in cursor.children where !child.isReference { pending.append((child, depth + 1)) }
        }
    }
}
