import Lowering
import ProgramModel
import Rules
import ValueAnalysis

/// Gathers what the rules want to know of handlers besides the rows of the map.
struct FactCollection {
    let program: ClangProgram
    let handlers: [HandlerDescription]
    /// By handler: what is asked about each of them goes through its own, if it has one.
    var recorders: [String: UseRecorder] = [:]

    /// By name.
    var handlerFacts: [String: HandlerFacts] {
        let declarations = HandlerDeclarations(program: program)
        var search = SignLossSearch(program: program)
        var found: [String: HandlerFacts] = [:]
        for handler in handlers {
            guard var facts = declarations.facts(of: handler) else { continue }
            let reference = FunctionReference(name: handler.name, unit: nil)
            if let recorder = recorders[handler.name] {
                // What an earlier handler asked about would not be asked again.
                var own = SignLossSearch(program: recorder)
                facts.signLosses = own.losses(in: reference)
                facts.wideCallees = wideCallees(of: reference, in: recorder)
            } else {
                facts.signLosses = search.losses(in: reference)
                facts.wideCallees = wideCallees(of: reference, in: program)
            }
            found[handler.name] = facts
        }
        return found
    }

    private func wideCallees(of reference: FunctionReference, in program: any ProgramSource) -> [String] {
        guard case .found(let function) = program.body(of: reference) else { return [] }
        let names = ReturnFlow(function).calls.compactMap { call, _ -> String? in
            guard case .direct(let callee) = call.callee, let type = call.returnType.scalarType, type.width > 32 else {
                return nil
            }
            return callee.name
        }
        return Set(names).sorted()
    }
}
