import OrchCore

extension Tool {
    /// Unicode scalars that `echo` takes.
    static let maximumEchoLength = 100_000

    /// Says what it was told.
    package static let echo = Tool(
        name: "echo",
        description: "Repeats a message.",
        parameters: [
            "type": "object",
            "properties": [
                "message": [
                    "type": "string",
                    "description": "The text to repeat.",
                    "maxLength": .integer(maximumEchoLength),
                ]
            ],
            "required": ["message"],
            "additionalProperties": false,
        ],
        safe: true,
        timeout: nil
    ) { arguments in
        ToolOutput("Echo: \(arguments["message"]?.stringValue ?? "")")
    }
}
