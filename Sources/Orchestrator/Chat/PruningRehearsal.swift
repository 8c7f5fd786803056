package import OrchTokens

/// What pruning would do to a request, without doing it.
package struct PruningRehearsal: Sendable {
    package struct Outcome: Sendable {
        /// The vocabulary's name.
        package var tokenizer: String
        package var isFallback: Bool
        package var budget: Int
        package var plan: PruningPlan
        /// Of each message.
        package var roles: [String]
        package var messageTokens: [Int]
        /// Tokens of what stands beside the messages.
        package var overhead: Int
    }

    private let catalog: TokenizerCatalog
    private let strategy: PruningStrategy

    package init(catalog: TokenizerCatalog, strategy: PruningStrategy) {
        self.catalog = catalog
        self.strategy = strategy
    }

    /// Prunes a chat request as the server does, its agent's prompt aside.
    ///
    /// - Parameters:
    ///   - model: Counts in the place of the request's own.
    ///   - defaultModel: Counts where the request names none.
    ///   - budget: Tokens; 0 is no limit.
    /// - Throws: ``PipelineError`` for a body that is no chat request; ``BudgetError`` where what must be kept does not
    ///   fit.
    package func outcome(for body: [UInt8], model: String?, defaultModel: String, budget: Int) throws -> Outcome {
        let request = try ChatRequest(parsing: body)
        let counter = catalog.counter(for: model ?? request.model ?? defaultModel)
        let count = InputCount(of: request, promptTokens: nil, by: counter)
        let pruner = Pruner(budget: budget, overhead: count.overhead, strategy: strategy)
        let plan = try pruner.plan(zip(request.messages, count.messages).map { BudgetMessage($0, tokens: $1) })
        return Outcome(
            tokenizer: counter.name, isFallback: counter.isFallback, budget: budget, plan: plan,
            roles: request.messages.map(\.role.rawValue), messageTokens: count.messages, overhead: count.overhead)
    }
}
