import ClangAST
import Synchronization

/// The same work on many items, on several threads with stacks for deep recursion.
enum ParallelRun {
    private final class Results<Item: Sendable, Value: Sendable>: Sendable {
        private struct State {
            var next = 0
            var finished = 0
            var values: [Value?]
        }
        private let items: [Item]
        private let state: Mutex<State>

        init(_ items: [Item]) {
            self.items = items
            state = Mutex(State(values: Array(repeating: nil, count: items.count)))
        }

        var values: [Value?] { state.withLock { $0.values } }

        func next() -> (index: Int, item: Item)? {
            let index = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            return index < items.count ? (index, items[index]) : nil
        }

        /// Takes a value; the number of those there are.
        func put(_ value: Value, at index: Int) -> Int {
            state.withLock { state in
                state.values[index] = value
                state.finished += 1
                return state.finished
            }
        }
    }

    /// The values in the order of the items, whoever was done first.
    static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) -> Value,
        finished: @escaping @Sendable (Item, Int) -> Void
    ) throws(ApplicationError) -> [Value] {
        let results = Results<Item, Value>(items)
        BigStack.runInParallel(threads: min(max(1, threads), items.count)) {
            while let (index, item) = results.next() {
                finished(item, results.put(body(item), at: index))
            }
        }
        let values = results.values.compactMap { $0 }
        guard values.count == items.count else {
            throw ApplicationError("no thread could be started: raise the limit on processes or on address space")
        }
        return values
    }
}
