/// Makes C programs: deterministic from the seed, always terminating, and with no behaviour that `-fwrapv` and
/// `-fno-strict-aliasing` leave undefined or unspecified.
///
/// Unspecified order is avoided by three kinds of expressions: one that may have side effects, one that has none, and one
/// that nothing can disturb. Of two operands without a sequence point between them at most one has side effects, and then
/// the other is undisturbed.
public struct ProgramGenerator: Sendable {
    public var options: GeneratorOptions

    public init(options: GeneratorOptions = GeneratorOptions()) { self.options = options }

    public func generate(seed: UInt64) -> GeneratedProgram {
        var generation = Generation(seed: seed, options: options)
        return generation.run()
    }
}

/// The making of one program.
struct Generation {
    let options: GeneratorOptions
    var random: RandomSource
    var program: GeneratedProgram
    var records: [RecordType] = []
    var functions: [CallableFunction] = []
    var globals = Scope()
    var scope = Scope()
    /// The type that the function being made returns.
    var result: CallableFunction.Result = .scalar(.long)
    var nextName = 0
    /// The entry's parameters beside the command.
    var arguments: [CPlace] = []
    var world = ScenarioWorld()
    var relays = RelayWorld()
    /// Declarations of the entry's outermost block; nil while other functions are made. Pointers at file scope may point to
    /// these only: a block that a jump leaves does not set them back.
    var outermost: [CStatement]?
    /// Statements executed by a call of the function being made, roughly.
    var cost = 0

    static let costLimit = 20_000
    static let null = "(void *)0"

    var model: DataModel { options.model }

    init(seed: UInt64, options: GeneratorOptions) {
        self.options = options
        random = RandomSource(seed: seed)
        program = GeneratedProgram(seed: seed, model: options.model)
        program.callDepth = options.callDepth
    }

    mutating func run() -> GeneratedProgram {
        program.declarations += Prelude.statements
        for number in 0..<random.number(in: 1...3) {
            let record = RecordType.make(number: number, model: model, &random)
            records.append(record)
            program.declarations.append(CStatement(record.definition()))
        }
        makeGlobals()
        if options.scenarios { makeScenarioWorld() }
        for number in 0..<random.number(in: options.functions) { makeFunction(number) }
        makeEntry()
        return program
    }

    mutating func name(_ stem: String) -> String {
        nextName += 1
        return "\(stem)\(nextName)"
    }

    mutating func scalarType() -> ScalarType {
        random.pick(weighted: [
            (6, .int), (6, .unsignedInt), (8, .long), (8, .unsignedLong), (2, .unsignedChar), (2, .signedChar), (1, .char),
            (2, .short), (3, .unsignedShort), (1, .bool), (1, .longLong), (2, .unsignedLongLong),
        ])
    }

    // MARK: Variables with static storage

    private mutating func makeGlobals() {
        for _ in 0..<random.number(in: 1...3) {
            let type = scalarType()
            let variable = name("@g")
            let value = type.literal(Inputs.edge(&random), model)
            program.declarations.append(CStatement("static \(type.rawValue) \(variable) = \(value);"))
            program.resets.append("\(variable) = \(value);")
            globals.places.append(CPlace(type: type, text: variable))
        }
        let type = scalarType()
        let constant = name("@c")
        program.declarations.append(
            CStatement("static const \(type.rawValue) \(constant) = \(type.literal(Inputs.edge(&random), model));"))
        globals.stable.append(CPlace(type: type, text: constant))
        makeConstantTable()
        if random.chance(70) { makeGlobalRecord() }
    }

    private mutating func makeConstantTable() {
        let type = scalarType()
        let count = random.pick(RecordType.counts)
        let table = name("@t")
        var items: [String] = []
        for index in 0..<count {
            let value = type.literal(Inputs.edge(&random), model)
            switch random.below(5) {
            case 0: items.append("[\(index)] = \(value)")
            case 1 where index + 1 < count: items.append("[\(index) ... \(index + 1)] = \(value)")
            case 2 where index > 0: continue
            default: items.append("[\(index)] = \(value)")
            }
        }
        program.declarations.append(
            CStatement("static const \(type.rawValue) \(table)[\(count)] = { \(items.joined(separator: ", ")) };"))
        globals.stable.append(CPlace(type: type, text: "\(table)[$0]", counts: [count]))
    }

    private mutating func makeGlobalRecord() {
        let number = random.below(records.count)
        let variable = name("@r")
        let items = recordInitializer(number, constant: true)
        let text = "struct @s\(number) \(variable) = { \(SourceWriter.text(CExpression(.int, items.text, items.operands))) };"
        program.declarations.append(CStatement("static " + text))
        program.resets.append("\(variable) = (struct @s\(number)){ \(SourceWriter.text(CExpression(.int, items.text, items.operands))) };")
        globals.records.append((variable, number))
    }

    // MARK: Structs

    /// All scalars inside an object of a struct type.
    func places(in object: String, _ number: Int) -> [CPlace] {
        records[number].fields.flatMap { field -> [CPlace] in
            let text = "\(object).\(field.name)"
            switch field.shape {
            case .scalar(let type, let bits): return [CPlace(type: type, text: text, isBitField: bits != nil)]
            case .array(let type, let count):
                let gap = object.filter { $0 == "$" }.count
                return [CPlace(type: type, text: "\(text)[$\(gap)]", counts: [count])]
            case .record(let inner): return places(in: text, inner)
            }
        }
    }

    /// Items of an initialiser list: some members in order, or by designators; an overlay is never set.
    mutating func recordInitializer(_ number: Int, constant: Bool) -> CExpression {
        var texts: [String] = []
        var operands: [CExpression] = []
        let designates = random.chance(60)
        for field in records[number].fields where !field.isOverlay {
            if designates, random.chance(25) { continue }
            if !designates, texts.count > 1, random.chance(20) { break }
            let prefix = designates ? ".\(field.name) = " : ""
            switch field.shape {
            case .scalar(let type, _):
                texts.append("\(prefix)$\(operands.count)")
                operands.append(constant ? literal(type) : expression(1, .stable))
            case .array(let type, let count):
                let items = (0..<random.number(in: 1...count)).map { "$\(operands.count + $0)" }
                texts.append("\(prefix){ \(items.joined(separator: ", ")) }")
                for _ in items { operands.append(constant ? literal(type) : expression(1, .stable)) }
            case .record(let inner):
                let nested = recordInitializer(inner, constant: constant)
                texts.append("\(prefix){ \(renumber(nested.text, by: operands.count)) }")
                operands += nested.operands
            }
        }
        return CExpression(.int, texts.isEmpty ? "0" : texts.joined(separator: ", "), operands)
    }

    private func renumber(_ text: String, by offset: Int) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "$") {
            let digits = rest[rest.index(after: mark)...].prefix(while: \.isNumber)
            result += rest[..<mark] + "$\((Int(digits) ?? 0) + offset)"
            rest = rest[digits.endIndex...]
        }
        return result + rest
    }
}
