import ClangAST

/// The parsed units, at most so many at a time. Thread-safe.
final class UnitCache: @unchecked Sendable {
    struct Failure: Error {
        var message: String
    }

    /// One unit; its own lock is held while it is parsed and while it is read.
    private final class Slot {
        let lock = Lock()
        var session: Result<UnitSession, Failure>?
    }

    private let index: any UnitIndex
    private let maximum: Int
    private let lock = Lock()
    private var slots: [String: Slot] = [:]
    /// Least recently used first.
    private var order: [String] = []
    private var found: [String: [ParseDiagnostic]] = [:]

    init(index: any UnitIndex, maximum: Int) {
        self.index = index
        self.maximum = max(1, maximum)
    }

    var diagnostics: [ParseDiagnostic] { lock.withLock { found.values.flatMap { $0 } }.sorted() }

    /// Runs `body` on the unit, alone; nil if there is no such unit or it could not be parsed at all.
    func use<Value>(_ unit: String, _ body: (UnitSession) -> Value) -> Value? {
        if case .success(let value) = result(unit, body) { value } else { nil }
    }

    func result<Value>(_ unit: String, _ body: (UnitSession) -> Value) -> Result<Value, Failure> {
        let slot = slot(for: unit)
        return slot.lock.withLock {
            do {
                // Lowering recurses as deeply as parsing does.
                return try BigStack.run {
                    let session = slot.session ?? parse(unit)
                    slot.session = session
                    return session.map(body)
                }
            } catch {
                return .failure(Failure(message: "\(error)"))
            }
        }
    }

    private func slot(for unit: String) -> Slot {
        lock.withLock {
            if let known = slots[unit] {
                if let position = order.firstIndex(of: unit) { order.remove(at: position) }
                order.append(unit)
                return known
            }
            let slot = Slot()
            slots[unit] = slot
            order.append(unit)
            // A thread that still uses a dropped unit keeps it alive until it is done.
            while order.count > maximum { slots[order.removeFirst()] = nil }
            return slot
        }
    }

    private func parse(_ unit: String) -> Result<UnitSession, Failure> {
        guard let recipe = index.recipe(forUnit: unit) else {
            return .failure(Failure(message: "\(unit): no compile command"))
        }
        do {
            let tree = try TranslationUnit.parse(path: recipe.path, flags: recipe.flags, directory: recipe.directory)
            let session = UnitSession(tree: tree, recipe: recipe, index: index)
            lock.withLock { found[unit] = session.diagnostics }
            return .success(session)
        } catch {
            let message = "\(unit): \(error)"
            lock.withLock {
                found[unit] = [ParseDiagnostic(
                    unit: unit, file: unit, line: 0, column: 0, message: "\(error)", severity: "fatal")]
            }
            return .failure(Failure(message: message))
        }
    }
}
