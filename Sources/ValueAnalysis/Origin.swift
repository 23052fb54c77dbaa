import IntegerDomain
import ProgramModel

/// One link of the way that a value took: a persistent list, newest first.
final class Origin: Sendable {
    enum Step: Sendable {
        case argument(name: String)
        case global(name: String, type: String)
        case field(name: String, type: String)
        case unknownMemory(type: String)
        case assigned(name: String)
        case returned(by: String, how: String)
        case converted(from: String, to: String)
        /// A condition that leaves only what fits.
        case checked
        case note(String)

        func isSameKind(as other: Step) -> Bool {
            switch (self, other) {
            case (.assigned(let a), .assigned(let b)): a == b
            case (.returned(let a, _), .returned(let b, _)): a == b
            case (.converted, .converted): true
            default: false
            }
        }
    }

    let step: Step
    let location: SourceLocation
    let range: IntValue
    let parent: Origin?
    let depth: Int
    /// The ways of other values that this one met and that reach out of an `int` as well (`FurtherPaths.swift`).
    let others: [Origin]

    /// Chains stop growing here: loops would add a link a round.
    static let maximumDepth = 24

    init(
        _ step: Step, at location: SourceLocation, range: IntValue, parent: Origin?, others: [Origin] = []
    ) {
        self.step = step
        self.location = location
        self.range = range
        self.parent = parent
        self.others = others
        depth = (parent?.depth ?? 0) + 1
    }

    /// Adds a step unless the chain is long enough or the step repeats the newest one.
    static func extend(_ parent: Origin?, _ step: Step, at location: SourceLocation, range: IntValue) -> Origin? {
        guard let parent else { return Origin(step, at: location, range: range, parent: nil) }
        if parent.location == location && parent.range == range { return parent }
        // A loop leads through the same place again: only the last time counts.
        var link: Origin? = parent
        while let known = link {
            if known.location == location, known.step.isSameKind(as: step) {
                return Origin(step, at: location, range: range, parent: known.parent, others: parent.others)
            }
            link = known.parent
        }
        if parent.depth >= maximumDepth { return parent }
        return Origin(step, at: location, range: range, parent: parent, others: parent.others)
    }

    /// Source first.
    var links: [Origin] {
        var links: [Origin] = []
        var next: Origin? = self
        while let link = next {
            links.append(link)
            next = link.parent
        }
        return links.reversed()
    }

    /// Steps for people, source first.
    var evidence: [EvidenceStep] { links.map(\.evidenceStep) }

    var evidenceStep: EvidenceStep { EvidenceStep(location: location, message: message) }

    private var message: String {
        switch step {
        case .argument(let name): "argument '\(name)' comes from the guest: \(range)"
        case .global(let name, let type): "global '\(name)' of type '\(type)': \(range)"
        case .field(let name, let type): "field '\(name)' of type '\(type)': \(range)"
        case .unknownMemory(let type): "read from memory as '\(type)': \(range)"
        case .assigned(let name): "assigned to '\(name)': \(range)"
        case .returned(let function, let how): "returned by '\(function)' (\(how)): \(range)"
        case .converted(let from, let to): "converted from '\(from)' to '\(to)', which cuts it: \(range)"
        case .checked: "checked here: \(range)"
        case .note(let text): "\(text): \(range)"
        }
    }
}
