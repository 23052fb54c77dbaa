import ProgramModel

/// The local variables of a function that hold pointers to functions, with all that is assigned to each. Those that are
/// parameters, or that may be written in another way than by an assignment, are not among them.
struct HeldPointers: Sendable {
    private var assigned: [LocalID: [ExpressionID]] = [:]

    init(_ function: Function) {
        let candidates = function.locals.indices.map { LocalID($0) }.filter { local in
            guard !function[local].isParameter, case .function? = function[local].type.pointee else { return false }
            return true
        }
        guard !candidates.isEmpty else { return }
        var held = Set(candidates)
        for expression in function.expressions {
            if case .addressOf(let place) = expression.kind, case .local(let local) = place.base { held.remove(local) }
        }
        for block in function.blocks {
            for instruction in block.instructions {
                switch instruction.kind {
                case .assign(let place, let value):
                    guard case .local(let local) = place.base, held.contains(local) else { continue }
                    assigned[local, default: []].append(value)
                case .copy(let place, _), .zero(let place): Self.drop(place, from: &held)
                case .call(let call): if let place = call.result { Self.drop(place, from: &held) }
                case .assembly(let outputs, _, _): for place in outputs { Self.drop(place, from: &held) }
                case .declare, .unsupported: break
                }
            }
        }
        assigned = assigned.filter { held.contains($0.key) }
    }

    private static func drop(_ place: Place, from held: inout Set<LocalID>) {
        if case .local(let local) = place.base { held.remove(local) }
    }

    /// All values that a local gets; nil where that is not known.
    func values(of local: LocalID) -> [ExpressionID]? { assigned[local] }
}
