import Testing

extension Trait where Self == TimeLimitTrait {
    /// Against what never ends. All tests start at once, so that the time of one is that of all: a limit near its own would
    /// fail on a machine that is busy.
    static var endsAtAll: Self { .timeLimit(.minutes(25)) }
}
