package import OrchTokens

/// What the commands about tokens work with.
package struct TokenBench: Sendable {
    package var catalog: TokenizerCatalog
    /// ORCH_MODEL_CHAT, which counts where no model is named.
    package var defaultModel: String
    /// ORCH_MAX_TOKENS; 0 is no limit.
    package var budget: Int
    package var strategy: PruningStrategy

    package init(
        catalog: TokenizerCatalog, defaultModel: String, budget: Int, strategy: PruningStrategy = .recency
    ) {
        self.catalog = catalog
        self.defaultModel = defaultModel
        self.budget = budget
        self.strategy = strategy
    }
}
