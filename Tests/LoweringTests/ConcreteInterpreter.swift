import Lowering
import ProgramModel

/// Executes lowered functions with concrete values, to compare the lowering with a real compiler.
///
/// Integers and addresses are patterns, extended to 64 bits by their type's sign. Anything that the model leaves open
/// (`anyValue`, `unsupported`, a read of what was never written) is a fault.
final class ConcreteInterpreter {
    let program: any ProgramSource
    let unit: String
    let pointerWidth: Int
    var memory: ConcreteMemory
    private var globals: [GlobalReference: UInt64] = [:]
    private var functionAddresses: [FunctionReference: UInt64] = [:]
    private var functionsByAddress: [UInt64: FunctionReference] = [:]
    private var steps = 0
    private var depth = 0
    var stepLimit = 3_000_000

    init(program: any ProgramSource, unit: String, pointerWidth: Int = 64) {
        self.program = program
        self.unit = unit
        self.pointerWidth = pointerWidth
        memory = ConcreteMemory(pointerWidth: pointerWidth)
    }

    /// One activation of a function.
    struct Frame {
        let function: Function
        var addresses: [UInt64]
    }

    enum Passed {
        case scalar(UInt64)
        /// Address of a struct to copy.
        case aggregate(UInt64)
    }

    /// Calls a function with scalar arguments and gives its scalar result.
    func call(_ reference: FunctionReference, _ arguments: [UInt64]) throws -> UInt64 {
        steps = 0
        return try invoke(reference, arguments.map { .scalar($0) }, into: nil)
    }

    /// - Parameter result: where a struct goes.
    func invoke(_ reference: FunctionReference, _ arguments: [Passed], into result: (address: UInt64, size: Int)?) throws -> UInt64 {
        if let value = try library(reference.name, arguments) { return value }
        guard case .found(let function) = program.body(of: reference) else {
            throw ConcreteFault("no body of \(reference.name)")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw ConcreteFault("recursion too deep") }
        var frame = Frame(function: function, addresses: [])
        for local in function.locals {
            frame.addresses.append(memory.allocate(try size(of: local.type), defined: false))
        }
        defer { for address in frame.addresses { memory.release(address) } }
        for (parameter, argument) in zip(function.parameters, arguments) {
            let address = frame.addresses[parameter.index]
            switch argument {
            case .scalar(let bits): try store(bits, function[parameter].type, at: address)
            case .aggregate(let source): try memory.copy(from: source, to: address, size: size(of: function[parameter].type))
            }
        }
        return try run(&frame, into: result)
    }

    private func run(_ frame: inout Frame, into result: (address: UInt64, size: Int)?) throws -> UInt64 {
        var block = BlockID(0)
        while true {
            let code = frame.function[block]
            for instruction in code.instructions {
                steps += 1
                do { try execute(instruction.kind, &frame) } catch let fault as ConcreteFault {
                    throw ConcreteFault("\(fault) at \(instruction.location.line):\(instruction.location.column)")
                }
            }
            steps += 1
            guard steps < stepLimit else { throw ConcreteFault("too many steps") }
            switch code.terminator.kind {
            case .jump(let target): block = target
            case .branch(let condition, let whenTrue, let whenFalse):
                block = try evaluate(condition, frame) != 0 ? whenTrue : whenFalse
            case .switching(let operand, let cases, let fallback):
                block = try select(operand, cases, fallback, frame)
            case .returnScalar(let value): return try evaluate(value, frame)
            case .returnAggregate(let place):
                let source = try address(of: place, frame).address
                if let result { try memory.copy(from: source, to: result.address, size: result.size) }
                return 0
            case .returnVoid: return 0
            case .anyOf: throw ConcreteFault("a jump to any of several blocks")
            case .unreachable: throw ConcreteFault("unreachable code reached at \(code.terminator.location.line)")
            }
        }
    }

    private func select(_ operand: ExpressionID, _ cases: [SwitchCase], _ fallback: BlockID, _ frame: Frame) throws -> BlockID {
        let bits = try evaluate(operand, frame)
        guard let type = frame.function[operand].type.integerType else { throw ConcreteFault("switch on no integer") }
        let value = Self.number(bits, type)
        let hits = cases.filter { Self.number($0.low, type) <= value && value <= Self.number($0.high, type) }
        guard hits.count <= 1 else { throw ConcreteFault("overlapping cases") }
        return hits.first?.target ?? fallback
    }

    // MARK: Instructions

