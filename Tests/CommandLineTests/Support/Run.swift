import ArgumentParser
import OrchCore
import Testing

@testable import OrchCommandLine

/// What came of a command.
struct Run {
    let status: Int32
    let out: String
    let err: String
    /// The output as it was written.
    var outBytes: [UInt8] = []

    /// The output as the JSON that it must be: one line.
    func json(_ location: SourceLocation = #_sourceLocation) throws -> JSONValue {
        #expect(out.hasSuffix("\n") && out.dropLast().contains("\n") == false, sourceLocation: location)
        return try JSONValue(parsing: Array(out.utf8))
    }

    /// The output's lines of JSON.
    func jsonLines() throws -> [JSONValue] {
        try out.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }
}

/// Runs a command line as the program would.
func orch(
    _ arguments: String..., in environment: CommandEnvironment? = Fixture().environment, lines: [String] = [],
    pieces: [[UInt8]] = [], isTerminal: Bool = false, closesAfter limit: Int = .max
) async -> Run {
    await orch(arguments, in: environment, lines: lines, pieces: pieces, isTerminal: isTerminal, closesAfter: limit)
}

/// The same with the arguments in an array.
func orch(
    _ arguments: [String], in environment: CommandEnvironment? = Fixture().environment, lines: [String] = [],
    pieces: [[UInt8]] = [], isTerminal: Bool = false, closesAfter limit: Int = .max
) async -> Run {
    let screen = Screen(lines: lines, pieces: pieces)
    return await Terminal.$current.withValue(screen.terminal(isTerminal: isTerminal, closesAfter: limit)) {
        await CommandEnvironment.$current.withValue(environment) {
            do {
                var command = try await OrchCommand.asyncParseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return Run(status: 0, out: screen.out, err: screen.err, outBytes: screen.outBytes)
            } catch {
                // What the argument parser itself prints at the end.
                let status = OrchCommand.exitCode(for: error).rawValue
                let message = OrchCommand.fullMessage(for: error, columns: 100)
                return Run(
                    status: status, out: screen.out + (status == 0 ? message : ""),
                    err: screen.err + (status == 0 ? "" : message), outBytes: screen.outBytes)
            }
        }
    }
}
