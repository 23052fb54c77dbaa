/// Programs as files: what a test keeps of a shrunk one, and what people write by hand.
///
/// Lines that begin with `//!` say what the C cannot: the parameters' types, which commands select which sub-operation,
/// arguments that are worth trying. Without them a program has two `unsigned long` and no sub-operations.
extension GeneratedProgram {
    private enum Mark: String, CaseIterable {
        case parameters, operation, command, arguments, model, depth
        var text: String { "//! \(rawValue):" }
    }

    /// A program read from a file's text, which defines `@handler`.
    public static func read(_ text: String, model: DataModel) -> GeneratedProgram {
        var program = written(text, parameters: [.unsignedLong, .unsignedLong], model: model)
        for line in text.split(separator: "\n") {
            for mark in Mark.allCases where line.hasPrefix(mark.text) {
                program.apply(mark, line.dropFirst(mark.text.count).drop { $0 == " " })
            }
        }
        return program
    }

    /// The data models that a file is about; all, if it names none.
    public static func models(of text: String) -> [DataModel] {
        let named = text.split(separator: "\n").compactMap { line -> DataModel? in
            line.hasPrefix(Mark.model.text)
                ? DataModel(rawValue: String(line.dropFirst(Mark.model.text.count).drop { $0 == " " })) : nil
        }
        return named.isEmpty ? DataModel.allCases : named
    }

    private mutating func apply(_ mark: Mark, _ text: Substring) {
        let numbers = text.split { !$0.isNumber }.compactMap { UInt64($0) }
        switch mark {
        case .parameters:
            parameters = text.split(separator: ",").compactMap { word in
                ScalarType(rawValue: String(word.drop { $0 == " " }))
            }
        case .operation:
            let name = text.prefix { $0 != " " }
            let ends = text.dropFirst(name.count).split { !$0.isNumber }.compactMap { UInt64($0) }
            guard let low = ends.first, let high = ends.last else { return }
            labels.append(OperationLabel(name: String(name), low: low, high: high))
        case .command:
            guard numbers.count == 2 else { return }
            commandShift = Int(numbers[0])
            commandMask = numbers[1]
        case .arguments: if numbers.count == parameters.count { knownArguments.append(numbers) }
        case .depth: callDepth = numbers.first.map { Int($0) }
        case .model: break
        }
    }

    /// The file's text. It is about one data model: in the other the same program may be another one.
    public func written(comment: String) -> String {
        let program = withoutUnusedPrelude
        var lines = comment.split(separator: "\n").map { "// \($0)" }
        lines.append("\(Mark.model.text) \(model.rawValue)")
        lines.append("\(Mark.parameters.text) \(parameters.map(\.rawValue).joined(separator: ", "))")
        for label in labels { lines.append("\(Mark.operation.text) \(label.name) \(label.low) \(label.high)") }
        lines.append("\(Mark.command.text) shift \(commandShift), mask \(commandMask)")
        if let callDepth { lines.append("\(Mark.depth.text) \(callDepth)") }
        for list in knownArguments {
            lines.append("\(Mark.arguments.text) \(list.map(String.init).joined(separator: " "))")
        }
        let body = program.source(prefix: "@").replacing("static unsigned long @trace;\n", with: "")
        return lines.joined(separator: "\n") + "\n" + body
    }

    /// Without the macros of the prelude that nothing mentions.
    public var withoutUnusedPrelude: GeneratedProgram {
        var result = self
        while let unused = result.firstUnusedPreludeLine { result.declarations.remove(at: unused) }
        return result
    }

    private var firstUnusedPreludeLine: Int? {
        let texts = declarations.map { SourceWriter.text($0, indent: 0) }
        let code = functions.map { $0.header + SourceWriter.text($0.body, indent: 0) + $0.trailer }.joined() + resets.joined()
        return declarations.indices.first { index in
            let names = Prelude.names(definedBy: declarations[index].text)
            let others = code + texts.indices.filter { $0 != index }.map { texts[$0] }.joined(separator: "\n")
            return !names.isEmpty && !names.contains { others.contains($0) }
        }
    }
}
