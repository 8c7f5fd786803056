import OrchCore
import Testing

@testable import OrchTools

@Suite struct BuiltInToolTests {
    private func execute(_ name: String, _ arguments: JSONValue, cap: Int = 4_000) async throws -> ToolResult {
        let executor = ToolExecutor(
            registry: try ToolRegistry([.echo, .safeCalc], patterns: SubstringPatterns()),
            options: .init(maximumOutputCharacters: cap))
        return await JudgedExecutor(executor: executor).execute(name, arguments: arguments).result
    }

    @Test func `both are safe and need no sandbox`() {
        for tool in [Tool.echo, .safeCalc] {
            #expect(tool.safe)
            #expect(!tool.requiresSandbox)
        }
    }

    @Test func `echo says what it was told`() async throws {
        #expect(
            try await execute("echo", ["message": "hi"]).json == #"{"status":"ok","tool":"echo","result":"Echo: hi"}"#)
        #expect(try await execute("echo", ["message": ""]).outcome == .ok(result: "Echo: ", truncated: false))
    }

    @Test func `echo takes a hundred thousand characters and not one more`() async throws {
        let longest = String(repeating: "é", count: 100_000)
        let result = try await execute("echo", ["message": .string(longest)], cap: 200_000)
        #expect(result.outcome == .ok(result: "Echo: " + longest, truncated: false))
        let refused = try await execute("echo", ["message": .string(longest + "e")])
        #expect(refused.json.contains(#""where":"args.message""#))
    }

    @Test(arguments: [#"{}"#, #"{"message":1}"#, #"{"message":null}"#, #"{"message":"a","more":1}"#])
    func `echo refuses other arguments`(arguments: String) async throws {
        #expect(try await execute("echo", JSONValue(text: arguments)).json.contains(#""error":"invalid_args""#))
    }

    @Test func `safe_calc calculates`() async throws {
        #expect(
            try await execute("safe_calc", ["expression": "2 * (3 + 4)"]).json
                == #"{"status":"ok","tool":"safe_calc","result":"14"}"#)
    }

    @Test func `a long number is cut and marked`() async throws {
        let result = try await execute("safe_calc", ["expression": "10**9999"])
        #expect(result.outcome == .ok(result: "1" + String(repeating: "0", count: 3_999), truncated: true))
    }

    @Test func `safe_calc says why it has no result`() async throws {
        let rest = #""code":"division_by_zero","message":"division by zero (character 2)""#
        #expect(
            try await execute("safe_calc", ["expression": "1/0"]).json
                == #"{"status":"error","tool":"safe_calc","error":"tool_failed",\#(rest)}"#)
    }

    @Test func `safe_calc refuses an expression that is too long as an argument`() async throws {
        let long = String(repeating: "1", count: 1_001)
        #expect(try await execute("safe_calc", ["expression": .string(long)]).json.contains("invalid_args"))
    }
}
