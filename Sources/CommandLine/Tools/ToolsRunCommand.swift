import ArgumentParser
import OrchCore
import OrchOrchestrator
import OrchTools

/// `orch tools run`
struct ToolsRunCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one tool, as the server would: known, arguments, policy, approval, sandbox, run.",
        discussion: """
            A text goes to the tool's first required text argument; --args gives all of them as a JSON object. The \
            exit status is 1 where the result is an error. A receipt is made, and a tool that is not safe waits for an \
            approval, as with the server. Put -- in front of a text that begins with a dash.

            Examples:
              orch tools run safe_calc '2 ** 100'
              orch tools run safe_calc -- '-5 + 3'
              orch tools run echo --args '{"message": "hello"}' --json
            """)

    @Argument(help: "The tool's name.")
    var name: String

    @Argument(help: "The text for its first required text argument.")
    var text: String?

    @Option(help: ArgumentHelp("The arguments, a JSON object.", valueName: "json"))
    var args: String?

    @Option(help: ArgumentHelp("An approval that an operator has given for this call.", valueName: "id"))
    var approval: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard text == nil || args == nil else { throw ValidationError("say the text or --args, not both") }
        _ = try parsedArguments()
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let arguments =
            try parsedArguments()
            ?? textArguments(
                workbench.tools.executor.registry.tool(named: name))
        try await workbench.tools.sweep()
        let caller = Caller.commandLine
        let (result, _) = try await workbench.tools.pipeline.run(
            ToolCall(name, arguments, caller: caller.name), approvalToken: approval, caller: caller,
            request: arguments.serialized)
        let report = ToolRunReport(result: result)
        if output.json || !result.isError {
            try session.print(json: output.json, report.json, orText: "")
            if !output.json { try session.out.write(foreign: result.text + "\n") }
        } else {
            try session.err.write(foreign: report.failure + "\n")
        }
        if result.isError { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func parsedArguments() throws(ValidationError) -> JSONValue? {
        guard let args else { return nil }
        do {
            return try JSONValue(parsing: Array(args.utf8))
        } catch {
            throw ValidationError("--args is not valid JSON: \(error.message)")
        }
    }

    /// The text under the name of the argument that it is for.
    private func textArguments(_ tool: Tool?) throws -> JSONValue {
        // The executor says what is wrong with a tool that is not there.
        guard let text, let tool else { return [:] }
        guard let argument = tool.firstRequiredText else {
            throw CommandFailure(.usage, "\(tool.name) has no required text argument: give its arguments by --args")
        }
        return .object(JSONObject([JSONObject.Member(key: argument, value: .string(text))]))
    }
}

extension Tool {
    /// The first argument that must be there and is a text, by the schema.
    var firstRequiredText: String? {
        let schema = parameters.objectValue
        let properties = schema?["properties"]?.objectValue
        let required = schema?["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return required.first { properties?[$0]?.objectValue?["type"]?.stringValue == "string" }
    }
}

/// What `orch tools run` says.
struct ToolRunReport {
    let result: ToolResult

    /// What went wrong, and where.
    var failure: String {
        guard case .error(.invalidArguments(let violation)) = result.outcome else { return result.text }
        return "\(result.text) \(violation.path) \(violation.problem)"
    }

    /// `{"result":{…}}`, as POST /v1/tools/execute has it.
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("result")
        result.write(to: &writer)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
