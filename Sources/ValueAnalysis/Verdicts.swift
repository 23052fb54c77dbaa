import IntegerDomain
import ProgramModel

/// A set of integers of any width: what a guest could have been told before anything was cut.
struct ResultValues {
    private(set) var intervals: [Interval] = []

    mutating func add(_ value: IntValue) { intervals += value.intervals }

    var min: Int128? { intervals.map(\.low).min() }
    var max: Int128? { intervals.map(\.high).max() }

    func meets(_ low: Int128, _ high: Int128) -> Bool { intervals.contains { $0.low <= high && low <= $0.high } }
}

/// Where 32 bits end.
enum Boundary {
    static let intMin = -(Int128(1) << 31)
    static let intMax = (Int128(1) << 31) - 1
    static let unsignedMax = (Int128(1) << 32) - 1
}

extension ResultValues {
    func verdict(by convention: ErrorConvention) -> Verdict {
        guard let min, let max else { return .fitsInt }
        if min < Boundary.intMin || max > Boundary.unsignedMax { return .exceeds32Bit }
        if meets(Int128(convention.firstError), Boundary.unsignedMax) { return .errnoAmbiguous }
        return max > Boundary.intMax ? .fitsUnsigned : .fitsInt
    }
}

extension HandlerRun.Outcome {
    func rows(_ run: HandlerRun, _ function: Function, handler: String) -> [AuditRow] {
        if let failure {
            var row = blank(run, function, handler)
            row.verdict = .unknown
            row.reason = failure
            row.location = function.location
            return [row]
        }
        var rows: [AuditRow] = []
        for index in engine.partitions.labels.indices {
            let partition = PartitionID(index: Int32(index))
            guard let exit = exits[partition] else {
                if partition != .none { rows.append(neverReturning(partition, run, function, handler)) }
                continue
            }
            rows.append(row(partition, exit, run, function, handler))
        }
        if rows.isEmpty { rows.append(neverReturning(.none, run, function, handler)) }
        return rows
    }

    private func blank(_ run: HandlerRun, _ function: Function, _ handler: String) -> AuditRow {
        AuditRow(
            hypercall: run.hypercall, handler: handler, subOperation: nil, guest: run.guest.name, verdict: .fitsInt,
            range: nil, location: function.location, evidence: [], narrowings: [], reason: nil,
            returnType: function.returnTypeSpelling, explanation: nil)
    }

    private func label(_ partition: PartitionID) -> String? {
        partition == .none ? nil : engine.partitions[partition].name
    }

    private func neverReturning(
        _ partition: PartitionID, _ run: HandlerRun, _ function: Function, _ handler: String
    ) -> AuditRow {
        var row = blank(run, function, handler)
        row.subOperation = label(partition)
        if partition != .none { row.location = engine.partitions[partition].location }
        row.explanation = "no path returns"
        return row
    }

    private func row(
        _ partition: PartitionID, _ exit: State, _ run: HandlerRun, _ function: Function, _ handler: String
    ) -> AuditRow {
        var row = blank(run, function, handler)
        row.subOperation = label(partition)
        if let taint = exit.taint {
            row.verdict = .unknown
            row.reason = taint
            return row
        }
        guard let format = function.returnType.format else {
            row.explanation = "returns nothing"
            return row
        }
        let key = CellKey(offset: 0, width: format.width)
        guard case .exact(let cell)? = exit.objects[engine.resultObject(of: frame)]?.lookup(key) else {
            row.verdict = .unknown
            row.reason = "the returned value was lost"
            return row
        }
        fill(&row, with: cell.value, exit, run.convention)
        return row
    }

    private func fill(_ row: inout AuditRow, with value: Value, _ exit: State, _ convention: ErrorConvention) {
        let range = engine.currentRange(of: value, in: exit)
        var values = ResultValues()
        values.add(range)
        for entry in value.narrowings { values.add(entry.range) }
        row.narrowings = value.narrowings.map { entry in
            Narrowing(
                location: entry.site.location, from: entry.site.from, to: entry.site.to,
                range: ValueRange(min: "\(entry.range.min ?? 0)", max: "\(entry.range.max ?? 0)"),
                function: entry.site.function)
        }.sorted()
        row.evidence = value.origin?.evidence ?? []
        row.location = value.origin?.decisivePlace ?? row.location
        guard let bounds = value.shown(range) else {
            row.verdict = value.sources.contains(.continuation) ? .continuation : .fitsInt
            row.explanation = value.sources.contains(.continuation) ? "only continuations return" : "no path returns"
            return
        }
        row.range = ValueRange(min: "\(bounds.low)", max: "\(bounds.high)")
        row.returned = Bounds(range).map { ValueRange(min: "\($0.low)", max: "\($0.high)") }
        row.verdict = values.verdict(by: convention)
        if row.verdict != .fitsInt, let origin = value.origin {
            row.furtherPaths = origin.furtherPaths(as: row.verdict, cut: value.narrowings, by: convention)
        }
        if row.verdict == .fitsInt { row.explanation = explanation(value, range) }
    }

    /// What decides that a value fits.
    private func explanation(_ value: Value, _ range: IntValue) -> String {
        var next = value.origin
        while let step = next {
            if case .checked = step.step { return "check at \(step.location.file):\(step.location.line)" }
            if case .returned(_, "return") = step.step, let limit = step.range.constantValue, limit > Self.largestCode {
                return "saturation at \(step.location.file):\(step.location.line)"
            }
            next = step.parent
        }
        if range.format.width <= 32 { return "type '\(frame.function.returnTypeSpelling)'" }
        guard let last = value.origin?.evidence.dropLast().last else { return "only \(range) returns" }
        return "\(last.message) (\(last.location.file):\(last.location.line))"
    }

    /// Constants up to this are codes and small answers; larger ones are limits.
    private static let largestCode: Int128 = 1 << 20
}
