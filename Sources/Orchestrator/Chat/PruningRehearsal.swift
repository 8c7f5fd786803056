package import OrchTokens

/// What pruning would do to a request, without doing it.
package struct PruningRehearsal: Sendable {
    package struct Outcome: Sendable {
        /// The vocabulary's name.
        package var tokenizer: String
        package var isFallback: Bool
        package var budget: Int
        package var pruned: PrunedRequest
        /// Of each message.
        package var roles: [String]
        package var messageTokens: [Int]
        /// Tokens of what stands beside the messages.
        package var overhead: Int
    }

    private let catalog: TokenizerCatalog
    private let budget: TokenBudget

    package init(catalog: TokenizerCatalog, budget: TokenBudget) {
        self.catalog = catalog
        self.budget = budget
    }

    /// Prunes a chat request as the server does, its agent's prompt aside.
    ///
    /// - Parameters:
    ///   - model: Counts in the place of the request's own.
    ///   - defaultModel: Counts where the request names none.
    /// - Throws: ``PipelineError`` for a body that is no chat request; ``BudgetError`` where what must be kept does not
    ///   fit.
    package func outcome(for body: [UInt8], model: String?, defaultModel: String) async throws -> Outcome {
        let request = try ChatRequest(parsing: body)
        let counter = catalog.counter(for: model ?? request.model ?? defaultModel)
        let count = InputCount(of: request, promptTokens: nil, by: counter)
        let pruned = try await budget.pruned(request, count) ?? unpruned(request, count)
        return Outcome(
            tokenizer: counter.name, isFallback: counter.isFallback, budget: budget.maximumTokens, pruned: pruned,
            roles: request.messages.map(\.role.rawValue), messageTokens: count.messages, overhead: count.overhead)
    }

    private func unpruned(_ request: ChatRequest, _ count: InputCount) throws -> PrunedRequest {
        let pruner = Pruner(budget: budget.maximumTokens, overhead: count.overhead)
        let plan = try pruner.plan(zip(request.messages, count.messages).map { BudgetMessage($0, tokens: $1) })
        return PrunedRequest(plan: plan, strategy: "recency")
    }
}
