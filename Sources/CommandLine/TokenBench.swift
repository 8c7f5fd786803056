package import OrchOrchestrator
package import OrchTokens

/// What the commands about tokens work with.
package struct TokenBench: Sendable {
    package var catalog: TokenizerCatalog
    /// ORCH_MODEL_CHAT, which counts where no model is named.
    package var defaultModel: String
    /// As requests are held to it.
    package var budget: TokenBudget
    /// nil where no embedder is installed.
    package var relevance: RelevanceRanking?

    package init(
        catalog: TokenizerCatalog, defaultModel: String, budget: TokenBudget, relevance: RelevanceRanking? = nil
    ) {
        self.catalog = catalog
        self.defaultModel = defaultModel
        self.budget = budget
        self.relevance = relevance
    }
}
