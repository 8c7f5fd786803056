import Orchestrators

/// The orchestration server with two tools more. It takes the commands and settings of `orch`:
///
///     swift run my-server tools list
///     swift run my-server tools run roll_dice --args '{"sides": 20}'
///     swift run my-server serve
@main
enum MyServer {
    static func main() async {
        await OrchestratorProgram.main(tools: [rollDice, appendNote])
    }

    /// Changes nothing and tells nobody anything: it may run without an approval.
    private static let rollDice = SwiftTool(
        name: "roll_dice",
        description: "Rolls dice and adds them up.",
        parameters: #"""
            {"type": "object", "additionalProperties": false, "required": ["sides"],
             "properties": {"sides": {"type": "integer", "minimum": 2, "maximum": 1000},
                            "count": {"type": "integer", "minimum": 1, "maximum": 100}}}
            """#,
        isSafe: true
    ) { arguments in
        let sides = arguments.integer("sides") ?? 6
        let rolls = (0..<(arguments.integer("count") ?? 1)).map { _ in Int.random(in: 1...sides) }
        return "\(rolls.reduce(0, +)) (\(rolls.map(String.init).joined(separator: " + ")))"
    }

    /// Changes something, so a human approves each call: its result waits in `my-server hitl list`.
    private static let appendNote = SwiftTool(
        name: "append_note",
        description: "Keeps a note as long as the server runs.",
        parameters: #"""
            {"type": "object", "additionalProperties": false, "required": ["text"],
             "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 1000}}}
            """#
    ) { arguments in
        let count = await Notes.shared.add(arguments.text("text") ?? "")
        return "kept note \(count)"
    }
}

private actor Notes {
    static let shared = Notes()
    private static let limit = 1000
    private var notes: [String] = []

    func add(_ note: String) -> Int {
        if notes.count == Self.limit { notes.removeFirst() }
        notes.append(note)
        return notes.count
    }
}
