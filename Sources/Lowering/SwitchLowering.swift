import ClangAST
import ProgramModel

extension FunctionLowering {
    func lowerSwitch(_ cursor: Cursor) {
        let children = cursor.children
        guard children.count == 2 else { return malformed(cursor) }
        let location = place(of: cursor)
        let operand = lower(value: children[0])
        guard let type = builder[operand].type.integerType else { return malformed(cursor) }
        // Statements before the first label are reached by no one, unless a `goto` leads to them.
        let head = builder.current
        let end = builder.newBlock()
        builder.current = builder.newBlock()
        jumps.breaks.append(end)
        jumps.switches.append(JumpTargets.OpenSwitch(type: type))
        lower(statement: children[1])
        builder.terminate(.jump(end), location)
        jumps.breaks.removeLast()
        if let done = jumps.switches.popLast() {
            builder.terminate(
                block: head, .switching(operand, cases: labelled(done), default: done.fallback ?? end), location)
        }
        builder.current = end
    }

    /// Numbers beside names are commands too; a switch over numbers alone tells nothing of commands.
    private func labelled(_ open: JumpTargets.OpenSwitch) -> [SwitchCase] {
        guard open.cases.contains(where: { $0.label != nil }) else { return open.cases }
        return open.cases.map { one in
            guard one.label == nil else { return one }
            let (low, high) = (ConstantFolding.value(one.low, open.type), ConstantFolding.value(one.high, open.type))
            var named = one
            named.label = low == high ? "\(low)" : "\(low) ... \(high)"
            return named
        }
    }

    func lowerCase(_ cursor: Cursor) {
        guard let open = jumps.switches.last else { return malformed(cursor) }
        var children = cursor.children[...]
        guard let body = children.popLast() else { return malformed(cursor) }
        let location = place(of: cursor)
        // `case A: case B:` share a block.
        let target = isFreshCaseBlock ? builder.current : builder.newBlock()
        if target != builder.current { builder.fallInto(target, location) }
        if cursor.kind == .defaultStmt {
            jumps.switches[jumps.switches.count - 1].fallback = target
        } else if let bounds = caseBounds(Array(children), open.type) {
            if ConstantFolding.value(bounds.low, open.type) <= ConstantFolding.value(bounds.high, open.type) {
                let label = children.count == 1 ? CaseLabel.identifier(of: cursor, label: children[children.startIndex]) : nil
                jumps.switches[jumps.switches.count - 1].cases.append(SwitchCase(
                    low: bounds.low, high: bounds.high, label: label, target: target, location: location))
            }
        } else {
            malformed(cursor)
        }
        lower(statement: body)
    }

    private var isFreshCaseBlock: Bool {
        guard builder.isCurrentEmpty, let open = jumps.switches.last else { return false }
        return open.cases.last?.target == builder.current || open.fallback == builder.current
    }

    private func caseBounds(_ labels: [Cursor], _ type: IntType) -> (low: UInt64, high: UInt64)? {
        guard let first = labels.first, let last = labels.last, labels.count <= 2,
            let low = first.evaluatedInteger, let high = last.evaluatedInteger
        else { return nil }
        return (ConstantFolding.normalize(low, to: type), ConstantFolding.normalize(high, to: type))
    }
}

/// The identifier that a case label is written as.
enum CaseLabel {
    /// Longer identifiers than this are not looked at.
    private static let window = 512

    /// - Parameters:
    ///   - statement: the `case`.
    ///   - label: its expression.
    static func identifier(of statement: Cursor, label: Cursor) -> String? {
        let start = label.start(.file)
        let keyword = statement.start(.file)
        guard let word = word(at: start, label.unit) else { return nil }
        let isWrittenHere = text(keyword, label.unit, 5).starts(with: Array("case".utf8))
            && keyword.offset < start.offset
        let next = firstByte(after: start.offset + word.utf8.count, start, label.unit)
        if isWrittenHere {
            let between = label.unit.bytes(
                ofFile: start.file, from: keyword.offset + 4, count: start.offset - keyword.offset - 4)
            // `case (FOO):` is another expression, and `case -FOO:` too.
            guard between.allSatisfy(isSpace), next == UInt8(ascii: ":") else { return nil }
            return word
        }
        if keyword.offset == start.offset, next == UInt8(ascii: "(") { return pasted(at: start, label.unit) }
        // The label is a macro's argument: `HANDLE(XENMEM_foo)`.
        guard next == UInt8(ascii: ")") || next == UInt8(ascii: ",") else { return nil }
        let before = label.unit.bytes(
            ofFile: start.file, from: max(0, start.offset - window), count: min(window, start.offset))
        guard let previous = before.last(where: { !isSpace($0) }),
            previous == UInt8(ascii: "(") || previous == UInt8(ascii: ",")
        else { return nil }
        return word
    }

    private static func pasted(at call: ClangLocation, _ unit: TranslationUnit) -> String? {
        let before = unit.bytes(ofFile: call.file, from: 0, count: call.offset)
        return PastedLabel(
            call: Substring(decoding: text(call, unit, PastedLabel.limit), as: UTF8.self),
            before: Substring(decoding: before, as: UTF8.self))?.name
    }

    private static func text(_ location: ClangLocation, _ unit: TranslationUnit, _ count: Int) -> [UInt8] {
        unit.bytes(ofFile: location.file, from: location.offset, count: count)
    }

    private static func word(at location: ClangLocation, _ unit: TranslationUnit) -> String? {
        let bytes = text(location, unit, window)
        guard let first = bytes.first, isWord(first), !isDigit(first) else { return nil }
        return String(decoding: bytes.prefix(while: isWord), as: UTF8.self)
    }

    private static func firstByte(after offset: Int, _ location: ClangLocation, _ unit: TranslationUnit) -> UInt8? {
        unit.bytes(ofFile: location.file, from: offset, count: window).first { !isSpace($0) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
