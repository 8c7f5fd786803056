/// One message as pruning sees it: sizes and marks, no text.
package struct BudgetMessage: Sendable, Equatable {
    package enum Role: Sendable {
        /// `system` and `developer`.
        case system
        case user
        case assistant
        /// `tool` and `function`.
        case tool
    }

    /// What a message's `metadata.priority` says.
    package enum Priority: Sendable, Equatable {
        /// As given. Infinity counts as the largest finite number, and what is no number as no mark.
        case number(Double)
        case pinned, high, medium, low
    }

    package var role: Role
    /// Its own, with what the chat template adds for it. Below 0 counts as 0.
    package var tokens: Int
    package var priority: Priority?
    package var isPinned: Bool
    package var isGoal: Bool
    /// The identifiers of the tool calls that it makes.
    package var calls: [String]
    /// The identifier of the call that it answers. A tool message without one answers the last call before it.
    package var answers: String?

    package init(
        role: Role, tokens: Int, priority: Priority? = nil, isPinned: Bool = false, isGoal: Bool = false,
        calls: [String] = [], answers: String? = nil
    ) {
        self.role = role
        self.tokens = tokens
        self.priority = priority
        self.isPinned = isPinned
        self.isGoal = isGoal
        self.calls = calls
        self.answers = answers
    }
}

extension BudgetMessage {
    /// Whether it says itself that it is to be kept; `high` is only a priority.
    var isMarkedPinned: Bool { isPinned || priority == .pinned }

    /// The number that its mark stands for, always finite; nil where there is no mark.
    var markedPriority: Double? {
        switch priority {
        case .number(let number):
            let largest = Double.greatestFiniteMagnitude
            return number.isNaN ? nil : min(max(number, -largest), largest)
        case .pinned, .high: return 100
        case .medium: return 50
        case .low: return 10
        case nil: return isPinned ? 100 : nil
        }
    }
}