    private func execute(_ kind: InstructionKind, _ frame: inout Frame) throws {
        switch kind {
        case .assign(let place, let value):
            let bits = try evaluate(value, frame)
            guard place.type.scalarType == frame.function[value].type.scalarType else {
                throw ConcreteFault("store of \(frame.function[value].type) to \(place.type)")
            }
            try store(bits, to: place, frame)
        case .copy(let target, let source):
            if case .string = source.base {
                // The model does not keep the characters.
                return try memory.undefine(address(of: target, frame).address, size: size(of: target.type))
            }
            let from = try address(of: source, frame)
            let to = try address(of: target, frame)
            guard from.bit == 0, to.bit == 0 else { throw ConcreteFault("copy between bits") }
            try memory.copy(from: from.address, to: to.address, size: size(of: target.type))
        case .zero(let place):
            if place.type.isAggregate {
                try memory.fill(address(of: place, frame).address, byte: 0, size: size(of: place.type))
            } else {
                try store(0, to: place, frame)
            }
        case .declare(let local): memory.forget(frame.addresses[local.index])
        case .call(let call): try execute(call, &frame)
        case .assembly(let outputs, _, _):
            if !outputs.isEmpty { throw ConcreteFault("assembly") }
        case .unsupported(let kind): throw ConcreteFault("unsupported \(kind)")
        }
    }

    private func execute(_ call: Call, _ frame: inout Frame) throws {
        var arguments: [Passed] = []
        for argument in call.arguments {
            switch argument {
            case .scalar(let value): arguments.append(.scalar(try evaluate(value, frame)))
            case .aggregate(let place): arguments.append(.aggregate(try address(of: place, frame).address))
            }
        }
        let reference: FunctionReference
        switch call.callee {
        case .direct(let function): reference = function
        case .indirect(let pointer, _):
            guard let function = functionsByAddress[try evaluate(pointer, frame)] else {
                throw ConcreteFault("call of what is no function")
            }
            reference = function
        }
        guard let result = call.result else {
            let scratch: (UInt64, Int)?
            if call.returnType.isAggregate {
                let size = try size(of: call.returnType)
                scratch = (memory.allocate(size, defined: false), size)
            } else {
                scratch = nil
            }
            _ = try invoke(reference, arguments, into: scratch)
            return
        }
        if result.type.isAggregate {
            _ = try invoke(reference, arguments, into: (address(of: result, frame).address, size(of: result.type)))
        } else {
            try store(invoke(reference, arguments, into: nil), to: result, frame)
        }
    }

    /// Functions of the C library that programs use.
    private func library(_ name: String, _ arguments: [Passed]) throws -> UInt64? {
        guard ["memcpy", "memmove", "memset"].contains(name), arguments.count == 3, case .scalar(let target) = arguments[0],
            case .scalar(let second) = arguments[1], case .scalar(let size) = arguments[2]
        else { return nil }
        if name == "memset" {
            try memory.fill(target, byte: UInt8(truncatingIfNeeded: second), size: Int(size))
        } else {
            try memory.copy(from: second, to: target, size: Int(size))
        }
        return target
    }

    // MARK: Sizes and statics

    func size(of type: CType) throws -> Int {
        switch type {
        case .void, .function: return 1
        case .integer(let type): return type.byteSize
        case .pointer(_, let width): return width / 8
        case .record(let name):
            guard let layout = program.layout(ofRecord: name, unit: unit) else { throw ConcreteFault("no layout of \(name)") }
            return layout.byteSize
        case .array(let element, let count):
            guard let count else { throw ConcreteFault("array without a bound") }
            return try size(of: element) * count
        case .opaque(let name, _): throw ConcreteFault("opaque \(name)")
        }
    }

    func address(of function: FunctionReference) -> UInt64 {
        if let known = functionAddresses[function] { return known }
        let address = memory.allocate(1, defined: true)
        functionAddresses[function] = address
        functionsByAddress[address] = function
        return address
    }

    func address(of global: GlobalReference) throws -> UInt64 {
        if let known = globals[global] { return known }
        guard let definition = program.global(global, unit: unit), let elements = definition.elements else {
            throw ConcreteFault("no definition of \(global.name)")
        }
        let address = memory.allocate(definition.byteSize, defined: true)
        globals[global] = address
        for element in elements {
            let bits: UInt64
            switch element.value {
            case .integer(let value): bits = value
            case .function(let function): bits = self.address(of: function)
            case .address(let other): bits = try self.address(of: other)
            case .unknown:
                try memory.undefine(address + UInt64(element.byteOffset), size: size(of: element.type))
                continue
            }
            try store(bits, element.type, at: address + UInt64(element.byteOffset))
        }
        return address
    }
}
