/// What a line of the conversation is.
enum ChatLine: Equatable {
    case question(String)
    case trace, memory, help, quit
    case empty

    init(_ line: String) {
        let text = line.trimmed
        switch text.lowercased() {
        case "": self = .empty
        case "trace": self = .trace
        case "memory": self = .memory
        case "help": self = .help
        case "quit", "exit": self = .quit
        default: self = .question(text)
        }
    }

    static let summary = """
          trace    what was decided on the way of the last answer
          memory   what goes along with the next question, at most \(ChatHistory.maximumMessages) messages
          help     this
          quit     the end

        Rules decide what goes to a tool: `calculate 2 + 2`, `echo hello`. Anything else is the model's.
        """
}

extension String {
    /// Without white space around it.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
