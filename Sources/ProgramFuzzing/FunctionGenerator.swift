extension Generation {
    /// One function, or a family of functions behind a table of pointers.
    mutating func makeFunction(_ number: Int) {
        let parameters = (0..<random.number(in: 1...3)).map { _ in parameter() }
        let result: CallableFunction.Result =
            random.chance(20) ? .record(random.below(records.count)) : .scalar(scalarType())
        let isRecursive = random.chance(15)
        guard random.chance(20) else {
            let name = "@f\(number)"
            let spent = define(name, parameters, result, isRecursive: isRecursive)
            functions.append(CallableFunction(
                name: name, parameters: parameters, result: result, cost: spent, isRecursive: isRecursive))
            return
        }
        let members = (0..<2).map { "@f\(number)_\($0)" }
        let spent = members.map { define($0, parameters, result, isRecursive: false) }.max() ?? 1
        let table = "@table\(number)"
        let types = parameters.map(text).joined(separator: ", ")
        functions.append(CallableFunction(
            name: table, parameters: parameters, result: result, cost: spent, isRecursive: false, tableCount: 2))
        let header = "static \(text(result)) (*const \(table)[2])(\(types)) = { \(members[0]), &\(members[1]) };"
        program.functions[program.functions.count - 1].trailer = header
    }

    private mutating func parameter() -> CallableFunction.Parameter {
        switch random.below(10) {
        case 0, 1: .out(scalarType())
        case 2: .recordPointer(random.below(records.count))
        case 3: .record(random.below(records.count))
        default: .scalar(scalarType())
        }
    }

    private func text(_ parameter: CallableFunction.Parameter) -> String {
        switch parameter {
        case .scalar(let type): type.rawValue
        case .out(let type): "\(type.rawValue) *"
        case .recordPointer(let number): "struct @s\(number) *"
        case .record(let number): "struct @s\(number)"
        }
    }

    private func text(_ result: CallableFunction.Result) -> String {
        switch result {
        case .scalar(let type): type.rawValue
        case .record(let number): "struct @s\(number)"
        }
    }

    /// Writes the function and gives its cost.
    private mutating func define(
        _ name: String, _ parameters: [CallableFunction.Parameter], _ result: CallableFunction.Result, isRecursive: Bool
    ) -> Int {
        scope = globals
        self.result = result
        cost = 1
        var list: [String] = []
        for (index, parameter) in parameters.enumerated() {
            let variable = "n\(index)"
            list.append("\(text(parameter)) \(variable)")
            switch parameter {
            case .scalar(let type):
                let place = CPlace(type: type, text: variable)
                if random.chance(50) { scope.stable.append(place) } else { scope.places.append(place) }
            case .out(let type): scope.places.append(CPlace(type: type, text: "*\(variable)"))
            case .recordPointer(let number): scope.recordPointers.append((variable, number, [variable]))
            case .record(let number): scope.records.append((variable, number))
            }
        }
        if isRecursive { list.append("int depth") }
        var body = block()
        body.statements.append(contentsOf: ending(name, parameters, isRecursive: isRecursive))
        program.functions.append(CFunction(
            name: name, header: "static \(text(result)) \(name)(\(list.joined(separator: ", ")))", body: body))
        return isRecursive ? cost * 4 : cost
    }

    private mutating func ending(
        _ name: String, _ parameters: [CallableFunction.Parameter], isRecursive: Bool
    ) -> [CStatement] {
        var statements: [CStatement] = []
        if isRecursive, case .scalar = result {
            let arguments = parameters.indices.map { "n\($0)" } + ["depth - 1"]
            statements.append(CStatement("if (depth > 0) return \(name)(\(arguments.joined(separator: ", ")));"))
        }
        var last = returnStatement(gap: 0)
        last.isRemovable = false
        return statements + [last]
    }

    // MARK: The entry

    mutating func makeEntry() {
        program.parameters = [.unsignedInt] + (0..<random.number(in: 2...3)).map { _ in
            random.pick([.unsignedLong, .unsignedLong, .long, .unsignedInt, .int])
        }
        scope = globals
        result = .scalar(.long)
        cost = 1
        var list: [String] = []
        for (index, type) in program.parameters.enumerated() {
            let variable = index == 0 ? "cmd" : "a\(index)"
            list.append("\(type.rawValue) \(variable)")
            scope.stable.append(CPlace(type: type, text: variable))
            if index > 0 { arguments.append(CPlace(type: type, text: variable)) }
        }
        makeLabels()
        outermost = []
        var body = CBlock(options.scenarios ? [] : declarations())
        let rc = options.scenarios && random.chance(60) ? .long : random.pick([ScalarType.long, .long, .int, .unsignedLong, .unsignedInt])
        body.statements.append(CStatement("\(rc.rawValue) rc = \(random.pick(["0", "-@ERROR", "-38"]));", isRemovable: false))
        scope.places.append(CPlace(type: rc, text: "rc"))
        for _ in 0..<around { body.statements.append(statement()) }
        body.statements.append(operationSwitch())
        for _ in 0..<around { body.statements.append(statement()) }
        body.statements = (outermost ?? []) + body.statements
        if options.traces { body.statements += [trace(), trace()] }
        body.statements.append(CStatement("return rc;", isRemovable: false))
        program.functions.append(CFunction(
            name: "@handler", header: "long @handler(\(list.joined(separator: ", ")))", body: body))
    }

    /// Statements before and after the `switch`.
    private var around: Int {
        mutating get { options.scenarios ? (random.chance(90) ? 0 : 1) : random.number(in: 0...2) }
    }

    private mutating func makeLabels() {
        switch random.below(3) {
        case 0:
            program.commandShift = random.pick([0, 0, 4])
            program.commandMask = 63
        default: break
        }
        var value = random.below(3)
        for index in 0..<random.number(in: 2...5) {
            let label = "@OP_\(index)"
            program.declarations.append(CStatement("#define \(label) \(value)", isRemovable: false))
            program.labels.append(OperationLabel(
                name: "OP_\(index)", low: UInt64(value), high: UInt64(value)))
            value += random.number(in: 1...4)
        }
    }

    private mutating func operationSwitch() -> CStatement {
        let outer = scope
        scope.canBreak = true
        let operand = switch (program.commandMask == 63, program.commandShift) {
        case (true, 0): random.pick(["cmd & 63", "(int)(cmd & 0x3f)", "(unsigned long)cmd & 63"])
        case (true, let shift): "(cmd >> \(shift)) & 63"
        default: "cmd"
        }
        var text = "switch (\(operand)) {"
        var blocks: [CBlock] = []
        for label in program.labels {
            text += "\n    case @\(label.name): #\(blocks.count)"
            if options.scenarios {
                blocks.append(scenarioBlock())
            } else {
                var block = block()
                block.statements.append(CStatement("rc = $0;", [expression(options.expressionDepth, .any)]))
                blocks.append(block)
            }
            let ending = random.below(10)
            text += ending < 7 ? " break;" : ending < 9 ? "" : " return rc;"
        }
        text += "\n    default: rc = -38; break;\n    }"
        scope = outer
        return CStatement(text, blocks: blocks, isRemovable: false)
    }
}
