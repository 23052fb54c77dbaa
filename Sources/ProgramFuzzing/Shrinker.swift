/// Makes a program smaller while something stays true of it, by delta debugging on its own syntax tree.
///
/// A step may make a program that does not compile; the question must answer false then. No step makes it undefined:
/// whatever guards an operation is part of that operation's text.
public struct Shrinker {
    /// How often the question may be asked.
    public var budget: Int
    private let isInteresting: (GeneratedProgram) -> Bool

    public init(budget: Int = 2_000, isInteresting: @escaping (GeneratedProgram) -> Bool) {
        self.budget = budget
        self.isInteresting = isInteresting
    }

    public func shrink(_ program: GeneratedProgram) -> GeneratedProgram {
        var search = Search(best: program, budget: budget, isInteresting: isInteresting)
        var size = Int.max
        while search.best.size < size, search.budget > 0 {
            size = search.best.size
            search.removeFunctions()
            search.removeStatements()
            search.unwrapStatements()
            search.simplifyExpressions()
        }
        return search.best
    }

    private struct Search {
        var best: GeneratedProgram
        var budget: Int
        let isInteresting: (GeneratedProgram) -> Bool

        mutating func accept(_ candidate: GeneratedProgram) -> Bool {
            guard budget > 0, candidate != best else { return false }
            budget -= 1
            guard isInteresting(candidate) else { return false }
            best = candidate
            return true
        }

        mutating func removeFunctions() {
            for index in best.functions.indices.reversed() where index < best.functions.count {
                var candidate = best
                candidate.functions.remove(at: index)
                _ = accept(candidate)
            }
            // What sets a variable back keeps its declaration alive.
            for index in best.resets.indices.reversed() {
                var candidate = best
                candidate.resets.remove(at: index)
                _ = accept(candidate)
            }
            for index in best.declarations.indices.reversed() where best.declarations[index].isRemovable {
                var candidate = best
                candidate.declarations.remove(at: index)
                _ = accept(candidate)
            }
        }

        /// Runs of statements, long ones first.
        mutating func removeStatements() {
            var length = max(1, best.size / 2)
            while length > 0, budget > 0 {
                var start = 0
                while start < best.size, budget > 0 {
                    let range = start..<start + length
                    let candidate = Rewriting(statement: { number, statement in
                        range.contains(number) && statement.isRemovable ? [] : nil
                    }).apply(to: best)
                    if !accept(candidate) { start += length }
                }
                length /= 2
            }
        }

        /// A statement gives way to the content of one of its blocks.
        mutating func unwrapStatements() {
            var number = 0
            while number < best.size, budget > 0 {
                for block in 0..<4 {
                    let candidate = Rewriting(statement: { position, statement in
                        position == number && statement.isRemovable && block < statement.blocks.count
                            ? [CStatement("#0", blocks: [statement.blocks[block]])] : nil
                    }).apply(to: best)
                    if accept(candidate) { break }
                }
                number += 1
            }
        }

        /// An expression gives way to 0, to 1, or to one of its operands.
        mutating func simplifyExpressions() {
            var number = 0
            while number < best.size, budget > 0 {
                for choice in 0..<5 {
                    let model = best.model
                    let candidate = Rewriting(expression: { position, expression in
                        position == number ? Self.simpler(expression, choice, model) : nil
                    }).apply(to: best)
                    if accept(candidate) { break }
                }
                number += 1
            }
        }

        private static func simpler(_ expression: CExpression, _ choice: Int, _ model: DataModel) -> CExpression? {
            guard !expression.isLiteral else { return nil }
            if choice < 2 {
                return CExpression(expression.type, expression.type.literal(UInt64(choice), model), isLiteral: true)
            }
            guard choice - 2 < expression.operands.count else { return nil }
            let operand = expression.operands[choice - 2]
            if operand.type == expression.type { return operand }
            return CExpression(expression.type, "((\(expression.type.rawValue))$0)", [operand])
        }
    }
}

/// Rebuilds a program with some nodes replaced. Nodes are numbered in the order of the text.
private struct Rewriting {
    /// The statements that stand in for one; nil keeps it and goes on inside it.
    var statement: (Int, CStatement) -> [CStatement]? = { _, _ in nil }
    var expression: (Int, CExpression) -> CExpression? = { _, _ in nil }

    func apply(to program: GeneratedProgram) -> GeneratedProgram {
        var result = program
        var number = 0
        for index in result.functions.indices { result.functions[index].body = rewrite(result.functions[index].body, &number) }
        return result
    }

    private func rewrite(_ block: CBlock, _ number: inout Int) -> CBlock {
        var result = CBlock()
        for one in block.statements {
            let replacement = statement(number, one)
            number += 1
            if let replacement {
                result.statements += replacement
                continue
            }
            var copy = one
            copy.operands = one.operands.map { rewrite($0, &number) }
            copy.blocks = one.blocks.map { rewrite($0, &number) }
            result.statements.append(copy)
        }
        return result
    }

    private func rewrite(_ one: CExpression, _ number: inout Int) -> CExpression {
        let replacement = expression(number, one)
        number += 1
        if let replacement { return replacement }
        var copy = one
        copy.operands = one.operands.map { rewrite($0, &number) }
        copy.blocks = one.blocks.map { rewrite($0, &number) }
        return copy
    }
}
