import IntegerDomain
import ProgramModel

/// Why a summary is not that of the function by itself.
struct CutOffs {
    /// Functions above whose recursive calls were not followed.
    var recursions: Set<FunctionReference> = []
    /// The functions on the ways to those calls.
    var members: Set<FunctionReference> = []
    /// Whether calls were not followed because they were too deep.
    var isByDepth = false

    mutating func formUnion(_ other: CutOffs) {
        recursions.formUnion(other.recursions)
        members.formUnion(other.members)
        isByDepth = isByDepth || other.isByDepth
    }
}

/// Where a summary can be used: wherever it would come out the same if it were made anew. What a run finds must not depend
/// on what others have found before it, or two threads would print what one does not.
struct Standing: Hashable, Sendable {
    /// Functions that call one another with it: under one of them it is another.
    var members: Set<FunctionReference> = []
    /// Summaries inside one another, itself included.
    var height = 1
    /// Set if calls were too deep to be followed: the summaries above it.
    var depth: Int?

    /// - Parameter above: the functions being summarised.
    func holds(under above: [FunctionReference]) -> Bool {
        let isAsDeep = depth.map { $0 == above.count } ?? (above.isEmpty || above.count + height <= Engine.summaryDepth)
        return isAsDeep && (members.isEmpty || !above.contains(where: members.contains))
    }
}

/// Summaries that hold inside one outermost summary only, because something was cut off in them.
final class NestedSummaries {
    struct Entry {
        var summary: Summary
        var cutOffs: CutOffs
    }
    var summaries: [SummaryKey: Entry] = [:]
    /// What recursive calls of a function are taken to return while its summary is looked for.
    var assumptions: [FunctionReference: Summary] = [:]

    /// A function is done whose recursive calls were not followed in some: they depend on what it depends on.
    func close(_ function: FunctionReference, _ cutOffs: CutOffs) {
        for (key, entry) in summaries where entry.cutOffs.recursions.contains(function) {
            var entry = entry
            entry.cutOffs.recursions.remove(function)
            entry.cutOffs.recursions.formUnion(cutOffs.recursions)
            summaries[key] = entry
        }
    }
}

/// A function that was run for its summary.
struct SummaryRun {
    var summary: Summary
    var cutOffs: CutOffs
}

extension Engine {
    /// What a function returns: known, or found out by a run of its own.
    /// - Parameter arguments: nil: any.
    func summary(of callee: Function, _ arguments: [SummaryArgument]?) throws -> Summary {
        let key = SummaryKey(function: callee.reference, arguments: arguments)
        if summaryStack.contains(callee.reference) { return recursive(callee) }
        if let known = knownSummary(key) { return known }
        if summaryStack.count >= Self.summaryDepth {
            cutOffs.isByDepth = true
            summaryHeight = max(summaryHeight, 1)
            return unseen(callee, "more than \(Self.summaryDepth) calls deep")
        }
        let box = nested ?? NestedSummaries()
        // Called by itself with other arguments, it returns what it does for any.
        if arguments != nil { box.assumptions[callee.reference] = try summary(of: callee, nil) }
        defer { box.assumptions[callee.reference] = nil }
        let before = box.summaries
        var run = summaryRun(callee, arguments, box)
        if arguments == nil, run.cutOffs.recursions == [callee.reference], !run.cutOffs.isByDepth,
            let better = recursionFixpoint(callee, run.summary, box, before) { run.summary = better }
        run.cutOffs.recursions.remove(callee.reference)
        run.summary.standing.members = run.cutOffs.members
        if run.cutOffs.isByDepth { run.summary.standing.depth = summaryStack.count }
        if run.cutOffs.recursions.isEmpty {
            // One by itself is the same whoever asks: nothing is left of the run but what it says.
            box.summaries = before
            run.cutOffs.members = []
        } else {
            box.close(callee.reference, run.cutOffs)
        }
        if run.cutOffs.recursions.isEmpty, nested == nil || !run.cutOffs.isByDepth {
            shared.keep(run.summary, for: key)
        } else {
            box.summaries[key] = .init(summary: run.summary, cutOffs: run.cutOffs)
        }
        note(run.summary, run.cutOffs)
        return run.summary
    }

    private func knownSummary(_ key: SummaryKey) -> Summary? {
        if let known = shared.summary(key, facts), known.standing.holds(under: summaryStack) {
            note(known, CutOffs(isByDepth: known.standing.depth != nil))
            return known
        }
        guard let known = nested?.summaries[key] else { return nil }
        note(known.summary, known.cutOffs)
        return known.summary
    }

    /// What a summary says of the run that uses it.
    private func note(_ summary: Summary, _ cutOffs: CutOffs) {
        answers.merge(summary.answers) { $1 }
        summaryHeight = max(summaryHeight, summary.standing.height)
        self.cutOffs.formUnion(cutOffs)
        if !cutOffs.recursions.isEmpty { noteMembers() }
    }

    /// The functions being interpreted are on the way to a call that was not followed.
    private func noteMembers() { cutOffs.members.formUnion(frames.map(\.function.reference)) }

    /// What a call of a function that is being summarised is taken to return.
    private func recursive(_ callee: Function) -> Summary {
        cutOffs.recursions.insert(callee.reference)
        noteMembers()
        if let assumed = nested?.assumptions[callee.reference] { return assumed }
        return typeSummary(callee, note: "recursion: any value of its type")
    }

    func summaryRun(_ callee: Function, _ arguments: [SummaryArgument]?, _ box: NestedSummaries) -> SummaryRun {
        let inner = Engine(
            program: program, models: models, shared: shared, budget: budget, facts: facts,
            longWidth: longWidth, maximumSteps: Self.summarySteps,
            summaryStack: summaryStack + [callee.reference])
        inner.nested = box
        var summary = inner.summarize(callee, arguments)
        summary.answers = inner.answers
        summary.callsParameter = inner.callsParameter
        summary.standing.height = inner.summaryHeight + 1
        return SummaryRun(summary: summary, cutOffs: inner.cutOffs)
    }
}
