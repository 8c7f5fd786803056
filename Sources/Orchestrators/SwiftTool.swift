import OrchCore
import OrchTools

/// A tool in Swift, for ``OrchestratorProgram/main(tools:)``.
public struct SwiftTool: Sendable {
    /// Letters, digits, `_`, `.` and `-`, at most 64 of them.
    public var name: String
    /// What it does, for people and models.
    public var description: String
    /// A JSON Schema of the arguments, whose type is object. Arguments that do not fit never reach the tool.
    ///
    /// The subset of draft 2020-12 that docs/tools-and-policy.md lists; a keyword outside of it stops the start.
    public var parameters: String
    /// Whether it may run without an approval: only if it changes nothing and tells nobody anything.
    public var isSafe: Bool
    /// How long one call may take, from a millisecond to an hour; then its task is cancelled.
    public var timeout: Duration
    /// Does the work, and gives the text of the result. It is scrubbed and capped before anybody sees it.
    ///
    /// It runs on threads for tools, apart from those of requests, and should end soon after its task is cancelled.
    ///
    /// The message of a thrown ``SwiftToolError`` is shown to the caller; of any other error nothing is.
    public var run: @Sendable (ToolArguments) async throws -> String

    /// Describes a tool; it is checked when the program starts.
    public init(
        name: String, description: String, parameters: String, isSafe: Bool = false, timeout: Duration = .seconds(10),
        run: @escaping @Sendable (ToolArguments) async throws -> String
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isSafe = isSafe
        self.timeout = timeout
        self.run = run
    }

    /// The tool as the program has it.
    ///
    /// - Throws: ``ToolError`` where the parameters are no JSON, or the timeout is none. The registry checks the rest.
    func registered() throws(ToolError) -> Tool {
        guard (.milliseconds(1)...(.seconds(3600))).contains(timeout) else {
            throw ToolError(.invalidTimeout, "tool \(name): its timeout is not from a millisecond to an hour")
        }
        let schema: JSONValue
        do { schema = try JSONValue(parsing: Array(parameters.utf8)) } catch {
            throw ToolError(.invalidSchema, "tool \(name): its parameters are no JSON: \(error.message)")
        }
        let run = run
        return Tool(name: name, description: description, parameters: schema, safe: isSafe, timeout: timeout) {
            object in
            do { return ToolOutput(try await run(ToolArguments(object))) } catch let error as SwiftToolError {
                throw ToolFailure.failed(code: error.code, message: error.message)
            }
        }
    }
}

/// The arguments of a call, which fit the tool's schema.
public struct ToolArguments: Sendable {
    private let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    /// All of them as JSON, for decoding.
    public var json: String { String(decoding: JSONValue.object(object).serialized, as: UTF8.self) }

    /// The text of this name; nil where there is none.
    public func text(_ name: String) -> String? { object[name]?.stringValue }

    /// The whole number of this name; nil where there is none, or it is beyond 64 bits.
    public func integer(_ name: String) -> Int? { object[name]?.intValue }

    /// The number of this name; nil where there is none.
    public func number(_ name: String) -> Double? { object[name]?.doubleValue }

    /// The truth value of this name; nil where there is none.
    public func bool(_ name: String) -> Bool? { object[name]?.boolValue }
}

/// A failure of a tool's own, which its caller may see.
public struct SwiftToolError: Error {
    /// A stable word for programs, such as `upstream_down`.
    public var code: String?
    /// What is wrong, for people.
    public var message: String

    /// A failure with a message for people, and a word for programs where there is one.
    public init(code: String? = nil, _ message: String) {
        self.code = code
        self.message = message
    }
}
