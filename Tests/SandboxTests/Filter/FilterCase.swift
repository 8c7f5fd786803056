import Testing

@testable import OrchSandbox

/// The standard list's program for an architecture.
struct FilterCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let table: SystemCallTable
    private let program: Result<FilterMachine, any Error>

    private init(_ name: String, _ table: SystemCallTable) {
        testDescription = name
        self.table = table
        program = Result { try FilterMachine(FilterProgram(.standard, table: table).bytes) }
    }

    static let x86 = FilterCase("x86_64", .x86)
    static let arm = FilterCase("aarch64", .arm)

    /// Also that of the build, where there is one.
    static let all = [x86, arm] + (SystemCallTable.native.architecture == nil ? [] : [native])

    private static let native = FilterCase("this build", .native)

    func bytes() throws -> [UInt8] { try FilterProgram(.standard, table: table).bytes }

    func machine() throws -> FilterMachine { try program.get() }

    func call(_ number: UInt32, _ arguments: [UInt64]) -> FilterMachine.Call {
        FilterMachine.Call(number: number, architecture: table.architecture ?? 0, arguments: arguments)
    }
}

extension FilterMachine {
    func answer(_ call: Call) throws -> ExpectedCalls.Answer { ExpectedCalls.Answer(try run(call).answer) }
}
