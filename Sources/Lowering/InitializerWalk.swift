import ClangAST
import ProgramModel

/// A part of an object that is being initialised.
struct Subobject {
    enum Step {
        case field(record: ClangType, Cursor)
        case element(Int, elementSize: Int, count: Int?)
    }
    var path: [Step] = []
    var type: ClangType
    /// From the start of the whole object.
    var bitOffset = 0
    var bitWidth: Int?

    func member(_ field: Cursor, of record: ClangType) -> Subobject {
        Subobject(
            path: path + [.field(record: record, field)], type: field.type.canonical,
            bitOffset: bitOffset + (field.fieldBitOffset ?? 0), bitWidth: field.isBitField ? field.bitFieldWidth : nil)
    }

    func element(_ index: Int) -> Subobject? {
        let element = type.arrayElement.canonical
        guard let size = element.sizeOf else { return nil }
        return Subobject(
            path: path + [.element(index, elementSize: size, count: type.arrayCount)], type: element,
            bitOffset: bitOffset + index * size * 8)
    }
}

/// What a part of an object is set to.
enum InitializerEvent {
    /// The whole part becomes zero before some of it is set.
    case zero(Subobject)
    case scalar(Subobject, Cursor)
    /// A struct copied from an expression.
    case aggregate(Subobject, Cursor)
    /// Characters of a string literal.
    case string(Subobject)
    case unsupported(String, Cursor)
}

/// Walks an initialiser as C11 6.7.9 says: libclang shows the list as written, with designators and without the braces that
/// were left out.
struct InitializerWalk {
    private let visit: (InitializerEvent) -> Void
    /// The end of what was set so far; what lies before it may have to be cleared again.
    private var highestBit = 0
    private var budget = 65_536

    init(visit: @escaping (InitializerEvent) -> Void) { self.visit = visit }

    mutating func walk(_ type: ClangType, _ initializer: Cursor) {
        let whole = Subobject(type: type.canonical)
        set(whole, to: initializer, isOutermost: true)
    }

    private mutating func set(_ part: Subobject, to cursor: Cursor, isOutermost: Bool = false) {
        budget -= 1
        guard budget > 0 else {
            if budget == 0 { visit(.unsupported("huge initialiser", cursor)) }
            return
        }
        let isAggregate = Self.isAggregate(part.type)
        if cursor.kind == .initListExpr {
            let items = cursor.children.filter(\.isExpression)
            if isAggregate {
                setBraced(part, items, cursor, isOutermost: isOutermost)
            } else if let only = items.first {
                set(part, to: only)
            } else {
                visit(.zero(part))
            }
        } else if Unexposed.isArray(part.type), Self.isString(cursor) {
            visit(.string(part))
        } else if isAggregate {
            visit(.aggregate(part, Self.stripped(cursor)))
        } else {
            visit(.scalar(part, cursor))
        }
        note(part)
    }

    private mutating func note(_ part: Subobject) {
        highestBit = max(highestBit, part.bitOffset + (part.bitWidth ?? (part.type.sizeOf ?? 0) * 8))
    }

    private mutating func setBraced(_ part: Subobject, _ items: [Cursor], _ list: Cursor, isOutermost: Bool) {
        if Unexposed.isArray(part.type), items.count == 1, Self.isString(items[0]), !Self.isPointer(part.type.arrayElement) {
            return visit(.string(part))
        }
        if part.type.sizeOf == nil { return visit(.unsupported("initialiser of an incomplete type", list)) }
        if isOutermost || part.bitOffset < highestBit { visit(.zero(part)) }
        var remaining = items[...]
        fill(part, from: 0, &remaining, isBraced: true)
        if let excess = remaining.first { visit(.unsupported("excess initialiser", excess)) }
    }

    /// Sets members from number `start` on. Without braces of its own the part takes only as many items as it has members.
    private mutating func fill(_ part: Subobject, from start: Int, _ items: inout ArraySlice<Cursor>, isBraced: Bool) {
        let members = Members(of: part)
        var position = start
        while let item = items.first, budget > 0 {
            if let designation = Designation(item) {
                guard isBraced else { return }
                items.removeFirst()
                guard let next = designate(part, designation.steps[...], designation.value, &items) else {
                    return visit(.unsupported("designator", item))
                }
                position = next
                continue
            }
            guard let member = members.at(position) else {
                if isBraced, members.isUnknown { visit(.unsupported("initialiser of an unknown member", item)) }
                return
            }
            setMember(member, &items)
            position = members.isUnion ? members.count : position + 1
        }
    }

    private mutating func setMember(_ member: Subobject, _ items: inout ArraySlice<Cursor>) {
        guard let item = items.first else { return }
        if item.kind == .initListExpr || !Self.isAggregate(member.type) || Self.fits(item, whole: member.type) {
            items.removeFirst()
            set(member, to: item)
        } else {
            let before = items.count
            fill(member, from: 0, &items, isBraced: false)
            // A member without members of its own takes nothing; the item is for the next one then.
            if items.count == before, !Members(of: member).isEmpty {
                items.removeFirst()
                visit(.unsupported("initialiser", item))
            }
        }
    }

