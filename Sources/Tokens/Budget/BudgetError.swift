import OrchCore

/// What must be kept does not fit the budget.
package struct BudgetError: CodedError, Equatable {
    /// The tokens of what must be kept, with the overhead.
    package let needed: Int
    /// The tokens that there are.
    package let budget: Int
    package var codeName: String { "context_length_exceeded" }

    package var message: String {
        """
        what must be kept (system messages, tools, the first question and its answer, the last turn, what is pinned, \
        and their tool calls) takes \(needed) tokens, and the budget is \(budget): shorten or unpin messages, or raise \
        ORCH_MAX_TOKENS
        """
    }

    package init(needed: Int, budget: Int) {
        self.needed = needed
        self.budget = budget
    }
}
