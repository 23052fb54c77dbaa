import ProgramFuzzing

extension SoundnessCheck {
    /// A small program that is still answered wrongly, and how.
    ///
    /// The arguments that showed it are tried first in every step, or a step could lose them: its constants are others.
    public func shrunk(
        _ program: GeneratedProgram, _ violation: SoundnessViolation, budget: Int
    ) -> (program: GeneratedProgram, violation: SoundnessViolation) {
        var start = program
        start.knownArguments.insert(violation.arguments, at: 0)
        var small = Shrinker(budget: budget) { candidate in
            !check([candidate], modes: [violation.mode]).violations.isEmpty
        }.shrink(start)
        let last = check([small], modes: [violation.mode]).violations.first ?? violation
        small.knownArguments = [last.arguments]
        return (small.withoutUnusedPrelude, last)
    }
}
