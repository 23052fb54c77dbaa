import IntegerDomain
import ProgramModel

/// Calls of functions that a model stands for.
extension Engine {
    /// False if the function never returns.
    func apply(
        _ model: FunctionModel, _ call: Call, _ arguments: [ArgumentValue], _ partition: PartitionID,
        _ state: inout State
    ) throws -> Bool {
        if model.neverReturns { return false }
        for write in model.writes where write.argument < arguments.count {
            if let value = arguments[write.argument].value {
                overwrite(value, bits: bitsWritten(by: model, arguments, in: state), in: &state)
            }
        }
        if let index = model.deferredCallback, index < arguments.count {
            for callee in deferredCallees(call.arguments[index], arguments[index]) {
                deferred.insert(DeferredResult(partition: partition, callee: callee))
            }
        }
        guard let format = call.returnType.format else {
            if let place = call.result { fill(try resolve(place, in: &state), .unknown, in: &state) }
            return true
        }
        if model.isContinuation, let place = call.result {
            var value = Value(.bottom(format))
            value.sources = .continuation
            value.origin = Origin(.note("continuation: \(model.reason)"), at: location, range: value.range, parent: nil)
            try store(value, to: place, in: &state)
            return true
        }
        var range = IntValue.top(format).clamped(
            low: model.minimum.map { Int128($0) }, high: model.maximum.map { Int128($0) })
        if let index = model.atMostArgument, index < arguments.count, let limit = arguments[index].value {
            let bound = currentRange(of: limit, in: state)
            if bound.format.isSigned == format.isSigned || (bound.min ?? -1) >= 0 { range = range.clamped(low: nil, high: bound.max) }
        }
        if let index = model.insideArgument, index < arguments.count, let pointer = arguments[index].value,
            let bytes = bytesAhead(of: pointer), bytes > 0 {
            range = range.clamped(low: nil, high: Int128(bytes - 1))
        }
        if range.isBottom { range = .top(format) }
        try storeAny(call, how: "model", range: range, in: &state)
        if model.isContinuationTest { continuationTests.insert(names.symbol(.made(point, part: 0)).id) }
        return true
    }

    /// Bits that it writes at most; nil: nothing says how many.
    private func bitsWritten(by model: FunctionModel, _ arguments: [ArgumentValue], in state: State) -> Int? {
        guard let index = model.lengthArgument, index < arguments.count, let length = arguments[index].value,
            let most = currentRange(of: length, in: state).max, most >= 0, most < 1 << 40
        else { return nil }
        return Int(most) * 8
    }

    /// Any value is written through a pointer, from where it points upwards.
    /// - Parameter bits: how many at most; nil: any number.
    private func overwrite(_ pointer: Value, bits: Int?, in state: inout State) {
        guard case .targets(let targets) = pointer.pointees else {
            if case .none = pointer.pointees, pointer.range.constantValue != nil { return }
            return forgetAllAliases(except: nil, in: &state)
        }
        if targets.contains(where: { isShared($0.object, in: state) }) { forgetAllAliases(except: nil, in: &state) }
        for target in targets {
            let contents = state.objects[target.object] ?? .empty
            let end = bits.flatMap { bits in target.offset.map { $0 + bits } } ?? Fill.end
            if end <= target.offset ?? 0 { continue }
            state.objects[target.object] = contents.filling(target.offset ?? 0, end, .guest)
        }
    }

    private func deferredCallees(_ argument: Argument, _ value: ArgumentValue) -> [DeferredCallee] {
        if let functions = value.value.flatMap(functions(behind:)) { return functions.map(DeferredCallee.function) }
        guard case .scalar(let id) = argument, let held = functions(heldBy: id) else { return [.unknown(location)] }
        return held.functions.map(DeferredCallee.function) + (held.isComplete ? [] : [.unknown(location)])
    }
}