    /// Sets what a designator names; the position after it, nil if it is not understood.
    private mutating func designate(
        _ part: Subobject, _ steps: ArraySlice<Designation.Step>, _ value: Cursor, _ items: inout ArraySlice<Cursor>
    ) -> Int? {
        let members = Members(of: part)
        guard let step = steps.first, let range = members.positions(of: step), range.upperBound - range.lowerBound < 4096
        else { return nil }
        if members.isUnion, part.bitOffset < highestBit { visit(.zero(part)) }
        let rest = steps.dropFirst()
        for position in range {
            guard let member = members.at(position) else { return nil }
            if rest.isEmpty {
                items = [value] + items
                setMember(member, &items)
            } else {
                guard let next = designate(member, rest, value, &items) else { return nil }
                if position == range.upperBound { fill(member, from: next, &items, isBraced: false) }
            }
        }
        return members.isUnion ? members.count : range.upperBound + 1
    }

    // MARK: Kinds of types and items

    static func isAggregate(_ type: ClangType) -> Bool { type.kind == .record || Unexposed.isArray(type) }
    private static func isPointer(_ type: ClangType) -> Bool { type.kind == .pointer }

    static func stripped(_ cursor: Cursor) -> Cursor {
        var inner = cursor
        while inner.kind == .parenExpr, let child = inner.children.last { inner = child }
        return inner
    }

    static func isString(_ cursor: Cursor) -> Bool {
        var inner = stripped(cursor)
        if inner.kind == .unaryOperator, inner.unaryOperator == .extension, let child = inner.children.last {
            inner = stripped(child)
        }
        if inner.kind == .stringLiteral { return true }
        if inner.kind == .unexposedExpr, Unexposed.isArray(inner.type), case .functionName = Unexposed(inner) { return true }
        return false
    }

    /// Whether an expression initialises a whole struct or array, rather than its first member.
    private static func fits(_ item: Cursor, whole type: ClangType) -> Bool {
        if Unexposed.isArray(type) {
            if isString(item) { return !isPointer(type.arrayElement) && type.arrayElement.kind != .record }
            return Unexposed.isArray(item.type) && item.kind != .unexposedExpr
        }
        return item.type.kind == .record && item.type.canonical.unqualified == type.canonical.unqualified
    }
}

/// The members of a struct, union or array, by position.
private struct Members {
    let part: Subobject
    private let fields: [Cursor]
    let isUnion: Bool
    let count: Int
    /// An array without a bound: a flexible member.
    let isUnknown: Bool
    var isEmpty: Bool { count == 0 && !isUnknown }

    init(of part: Subobject) {
        self.part = part
        if part.type.kind == .record {
            // Bit-fields without a name are not members to initialise.
            fields = part.type.fields.filter { !($0.isBitField && $0.spelling.isEmpty) }
            count = fields.count
            isUnion = part.type.declaration.kind == .unionDecl
            isUnknown = false
        } else {
            fields = []
            count = part.type.arrayCount ?? 0
            isUnion = false
            isUnknown = part.type.arrayCount == nil
        }
    }

    func at(_ position: Int) -> Subobject? {
        guard position >= 0, position < count else { return nil }
        return part.type.kind == .record ? part.member(fields[position], of: part.type) : part.element(position)
    }

    func positions(of step: Designation.Step) -> ClosedRange<Int>? {
        switch step {
        case .field(let field):
            let identity = field.identity
            guard let position = fields.firstIndex(where: { $0.identity == identity }) else { return nil }
            return position...position
        case .elements(let range): return range.upperBound < count ? range : nil
        }
    }
}

/// `.a.b[3] = value`.
struct Designation {
    enum Step {
        case field(Cursor)
        case elements(ClosedRange<Int>)
    }
    var steps: [Step] = []
    var value: Cursor

    /// nil for an item without a designator, and for one that is not understood (whose value then fits nowhere).
    init?(_ cursor: Cursor) {
        let children = cursor.children
        guard cursor.kind == .unexposedExpr, children.count >= 2, let last = children.last, last.isExpression else { return nil }
        guard case .unknown = Unexposed(cursor) else { return nil }
        value = last
        var index = 0
        while index < children.count - 1 {
            let child = children[index]
            index += 1
            if child.kind == .memberRef {
                steps.append(.field(child.referenced))
                continue
            }
            guard child.isExpression, let low = child.evaluatedInteger.flatMap({ Int(exactly: $0) }) else { return nil }
            var high = low
            if index < children.count - 1, children[index].isExpression, Self.isRange(child, children[index]) {
                guard let bound = children[index].evaluatedInteger.flatMap({ Int(exactly: $0) }), bound >= low else { return nil }
                high = bound
                index += 1
            }
            steps.append(.elements(low...high))
        }
    }

    /// Between the bounds of a range there is `...`, between two subscripts `][`.
    private static func isRange(_ low: Cursor, _ high: Cursor) -> Bool {
        let from = low.extent(.file).end
        let to = high.start(.file)
        guard from.file == to.file, from.offset <= to.offset, to.offset - from.offset < 256 else { return false }
        let between = low.unit.bytes(ofFile: from.file, from: from.offset, count: to.offset - from.offset)
        return between.contains(UInt8(ascii: ".")) && !between.contains(UInt8(ascii: "["))
    }
}
