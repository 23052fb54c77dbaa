import Foundation
import ProgramModel
import Testing

@Suite struct ModelTests {
    private static let int = CType.integer(.int)
    private static let here = SourceLocation(file: "a.c", line: 3, column: 5)

    /// `int f(int a) { switch (a) { case 1 ... 3: return 1; } g(&a); return a; }`
    private static let function: Function = {
        let place = Place(base: .local(LocalID(0)), type: int)
        let load = Expression(kind: .load(place), type: int, location: here)
        let address = Expression(kind: .addressOf(place), type: .pointer(to: int, width: 64), location: here)
        let one = Expression(kind: .constant(bits: 1), type: int, location: here)
        let call = Call(
            callee: .direct(FunctionReference(name: "g", unit: nil)), arguments: [.scalar(ExpressionID(1))], result: nil,
            returnType: .void)
        let choice = SwitchCase(low: 1, high: 3, label: nil, target: BlockID(1), location: here)
        return Function(
            reference: FunctionReference(name: "f", unit: "a.c"), unit: "a.c", location: here, returnType: int,
            returnTypeSpelling: "int", parameters: [LocalID(0)], isVariadic: false, isNoReturn: false, isInline: false,
            locals: [Local(name: "a", type: int, location: here, isParameter: true)], expressions: [load, address, one],
            blocks: [
                Block(instructions: [], terminator: Terminator(
                    kind: .switching(ExpressionID(0), cases: [choice], default: BlockID(2)), location: here)),
                Block(instructions: [], terminator: Terminator(kind: .returnScalar(ExpressionID(2)), location: here)),
                Block(
                    instructions: [Instruction(kind: .call(call), location: here)],
                    terminator: Terminator(kind: .returnScalar(ExpressionID(0)), location: here)),
            ],
            unsupported: ["x": 2])
    }()

    @Test func functionsSurviveCoding() throws {
        let data = try JSONEncoder().encode(Self.function)
        #expect(try JSONDecoder().decode(Function.self, from: data) == Self.function)
    }

    @Test func subscriptsAndSuccessors() {
        let function = Self.function
        #expect(function[LocalID(0)].name == "a")
        #expect(function[ExpressionID(2)].kind == .constant(bits: 1))
        #expect(function[BlockID(0)].terminator.successors == [BlockID(1), BlockID(2)])
        #expect(function[BlockID(1)].terminator.successors == [])
    }

    @Test(arguments: [
        (CType.integer(.bool), IntType(width: 1, isSigned: false)), (.integer(.int), .int),
        (.pointer(to: .void, width: 32), IntType(width: 32, isSigned: false)),
    ])
    func scalars(_ type: CType, _ scalar: IntType) { #expect(type.scalarType == scalar) }

    @Test(arguments: [CType.void, .record("s"), .array(of: .void, count: 1), .opaque(name: "double", byteSize: 8)])
    func othersAreNoScalars(_ type: CType) { #expect(type.scalarType == nil) }

    @Test func sizesInBytes() {
        #expect(IntType.bool.byteSize == 1)
        #expect([8, 16, 32, 64].map { IntType(width: $0, isSigned: true).byteSize } == [1, 2, 4, 8])
    }

    @Test func orderIsByFileThenPlace() {
        let places = [("b.c", 1, 1), ("a.c", 2, 1), ("a.c", 1, 9), ("a.c", 1, 2)].map {
            SourceLocation(file: $0.0, line: $0.1, column: $0.2)
        }
        #expect(places.sorted() == places.reversed())
        #expect(FunctionReference(name: "f", unit: nil) < FunctionReference(name: "f", unit: "a.c"))
    }
}
