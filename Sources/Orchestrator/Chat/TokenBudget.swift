import OrchCore
package import OrchTokens

/// How large the input of a model may be, and what gives way where it is larger.
package struct TokenBudget: Sendable {
    /// ORCH_MAX_TOKENS; 0 is no limit.
    package var maximumTokens: Int
    /// ORCH_PRUNE_STRATEGY.
    package var strategy: PruningStrategy
    /// ORCH_AGENT_PROMPT_ALLOW_OVERBUDGET.
    package var allowsLongPrompts: Bool

    package init(maximumTokens: Int, strategy: PruningStrategy = .recency, allowsLongPrompts: Bool = false) {
        self.maximumTokens = maximumTokens
        self.strategy = strategy
        self.allowsLongPrompts = allowsLongPrompts
    }

    /// Which messages of a request fit; nil where all do.
    ///
    /// - Throws: ``BudgetError`` where what must be kept does not fit.
    func pruning(_ request: ChatRequest, _ count: InputCount) throws(BudgetError) -> PruningPlan? {
        guard maximumTokens > 0, count.total > maximumTokens else { return nil }
        let pruner = Pruner(budget: maximumTokens, overhead: count.overhead, strategy: strategy)
        return try pruner.plan(
            zip(request.messages, count.messages).map { BudgetMessage($0, tokens: $1) })
    }

    /// The part of the budget that is used, to four places; nil where there is none.
    func utilization(of tokens: Int) -> Double? {
        guard maximumTokens > 0 else { return nil }
        return (Double(tokens) / Double(maximumTokens) * 10_000).rounded() / 10_000
    }
}

extension BudgetMessage {
    /// A message with the hints that it carries.
    init(_ message: ChatMessage, tokens: Int) {
        let hints = PruningHints(message)
        self.init(
            role: Role(message.role), tokens: tokens, priority: hints.priority, isPinned: hints.isPinned,
            isGoal: hints.isGoal,
            calls: message.node["tool_calls"]?.elements.compactMap { $0["id"]?.string } ?? [],
            answers: message.node["tool_call_id"]?.string)
    }
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
            default: node.double.map { .number($0) }
            }
    }
}
