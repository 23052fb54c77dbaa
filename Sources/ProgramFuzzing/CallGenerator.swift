extension Generation {
    /// A call of an earlier function as a scalar; nil if none may be called here.
    mutating func callExpression(_ depth: Int) -> CExpression? {
        let affordable = functions.filter { $0.cost * scope.repetitions + cost < Self.costLimit }
        guard !affordable.isEmpty else { return nil }
        let function = random.pick(affordable)
        let call = call(of: function, depth)
        cost += function.cost * scope.repetitions
        switch function.result {
        case .scalar(let type): return CExpression(type, call.text, call.operands)
        case .record(let number):
            let member = random.pick(places(in: call.text, number).filter { $0.counts.isEmpty })
            return CExpression(member.type, "(\(member.text))", call.operands)
        }
    }

    /// The call with its arguments; the type says nothing where the function returns a struct.
    func wholeCall(_ text: String, _ operands: [CExpression]) -> CExpression { CExpression(.int, text, operands) }

    mutating func call(of function: CallableFunction, _ depth: Int) -> CExpression {
        var operands: [CExpression] = []
        var texts: [String] = []
        // One argument may have side effects, if nothing disturbs the others.
        let effectful = random.chance(25) ? function.parameters.firstIndex { if case .scalar = $0 { true } else { false } } : nil
        for (index, parameter) in function.parameters.enumerated() {
            switch parameter {
            case .scalar:
                texts.append("$\(operands.count)")
                let effects: Effects = effectful == nil ? .none : effectful == index ? .any : .stable
                operands.append(expression(max(0, depth - 1), effects))
            case .out(let type): texts.append(address(of: type))
            case .recordPointer(let number): texts.append(address(ofRecord: number))
            case .record(let number): texts.append(record(number))
            }
        }
        if function.isRecursive { texts.append("\(random.below(4))") }
        var name = function.name
        if let count = function.tableCount {
            name = "\(function.name)[($\(operands.count)) & \(count - 1)]"
            operands.append(expression(1, effectful == nil ? .none : .stable))
        }
        return wholeCall("\(name)(\(texts.joined(separator: ", ")))", operands)
    }

    /// `&x` for a variable of this type, or a fresh object.
    mutating func address(of type: ScalarType) -> String {
        let fitting = scope.places.filter { $0.type == type && !$0.isBitField && $0.counts.isEmpty }
        if !fitting.isEmpty, random.chance(85) { return "&\(random.pick(fitting).text)" }
        let pointers = scope.pointers.filter { $0.type == type && !$0.targets.contains(Self.null) }
        if !pointers.isEmpty, random.chance(70) { return random.pick(pointers).name }
        return "&(\(type.rawValue)){ 0 }"
    }

    mutating func address(ofRecord number: Int) -> String {
        let pointers = scope.recordPointers.filter { $0.type == number }
        if !pointers.isEmpty, random.chance(50) { return random.pick(pointers).name }
        let objects = scope.records.filter { $0.type == number }
        return objects.isEmpty ? "&(struct @s\(number)){ 0 }" : "&\(random.pick(objects).text)"
    }

    /// A struct as a value.
    mutating func record(_ number: Int) -> String {
        let objects = scope.records.filter { $0.type == number }
        if !objects.isEmpty, random.chance(80) { return random.pick(objects).text }
        let pointers = scope.recordPointers.filter { $0.type == number }
        return pointers.isEmpty ? "(struct @s\(number)){ 0 }" : "*\(random.pick(pointers).name)"
    }
}
