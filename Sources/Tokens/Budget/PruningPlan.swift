/// What pruning keeps and drops, and why.
package struct PruningPlan: Sendable, Equatable {
    /// What becomes of a turn: dropped, or the first reason to keep it.
    package enum Fate: String, Sendable {
        /// The first user message's turn, or one with a message that is marked as the goal.
        case goal
        case lastTurn = "last_turn"
        /// One of its messages is pinned.
        case pinned
        /// It holds the other side of a tool call of what must be kept.
        case toolPair = "tool_pair"
        /// It may be dropped, but need not.
        case fits
        case dropped
    }

    package struct Turn: Sendable, Equatable {
        /// Message indexes; system messages in between are kept whatever the fate.
        package let messages: Range<Int>
        /// The lowest of its messages' numbers. Always finite.
        package let priority: Double
        /// What it takes, without system messages.
        package let tokens: Int
        package let fate: Fate

        package init(messages: Range<Int>, priority: Double, tokens: Int, fate: Fate) {
            self.messages = messages
            self.priority = priority
            self.tokens = tokens
            self.fate = fate
        }
    }

    /// Message indexes, ascending.
    package let kept: [Int]
    /// Message indexes, ascending; never a system message's.
    package let dropped: [Int]
    /// All turns in their order; system messages before the first are in none.
    package let turns: [Turn]
    /// Of all messages, with the overhead; as the budget counts.
    package let tokensBefore: Int
    /// Of what is kept, with the overhead.
    package let tokensAfter: Int
}
