import OrchCore
import OrchTokens

extension BudgetMessage {
    /// A message with the hints that it carries.
    init(_ message: ChatMessage, tokens: Int) {
        let hints = PruningHints(message)
        self.init(
            role: Role(message.role), tokens: tokens, priority: hints.priority, isPinned: hints.isPinned,
            isGoal: hints.isGoal,
            calls: Self.calls(of: message), answers: Self.answered(by: message))
    }

    /// The ids of its calls. Functions of the older form have their names for that; a call that has none has an id that
    /// nobody names, so that what follows can still be its answer.
    private static func calls(of message: ChatMessage) -> [String] {
        var calls = message.node["tool_calls"]?.elements.map { $0["id"]?.string ?? "" } ?? []
        if let name = message.node["function_call"]?["name"]?.string { calls.append(functionID(name)) }
        return calls
    }

    private static func answered(by message: ChatMessage) -> String? {
        if let id = message.node["tool_call_id"]?.string { return id }
        return message.role == .function ? message.node["name"]?.string.map(functionID) : nil
    }

    private static func functionID(_ name: String) -> String { "function \(name)" }

    /// Whether its caller said that it is to be kept.
    var isMarked: Bool { isPinned || isGoal || priority == .pinned }
}

extension BudgetMessage.Role {
    init(_ role: ChatMessage.Role) {
        self =
            switch role {
            case .system, .developer: .system
            case .user: .user
            case .assistant: .assistant
            case .tool, .function: .tool
            }
    }
}

/// What a caller says of a message's worth: `pinned`, and `metadata` with `pinned`, `goal` and `priority`.
private struct PruningHints {
    var isPinned = false
    var isGoal = false
    var priority: BudgetMessage.Priority?

    init(_ message: ChatMessage) {
        guard message.hasHints else { return }
        let metadata = message.node["metadata"]
        isPinned = message.node["pinned"]?.bool ?? false || metadata?["pinned"]?.bool ?? false
        // A goal may be said in words; any but none marks the message.
        isGoal = metadata?["goal"]?.bool ?? !(metadata?["goal"]?.string ?? "").isEmpty
        guard let node = metadata?["priority"] else { return }
        priority =
            switch node.string {
            case "pinned": .pinned
            case "high": .high
            case "medium": .medium
            case "low": .low
            default: node.double.map { .number(Self.rounded($0)) }
            }
    }
    /// Receipts hold priorities, and are no place for any number that somebody thinks of.
    private static func rounded(_ number: Double) -> Double {
        guard number.isFinite else { return 0 }
        return (min(max(number, -1000), 1000) * 100).rounded() / 100
    }
}
