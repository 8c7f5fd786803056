import OrchCore

extension Tool {
    /// The value of a Python expression, from the sandbox.
    package static let pythonEval = Tool(
        name: "python_eval",
        description: """
            Evaluates one Python expression in a sandbox without network or files. The answer holds value (as repr \
            writes it), stdout, stderr and error (the traceback, or null).
            """,
        parameters: python("expression", "The expression, for example sum(range(10))."),
        safe: false, command: SandboxCommand(program: .pythonExpression("expression")), timeout: nil)

    /// What Python statements print, and the value of the last, from the sandbox.
    package static let pythonExec = Tool(
        name: "python_exec",
        description: """
            Runs Python code in a sandbox without network or files; only /tmp can be written, and is empty each time. \
            The answer holds value (of the last line where it is an expression, else null), stdout, stderr and error \
            (the traceback, or null).
            """,
        parameters: python("code", "The code."),
        safe: false, command: SandboxCommand(program: .pythonCode("code")), timeout: nil)

    /// Unicode scalars of code.
    private static let maximumCode = 65_536

    private static func python(_ name: String, _ meaning: String) -> JSONValue {
        [
            "type": "object",
            "properties": .object(
                JSONObject([
                    JSONObject.Member(
                        key: name,
                        value: [
                            "type": "string", "description": .string(meaning), "minLength": 1,
                            "maxLength": .integer(maximumCode),
                        ])
                ])),
            "required": .array([.string(name)]),
            "additionalProperties": false,
        ]
    }
}
