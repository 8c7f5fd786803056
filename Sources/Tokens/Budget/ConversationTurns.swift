/// The turns of a conversation: a user message and what follows it up to the next.
///
/// What stands before the first user message, such as an assistant's greeting, is a turn of its own: the oldest, which
/// may be dropped like any other, and not the goal. System messages at the very start belong to no turn.
package struct ConversationTurns: Sendable, Equatable {
    /// Of message indexes, ascending, without gaps from the first turn to the last message. System messages may stand
    /// inside, but are not the turn's: they are kept when it is dropped, and neither its size nor its priority.
    package let ranges: [Range<Int>]
    /// The place of the first user message's turn.
    package let goal: Int?

    package init(_ messages: [BudgetMessage]) {
        var starts: [Int] = []
        var goal: Int?
        for (index, message) in messages.enumerated() {
            switch message.role {
            case .user:
                goal = goal ?? starts.count
                starts.append(index)
            case .assistant, .tool:
                if starts.isEmpty { starts.append(index) }
            case .system: break
            }
        }
        ranges = zip(starts, starts.dropFirst() + [messages.count]).map { $0..<$1 }
        self.goal = goal
    }
}
