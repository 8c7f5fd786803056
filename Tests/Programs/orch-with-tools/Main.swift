import Orchestrators

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The program with tools for the tests, added as anybody would add theirs.
@main
enum Main {
    static func main() async { await OrchestratorProgram.main(tools: [mark, slow, leak, hog]) }

    /// Adds a line to the file of TEST_MARKS: whoever reads it knows how often the tool ran.
    private static let mark = SwiftTool(
        name: "mark", description: "Leaves a mark, then waits.",
        parameters: #"""
            {"type": "object", "required": ["text"], "additionalProperties": false,
             "properties": {"text": {"type": "string", "maxLength": 200},
                            "wait_ms": {"type": "integer", "minimum": 0, "maximum": 5000}}}
            """#
    ) { arguments in
        try leaveMark(arguments.text("text") ?? "")
        try await Task.sleep(for: .milliseconds(arguments.integer("wait_ms") ?? 0))
        return "marked \(arguments.text("text") ?? "")"
    }

    private static let slow = SwiftTool(
        name: "slow", description: "Takes longer than it may.", parameters: #"{"type": "object"}"#,
        timeout: .milliseconds(50)
    ) { _ in
        try await Task.sleep(for: .seconds(60))
        return "late"
    }

    /// Keeps its thread until the file of TEST_MARKS with `.go` is there, which no tool should.
    private static let hog = SwiftTool(
        name: "hog", description: "Blocks.", parameters: #"{"type": "object"}"#, isSafe: true, timeout: .seconds(60)
    ) { _ in
        try leaveMark("hog")
        guard let path = getenv("TEST_MARKS").map({ String(cString: $0) + ".go" }) else { return "" }
        while access(path, F_OK) != 0 { usleep(1000) }
        return "went on"
    }

    /// Fails with a text of its own.
    private static let leak = SwiftTool(
        name: "leak", description: "Fails.", parameters: #"{"type": "object"}"#
    ) { _ in
        throw SwiftToolError(code: "upstream_down", "the service is down; ask mail@example.org")
    }

    private static func leaveMark(_ text: String) throws {
        guard let path = getenv("TEST_MARKS") else { throw SwiftToolError("TEST_MARKS is not set") }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw SwiftToolError("the marks cannot be opened") }
        defer { close(file) }
        var line = text + "\n"
        let written = line.withUTF8 { write(file, $0.baseAddress, $0.count) }
        guard written == line.utf8.count else { throw SwiftToolError("the mark cannot be written") }
    }
}
