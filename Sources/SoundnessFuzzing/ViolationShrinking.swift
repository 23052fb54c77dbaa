import ProgramFuzzing

extension SoundnessCheck {
    /// A small program that is still answered wrongly, and how.
    public func shrunk(
        _ program: GeneratedProgram, mode: GuestMode, budget: Int
    ) -> (program: GeneratedProgram, violation: SoundnessViolation?) {
        let small = Shrinker(budget: budget) { candidate in
            (try? check([candidate], modes: [mode]))?.violations.isEmpty == false
        }.shrink(program)
        return (small, (try? check([small], modes: [mode]))?.violations.first)
    }
}
